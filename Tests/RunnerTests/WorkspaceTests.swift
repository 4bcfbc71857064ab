import Foundation
import Glibc
import Scenarios
import Statistics
import Testing

@testable import Runner

@Suite(.serialized) struct WorkspaceTests {
  /// An app's sources and a place for the copy.
  struct Fixture {
    let directory: TemporaryTree
    var source: String { directory.inner("source") }
    var copy: String { directory.inner("copy") }

    init() throws {
      directory = try TemporaryTree()
      try directory.write("source/app.py", "hello = 'Hello'\nbye = 'Bye'\n")
      try directory.write("source/run.sh", "#!/bin/sh\necho Hello\n", mode: 0o755)
      try directory.write("source/static/style.css", "body {}\n", mode: 0o600)
      try directory.write("source/.git/HEAD", "ref: refs/heads/main\n")
      try directory.write("outside/theirs.txt", "theirs\n")
      try directory.link("source/here", to: "static/style.css")
      try directory.link("source/there", to: "../outside/theirs.txt")
      try directory.link("source/away", to: directory.inner("outside"))
      try directory.link("source/home", to: directory.inner("source/static"))
      try FileManager.default.createDirectory(
        atPath: copy, withIntermediateDirectories: true)
    }

    func workspace(_ edits: Edit...) async throws -> Workspace {
      try await Workspace(copying: source, to: copy, edits: edits)
    }

    func text(_ name: String) throws -> String { try directory.text("copy/\(name)") }
  }

  static func edit(_ name: String, _ changes: Change...) -> Edit {
    Edit(name: name, changes: changes)
  }

  static func replace(
    _ file: String, _ find: String, _ new: String, _ save: SaveStyle = .rename
  ) -> Change {
    Change(file: file, action: .replace(find: find, replacement: new), save: save)
  }

  // MARK: The copy

