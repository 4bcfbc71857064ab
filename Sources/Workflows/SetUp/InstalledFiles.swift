import FileSync
import Foundation
import Glibc

/// What was installed into a tree, file by file.
struct InstalledFiles {
  private let tree: String

  init(in tree: String) { self.tree = tree }

  /// - Parameter roots: files and directories, relative to the tree.
  /// - Throws: what keeps one from being read; one that goes meanwhile is none.
  func entries(below roots: [String]) throws -> [String: SetUpContents.Entry] {
    var entries: [String: SetUpContents.Entry] = [:]
    var waiting = roots
    while let path = waiting.popLast() {
      guard let (entry, isDirectory) = try entry(path) else { continue }
      entries[path] = entry
      guard isDirectory else { continue }
      try Task.checkCancellation()
      let names = try FileManager.default.contentsOfDirectory(atPath: "\(tree)/\(path)")
      waiting += names.map { "\(path)/\($0)" }
    }
    return entries
  }

  private func entry(_ path: String) throws -> (SetUpContents.Entry, isDirectory: Bool)? {
    let full = "\(tree)/\(path)"
    var status = stat()
    guard lstat(full, &status) == 0 else { return nil }
    let (mode, type) = (Int(status.st_mode & 0o7777), status.st_mode & S_IFMT)
    let owner = "\(status.st_uid):\(status.st_gid)"
    switch type {
    case S_IFDIR: return (.init(kind: "directory", mode: mode, owner: owner), true)
    case S_IFLNK:
      let target = try FileManager.default.destinationOfSymbolicLink(atPath: full)
      return (.init(kind: "symbolic link", mode: mode, owner: owner, link: target), false)
    case S_IFREG:
      return (
        .init(
          kind: "file", mode: mode, owner: owner, size: Int64(status.st_size),
          digest: try FileDigest.sha256(of: full)), false
      )
    default: return (.init(kind: "special file", mode: mode, owner: owner), false)
    }
  }
}
