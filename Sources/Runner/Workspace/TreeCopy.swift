import Foundation
import Glibc
import Processes

/// A copy of a directory tree that lives on its own.
enum TreeCopy {
  /// Copies everything but version control's own directories and the results of devbench.
  ///
  /// Links are kept as links, but none leads back: one to a place inside the tree leads to the copy's,
  /// one that leads out of the tree leads to where it led before.
  static func copy(_ source: String, to target: String) async throws(RunFailure) {
    do {
      // cp(1) knows sparse files, extended attributes, cheap copies of file systems that have them.
      _ = try await Command.output(
        of: ["cp", "-a", "--reflink=auto", "--", "\(source)/.", target], limit: .seconds(600))
    } catch {
      throw .workspace("the app's sources can't be copied to \(target): \(error)")
    }
    do {
      for name in [".git", ".hg", ".svn", ".devbench"] where exists("\(target)/\(name)") {
        try FileManager.default.removeItem(atPath: "\(target)/\(name)")
      }
      try relink(source: source, target: target)
    } catch {
      throw .workspace(
        "the copy of the app's sources can't be prepared: \(error.localizedDescription)")
    }
  }

  private static func relink(source: String, target: String) throws {
    // A link may name the tree by its real path or by the one that the scenario was found at.
    let sources = Set([real(source), URL(fileURLWithPath: source).standardized.path])
    let files = FileManager.default
    guard let walk = files.enumerator(atPath: target) else { return }
    for case let path as String in walk {
      guard walk.fileAttributes?[.type] as? FileAttributeType == .typeSymbolicLink else { continue }
      let link = "\(target)/\(path)"
      let destination = try files.destinationOfSymbolicLink(atPath: link)
      let original = URL(fileURLWithPath: "\(real(source))/\(path)").deletingLastPathComponent()
      let absolute = URL(fileURLWithPath: destination, relativeTo: original).standardized.path
      let tree = sources.first { absolute == $0 || absolute.hasPrefix($0 + "/") }
      if tree != nil && !destination.hasPrefix("/") { continue }
      try files.removeItem(atPath: link)
      try files.createSymbolicLink(
        atPath: link,
        withDestinationPath: tree.map { target + absolute.dropFirst($0.count) } ?? absolute)
    }
  }

  private static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  private static func real(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
