import Foundation
import Glibc

/// A directory under /tmp for sockets whose path would be too long elsewhere: swift-nio takes 103
/// bytes. A link in another directory records it, so that it is found when that one is removed.
package struct ShortDirectory: Sendable, Hashable {
  package let path: String
  private let record: String

  private static let recordName = ".short-directory"
  private static let prefix = "/tmp/devbench-s"

  /// Makes a new one, the user's alone.
  ///
  /// - Parameter directory: where it is recorded.
  package init(recordedIn directory: String) throws(ProcessFailure) {
    record = "\(directory)/\(Self.recordName)"
    path = Self.prefix + String(UInt64.random(in: 0 ... .max), radix: 16)
    // Recorded first: at no moment it is there and nobody knows.
    guard symlink(path, record) == 0, mkdir(path, 0o700) == 0 else {
      let reason = String(cString: strerror(errno))
      throw .unusableState(path: path, reason: reason)
    }
  }

  /// The one that is recorded in a directory; nil if there is none.
  init?(of directory: String) {
    record = "\(directory)/\(Self.recordName)"
    guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: record),
      target.hasPrefix(Self.prefix), target.dropFirst(Self.prefix.count).allSatisfy(\.isHexDigit)
    else { return nil }
    path = target
  }

  /// Removes it with the sockets in it, and the record. What isn't the user's own stays, and what holds
  /// anything else.
  package func remove() {
    var status = stat()
    if lstat(path, &status) == 0, status.st_uid == getuid(), status.st_mode & S_IFMT == S_IFDIR {
      for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] {
        let file = "\(path)/\(name)"
        if lstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK { unlink(file) }
      }
      rmdir(path)
    }
    unlink(record)
  }
}
