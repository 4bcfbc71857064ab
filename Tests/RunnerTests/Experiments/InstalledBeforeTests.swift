import Foundation
import Processes
import Testing

@testable import Runner

/// What of a developer's tree nobody has who begins.
@Suite struct InstalledBeforeTests {
  private func tree() throws -> TemporaryTree {
    let tree = try TemporaryTree()
    for name in [
      "app.py", ".gitignore", "web/index.js", "web/node_modules/a/index.js", "my env/pyvenv.cfg",
      "my env/bin/python", "dist/app.js", "logs/today.txt", ".env", "src/build/kept.txt",
      "src/build/made.o",
    ] {
      try tree.write(
        "app/\(name)", name == ".gitignore" ? "node_modules\n/dist/\nlogs\n.env\n*.o\n" : name)
    }
    return tree
  }

  private func directories(in tree: TemporaryTree) async throws -> [String] {
    try tree.write("ledger/.keep", "")
    return await InstalledBefore.directories(
      in: tree.inner("app"), ledger: ProcessLedger(directory: tree.inner("ledger")))
  }

  @Test("directories that git ignores, and environments that it doesn't; ignored files stay")
  func repository() async throws {
    let tree = try tree()
    for arguments in [["init", "--quiet"], ["add", "."]] {
      _ = try await Command.output(of: ["git"] + arguments, in: tree.inner("app"))
    }
    // A part of a repository as well as all of it.
    #expect(try await directories(in: tree) == ["dist", "logs", "my env", "web/node_modules"])
  }

  @Test("without a repository what packages are known to be installed into")
  func plain() async throws {
    #expect(try await directories(in: tree()) == ["my env", "web/node_modules"])
  }

  @Test(
    "git's list is read, and a tree that is ignored as a whole has no parts that are",
    arguments: [
      ("a/b/\0c d/\0file\0", ["a/b", "c d"]), ("./\0", []), ("", []), ("../x/\0", []),
    ])
  func list(text: String, names: [String]) {
    #expect(InstalledBefore.directories(listedBy: text) == names)
  }

  @Test("what is left out isn't copied, wherever it lies, and all else is")
  func copy() async throws {
    let tree = try tree()
    try tree.write("copy/.keep", "")
    let before = try Snapshot(tree.inner("app"), times: true)
    _ = try await Workspace(
      copying: tree.inner("app"), to: tree.inner("copy"), edits: [],
      leavingOut: ["dist", "my env", "web/node_modules"])
    let names = try Snapshot(tree.inner("copy")).names
    #expect(
      names == [
        ".env", ".gitignore", ".keep", "app.py", "logs", "logs/today.txt", "src", "src/build",
        "src/build/kept.txt", "src/build/made.o", "web", "web/index.js",
      ])
    #expect(try Snapshot(tree.inner("app"), times: true) == before)
  }
}
