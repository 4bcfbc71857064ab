import Foundation
import Glibc

/// A directory that is gone when the last reference is.
final class TemporaryTree: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("devbench-runner-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      print("\(path) stays: \(error)")
    }
  }

  func inner(_ name: String) -> String { "\(path)/\(name)" }

  func write(_ name: String, _ text: String, mode: mode_t = 0o644) throws {
    let url = URL(fileURLWithPath: inner(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
    guard chmod(url.path, mode) == 0 else { throw POSIXError(.EPERM) }
  }

  func link(_ name: String, to destination: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: inner(name), withDestinationPath: destination)
  }

  func text(_ name: String) throws -> String {
    try String(contentsOfFile: inner(name), encoding: .utf8)
  }
}

/// All that a tree holds: two trees are the same if their snapshots are equal.
struct Snapshot: Equatable, CustomStringConvertible {
  private var entries: [String: String] = [:]

  /// - Parameter times: whether modification times count.
  init(_ root: String, times: Bool = false) throws {
    guard let walk = FileManager.default.enumerator(atPath: root) else {
      throw CocoaError(.fileReadNoSuchFile)
    }
    for case let name as String in walk {
      let path = "\(root)/\(name)"
      var status = stat()
      guard lstat(path, &status) == 0 else { throw CocoaError(.fileReadNoSuchFile) }
      var entry = String(status.st_mode, radix: 8)
      switch status.st_mode & S_IFMT {
      case S_IFLNK:
        entry += " → " + (try FileManager.default.destinationOfSymbolicLink(atPath: path))
      case S_IFREG:
        entry += " " + (try Data(contentsOf: URL(fileURLWithPath: path)).base64EncodedString())
      default: break
      }
      if times { entry += " \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)" }
      entries[name] = entry
    }
  }

  var names: [String] { entries.keys.sorted() }
  var description: String {
    entries.sorted { $0.key < $1.key }.map { "\($0)" }.joined(separator: "\n")
  }
}

func status(of path: String) throws -> stat {
  var status = stat()
  guard lstat(path, &status) == 0 else { throw CocoaError(.fileReadNoSuchFile) }
  return status
}
