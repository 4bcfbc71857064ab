import Foundation

/// The scratch directory of one run: workspaces, and records of the processes that were started.
package struct RunDirectory: Sendable, Hashable {
  package let path: String

  package var ledger: ProcessLedger { ProcessLedger(directory: "\(path)/processes") }

  /// Makes a new directory in it.
  package func makeDirectory(_ name: String) throws -> String {
    let path = "\(path)/\(name)"
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    return path
  }

  /// Removes the directory and all in it, and the short directories that its own record; what is mounted in it
  /// is unmounted first; if that can't be, nothing is removed. One that is gone already is no error.
  package func remove() throws {
    try Mounts.detachAll(below: path)
    for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] {
      ShortDirectory(of: "\(path)/\(name)")?.remove()
    }
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch let error as CocoaError where error.code == .fileNoSuchFile {
      return
    }
  }
}