  @Test("the copy has all files with their modes, and no version control")
  func copy() async throws {
    let fixture = try Fixture()
    _ = try await fixture.workspace()
    #expect(
      try Snapshot(fixture.copy).names == [
        "app.py", "away", "here", "home", "run.sh", "static", "static/style.css", "there",
      ])
    #expect(try status(of: fixture.copy + "/run.sh").st_mode & 0o7777 == 0o755)
    #expect(try status(of: fixture.copy + "/static/style.css").st_mode & 0o7777 == 0o600)
  }

  @Test("18: links into the source lead into the copy, links out of it to where they led")
  func links() async throws {
    let fixture = try Fixture()
    _ = try await fixture.workspace()
    func destination(_ name: String) throws -> String {
      try FileManager.default.destinationOfSymbolicLink(atPath: "\(fixture.copy)/\(name)")
    }
    #expect(try destination("here") == "static/style.css")
    #expect(try destination("home") == fixture.copy + "/static")
    #expect(try destination("away") == fixture.directory.inner("outside"))
    #expect(try fixture.text("there") == "theirs\n")
  }

  @Test("19: a source that is reached through a link is copied, and its links lead into the copy")
  func linkedSource() async throws {
    let fixture = try Fixture()
    let alias = fixture.directory.inner("alias")
    try fixture.directory.link("alias", to: "source")
    try fixture.directory.link("source/named", to: alias + "/app.py")
    _ = try await Workspace(copying: alias, to: fixture.copy, edits: [])
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: fixture.copy + "/named")
        == fixture.copy + "/app.py")
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: fixture.copy + "/home")
        == fixture.copy + "/static")
    #expect(try fixture.text("there") == "theirs\n")
  }

  @Test("18: a recursive link doesn't hang the copy")
  func recursiveLink() async throws {
    let fixture = try Fixture()
    try fixture.directory.link("source/static/up", to: "..")
    try fixture.directory.link("source/self", to: "self")
    _ = try await fixture.workspace()
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: fixture.copy + "/static/up") == ".."
    )
  }

  @Test("names with spaces, newlines, quotes, dashes and UTF-8 are copied and edited")
  func names() async throws {
    let fixture = try Fixture()
    let names = [
      "with space", "new\nline", "quo'te\"s", "-rf", "größe ✓", String(repeating: "n", count: 255),
    ]
    for name in names { try fixture.directory.write("source/\(name)", "Hello\n") }
    let edit = Edit(
      name: "all", changes: names.map { Self.replace($0, "Hello", "{{token}}", .truncate) })
    var workspace = try await fixture.workspace(edit)
    _ = try workspace.save(edit, token: "T")
    for name in names { #expect(try fixture.text(name) == "T\n") }
  }

  // MARK: Edits

  @Test("replace, append, create and delete change just what they say")
  func actions() async throws {
    let fixture = try Fixture()
    let edit = Self.edit(
      "all", Self.replace("app.py", "'Hello'", "'{{token}}'"),
      Change(file: "app.py", action: .append(content: "# {{token}}\n")),
      Change(file: "new/{{token}}.txt", action: .create(content: "{{token}}")),
      Change(file: "run.sh", action: .delete))
    var workspace = try await fixture.workspace(edit)
    _ = try workspace.save(edit, token: "t1")
    #expect(try fixture.text("app.py") == "hello = 't1'\nbye = 'Bye'\n# t1\n")
    #expect(try fixture.text("new/t1.txt") == "t1")
    #expect(!FileManager.default.fileExists(atPath: fixture.copy + "/run.sh"))

    let hasChanged = try workspace.prepare(edit)
    #expect(hasChanged)
    #expect(!FileManager.default.fileExists(atPath: fixture.copy + "/new"))
    #expect(try fixture.text("run.sh") == "#!/bin/sh\necho Hello\n")
    #expect(try status(of: fixture.copy + "/run.sh").st_mode & 0o7777 == 0o755)

    _ = try workspace.save(edit, token: "t2")
    #expect(try fixture.text("app.py") == "hello = 't2'\nbye = 'Bye'\n# t1\n# t2\n")
    #expect(try fixture.text("new/t2.txt") == "t2")
  }

  @Test("edits of one file don't undo each other, and each can be made again")
  func sharedFile() async throws {
    let fixture = try Fixture()
    let hello = Self.edit("hello", Self.replace("app.py", "Hello", "{{token}} and more"))
    let bye = Self.edit("bye", Self.replace("app.py", "Bye", "{{token}}", .truncate))
    let comment = Self.edit(
      "comment", Change(file: "app.py", action: .append(content: "# {{token}}\n")))
    var workspace = try await fixture.workspace(hello, bye, comment)
    for (edit, token) in [(bye, "b1"), (comment, "c1"), (hello, "h1"), (bye, "b2"), (hello, "h2")] {
      let hasChanged = try workspace.prepare(edit)
      #expect(!hasChanged)
      _ = try workspace.save(edit, token: token)
    }
    #expect(try fixture.text("app.py") == "hello = 'h2 and more'\nbye = 'b2'\n# c1\n")
  }

  @Test("a file that one edit deleted is there again before another edit of it")
  func deletedByAnother() async throws {
    let fixture = try Fixture()
    let delete = Self.edit("delete", Change(file: "app.py", action: .delete))
    let append = Self.edit(
      "append", Change(file: "app.py", action: .append(content: "# {{token}}\n")))
    var workspace = try await fixture.workspace(delete, append)
    _ = try workspace.save(delete, token: "t1")
    let hasChanged = try workspace.prepare(append)
    #expect(hasChanged)
    _ = try workspace.save(append, token: "t2")
    #expect(try fixture.text("app.py") == "hello = 'Hello'\nbye = 'Bye'\n# t2\n")
  }

  @Test(
    "a save by rename is a new file, a save in place the old one; both keep the mode",
    arguments: [(SaveStyle.rename, true), (.truncate, false)])
  func saveStyles(style: SaveStyle, isNewFile: Bool) async throws {
    let fixture = try Fixture()
    let edit = Self.edit("run", Self.replace("run.sh", "Hello", "{{token}}", style))
    var workspace = try await fixture.workspace(edit)
    let before = try status(of: fixture.copy + "/run.sh")
    _ = try workspace.save(edit, token: "t")
    let after = try status(of: fixture.copy + "/run.sh")
    #expect((after.st_ino != before.st_ino) == isNewFile)
    #expect(after.st_mode == before.st_mode)
    #expect(try fixture.text("run.sh") == "#!/bin/sh\necho t\n")
    #expect(try Snapshot(fixture.copy).names.count == 8, "no temporary file stays")
  }

  @Test(
    "an edit through a link inside the tree changes the file and keeps the link",
    arguments: SaveStyle.allCases)
  func linkedFile(style: SaveStyle) async throws {
    let fixture = try Fixture()
    let edit = Self.edit("style", Self.replace("here", "body", "{{token}}", style))
    var workspace = try await fixture.workspace(edit)
    _ = try workspace.save(edit, token: "t")
    #expect(try fixture.text("static/style.css") == "t {}\n")
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: fixture.copy + "/here")
        == "static/style.css")
    #expect(try status(of: fixture.copy + "/static/style.css").st_mode & 0o7777 == 0o600)
  }

  @Test(
    "no edit is written through a link out of the tree",
    arguments: [
      Change(file: "there", action: .replace(find: "theirs", replacement: "{{token}}")),
      Change(
        file: "there", action: .replace(find: "theirs", replacement: "{{token}}"), save: .truncate),
      Change(file: "there", action: .append(content: "{{token}}")),
      Change(file: "away/theirs.txt", action: .append(content: "{{token}}")),
      Change(file: "away/theirs.txt", action: .delete),
      Change(file: "away/new.txt", action: .create(content: "{{token}}")),
    ])
  func outsideLinks(change: Change) async throws {
    let fixture = try Fixture()
    let edit = Edit(name: "out", changes: [change])
    var workspace = try await fixture.workspace(edit)
    let before = try Snapshot(fixture.directory.inner("outside"), times: true)
    #expect {
      _ = try workspace.save(edit, token: "t")
    } throws: {
      "\($0)".contains("lies outside the app's directory")
    }
    #expect(try Snapshot(fixture.directory.inner("outside"), times: true) == before)
  }

  // MARK: Reset

  @Test(
    "whatever was edited, a reset brings the source back, and the user's tree was never touched",
    arguments: 0..<20)
  func reset(seed: Int) async throws {
    let fixture = try Fixture()
    let edits = [
      Self.edit("hello", Self.replace("app.py", "Hello", "{{token}}")),
      Self.edit(
        "two", Self.replace("app.py", "Bye", "{{token}}", .truncate),
        Self.replace("run.sh", "Hello", "{{token}}")),
      Self.edit(
        "append", Change(file: "static/style.css", action: .append(content: "/*{{token}}*/"))),
      Self.edit(
        "create", Change(file: "a/b/{{token}}.txt", action: .create(content: "{{token}}")),
        Change(file: "static/new.css", action: .create(content: "{{token}}"), save: .truncate)),
      Self.edit("delete", Change(file: "run.sh", action: .delete)),
      Self.edit("unlink", Change(file: "here", action: .delete)),
    ]
    var workspace = try await Workspace(copying: fixture.source, to: fixture.copy, edits: edits)
    let pristine = try Snapshot(fixture.copy)
    let theirs = try Snapshot(fixture.source, times: true)
    var generator = SeededGenerator(seed: UInt64(seed))
    for round in 0..<2 {
      for step in 0..<Int(generator.uniform(in: 1...25)) {
        let edit = edits[Int(generator.uniform(below: UInt64(edits.count)))]
        _ = try workspace.prepare(edit)
        _ = try workspace.save(edit, token: "t\(round)x\(step)")
        #expect(try Snapshot(fixture.copy) != pristine)
      }
      try workspace.reset()
      #expect(try Snapshot(fixture.copy) == pristine)
    }
    #expect(try Snapshot(fixture.source, times: true) == theirs)
  }

  @Test("a file that the app removed by itself is no obstacle")
  func removedByTheApp() async throws {
    let fixture = try Fixture()
    let edit = Self.edit("new", Change(file: "new.txt", action: .create(content: "{{token}}")))
    var workspace = try await fixture.workspace(edit)
    _ = try workspace.save(edit, token: "t")
    try FileManager.default.removeItem(atPath: fixture.copy + "/new.txt")
    _ = try workspace.prepare(edit)
    _ = try workspace.save(edit, token: "u")
    #expect(try fixture.text("new.txt") == "u")
  }

  // MARK: Failures

  @Test("a source that was changed during the run is named, with the text that is gone")
  func changedSource() async throws {
    let fixture = try Fixture()
    let edit = Self.edit("hello", Self.replace("app.py", "Hello", "{{token}}"))
    var workspace = try await fixture.workspace(edit)
    try fixture.directory.write("source/app.py", "other\n")
    let failure = #expect(throws: RunFailure.self) { _ = try workspace.save(edit, token: "t") }
    let text = try #require(failure).description
    #expect(text.contains("\(fixture.source)/app.py no longer contains “Hello”"))
    #expect(text.contains("changed while the run used it"))
  }

  @Test("a source that is gone is named")
  func missingSource() async throws {
    let fixture = try Fixture()
    let edit = Self.edit("hello", Self.replace("app.py", "Hello", "{{token}}"))
    var workspace = try await fixture.workspace(edit)
    try FileManager.default.removeItem(atPath: fixture.source)
    let failure = #expect(throws: RunFailure.self) { _ = try workspace.save(edit, token: "t") }
    #expect(try #require(failure).description.contains("\(fixture.source)/app.py can't be read"))
    let other = fixture.directory.inner("other")
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
    await #expect(throws: RunFailure.self) {
      _ = try await Workspace(copying: fixture.source, to: other, edits: [])
    }
  }

  @Test("an unreadable file is named before anything is measured")
  func unreadableFile() async throws {
    let directory = try TemporaryTree()
    try directory.write("source/secret.txt", "secret", mode: 0)
    try FileManager.default.createDirectory(
      atPath: directory.inner("copy"), withIntermediateDirectories: true)
    for path in [directory.path, directory.inner("copy"), directory.inner("source")] {
      chmod(path, 0o777)
    }
    // In a process of its own: root reads every file, so it has to stop being root.
    await #expect(processExitsWith: .success) { [path = directory.path as String] in
      if getuid() == 0, setgid(65534) != 0 || setuid(65534) != 0 { exit(10) }
      do {
        _ = try await Workspace(
          copying: path + "/source", to: path + "/copy", edits: [])
        exit(11)
      } catch {
        let text = "\(error)"
        guard text.contains("source/secret.txt"), text.contains("Permission denied")
        else {
          print(error)
          exit(12)
        }
      }
    }
  }
}
