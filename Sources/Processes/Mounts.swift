import Foundation
import Glibc

/// File systems that are mounted below a directory.
package enum Mounts {
  /// Where they are, the innermost first.
  ///
  /// - Parameter table: the lines of /proc/self/mountinfo.
  static func places(below directory: String, in table: String) -> [String] {
    MountTable(parsing: table).entries.map(\.place).filter { $0.hasPrefix("\(directory)/") }
      .reversed()
  }

  /// Unmounts all of them; one that is still in use goes when it isn't any more.
  ///
  /// - Throws: `mounted` if one stays, or nothing tells: what removes the directory would go into it.
  package static func detachAll(below directory: String) throws(ProcessFailure) {
    try detachAll(below: directory, reading: MountTable.currentText)
  }

  /// - Parameter readTable: gives the lines of /proc/self/mountinfo; nil if they can't be read.
  static func detachAll(
    below directory: String, reading readTable: () -> String?
  ) throws(ProcessFailure) {
    guard let resolved = realpath(directory, nil) else { return }
    defer { free(resolved) }
    let real = String(cString: resolved)
    func places() throws(ProcessFailure) -> [String] {
      guard let table = readTable() else {
        throw .mounted(
          in: directory, reason: "/proc/self/mountinfo can't be read, which tells what is mounted")
      }
      return Self.places(below: real, in: table)
    }
    var reason = ""
    for place in try places() where umount2(place, Int32(MNT_DETACH)) != 0 {
      reason = String(cString: strerror(errno))
    }
    if let left = try places().first {
      throw .mounted(
        in: directory,
        reason: "\(left) can't be unmounted" + (reason.isEmpty ? "" : ": \(reason)"))
    }
  }
}
