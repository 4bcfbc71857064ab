import Foundation
import Processes

/// Directories of a developer's tree that nobody has who begins: what was installed or built into them.
enum InstalledBefore {
  private static let limit: Duration = .seconds(20)

  /// Relative to the tree, sorted; none of them is inside of another.
  ///
  /// Directories that git ignores, where the tree is a repository's; and in any case `node_modules`, and Python's
  /// virtual environments, which a file tells (PEP 405, “pyvenv.cfg”). Ignored files stay: they are settings at
  /// least as often as they are made by a tool.
  static func directories(in tree: String, ledger: ProcessLedger) async -> [String] {
    let ignored = await ignored(in: tree, ledger: ledger)
    let all = Set(ignored).union(known(in: tree, leavingOut: Set(ignored)))
    return all.filter { path in !all.contains { path.hasPrefix("\($0)/") } }.sorted()
  }

  /// What git says; none where there is no git, or no repository of the user's.
  private static func ignored(in tree: String, ledger: ProcessLedger) async -> [String] {
    // Nothing of the repository is written, and no program that it names is run.
    var invocation = Invocation(command: [
      "git", "-c", "core.fsmonitor=false", "ls-files", "--others", "--ignored",
      "--exclude-standard",
      "--directory", "-z",
    ])
    invocation.environment = ["GIT_OPTIONAL_LOCKS": "0"]
    invocation.directory = tree
    invocation.ledger = ledger
    guard let result = try? await invocation.run(limit: limit), result.exit == .exited(0) else {
      return []
    }
    return directories(listedBy: String(decoding: result.output, as: UTF8.self))
  }

  /// - Parameter text: of `git ls-files --directory -z`, where a directory's name ends with a slash; one for the
  ///   tree itself says that all of it is ignored, and so nothing about its parts.
  static func directories(listedBy text: String) -> [String] {
    text.split(separator: "\0").filter { $0.hasSuffix("/") && $0 != "./" && !$0.hasPrefix("../") }
      .map { String($0.dropLast()) }
  }

  private static func known(in tree: String, leavingOut ignored: Set<String>) -> [String] {
    var found: [String] = []
    guard let walk = FileManager.default.enumerator(atPath: tree) else { return [] }
    for case let path as String in walk {
      guard walk.fileAttributes?[.type] as? FileAttributeType == .typeDirectory else { continue }
      let name = (path as NSString).lastPathComponent
      if ignored.contains(path) || name == ".git" {
        walk.skipDescendants()
      } else if name == "node_modules"
        || FileManager.default.fileExists(atPath: "\(tree)/\(path)/pyvenv.cfg")
      {
        found.append(path)
        walk.skipDescendants()
      }
    }
    return found
  }
}
