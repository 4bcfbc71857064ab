import Foundation
import Glibc
import Processes

/// A copy of a directory tree that lives on its own.
enum TreeCopy {
  /// Copies everything but version control's own directories and the results of devbench.
  ///
  /// Links are kept as links, but none leads back: one to a place inside the tree leads to the copy's,
  /// one that leads out of the tree leads to where it led before.
  ///
  /// - Parameter leftOut: further paths that aren't copied, relative to the source.
  static func copy(
    _ source: String, to target: String, leavingOut leftOut: Set<String> = []
  ) async throws(RunFailure) {
    try await copyContent(of: source, to: target, leavingOut: left.union(leftOut))
    do {
      try relink(source: source, target: target)
    } catch {
      throw .workspace(
        "the copy of the app's sources can't be prepared: \(error.localizedDescription)")
    }
  }

  private static func copyContent(
    of source: String, to target: String, leavingOut leftOut: Set<String>
  ) async throws(RunFailure) {
    var names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: source)
        .filter { !leftOut.contains($0) }
    } catch {
      throw .workspace("the app's sources can't be read: \(error.localizedDescription)")
    }
    // A directory that lacks something in it is made here, and filled by itself.
    for name in names {
      let inner = Set(
        leftOut.compactMap { path in
          path.hasPrefix("\(name)/") ? String(path.dropFirst(name.count + 1)) : nil
        })
      guard !inner.isEmpty else { continue }
      names.removeAll { $0 == name }
      do {
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(source)/\(name)")
        try FileManager.default.createDirectory(
          atPath: "\(target)/\(name)", withIntermediateDirectories: false,
          attributes: attributes.filter { $0.key == .posixPermissions })
      } catch {
        throw .workspace(
          "the app's sources can't be copied to \(target): \(error.localizedDescription)")
      }
      try await copyContent(
        of: "\(source)/\(name)", to: "\(target)/\(name)", leavingOut: inner)
    }
    // A command line has room for a hundred names of any length.
    for start in stride(from: 0, to: names.count, by: 100) {
      let some = names[start..<min(start + 100, names.count)].map { "\(source)/\($0)" }
      do {
        // cp(1) knows sparse files, extended attributes, cheap copies of file systems that have them.
        _ = try await Command.output(
          of: ["cp", "-a", "--reflink=auto", "--target-directory", target, "--"] + some,
          limit: .seconds(600))
      } catch {
        throw .workspace("the app's sources can't be copied to \(target): \(error)")
      }
    }
  }

  private static let left: Set<String> = [".git", ".hg", ".svn", ".devbench"]

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

  private static func real(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
