import FileSync
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@Suite("FileWatcher", .serialized)
struct FileWatcherTests {
  struct Action: Sendable, CustomTestStringConvertible {
    let behaviour: String
    let prepare: @Sendable (TemporaryDirectory) throws -> Void
    let act: @Sendable (TemporaryDirectory) throws -> Void
    let reported: Set<String>
    var testDescription: String { behaviour }

    init(
      _ behaviour: String, _ reported: Set<String>,
      prepare: @escaping @Sendable (TemporaryDirectory) throws -> Void = { _ in },
      act: @escaping @Sendable (TemporaryDirectory) throws -> Void
    ) {
      self.behaviour = behaviour
      self.prepare = prepare
      self.act = act
      self.reported = reported
    }
  }

  private struct Failed: Error, CustomStringConvertible {
    let description = String(cString: strerror(errno))
  }

  private static func move(_ from: String, _ to: String) throws {
    guard rename(from, to) == 0 else { throw Failed() }
  }

  @Test(
    "a change is reported by the file's path",
    arguments: [
      Action("a new file", ["app.py"]) { try $0.write("tree/app.py", "x") },
      Action("an empty new file", ["app.py"]) { try $0.write("tree/app.py", "") },
      Action("a truncating save", ["src/app.py"]) {
        try $0.write("tree/src/app.py", "old")
      } act: {
        try $0.write("tree/src/app.py", "new")
      },
      Action("a renaming save", ["app.py.tmp", "app.py"]) {
        try $0.write("tree/app.py", "old")
      } act: {
        try $0.write("tree/app.py.tmp", "new")
        try move($0("tree/app.py.tmp"), $0("tree/app.py"))
      },
      Action("a file moved in", ["app.py"]) {
        try $0.write("elsewhere", "x")
      } act: {
        try move($0("elsewhere"), $0("tree/app.py"))
      },
      Action("a file moved out", ["app.py"]) {
        try $0.write("tree/app.py", "x")
      } act: {
        try move($0("tree/app.py"), $0("elsewhere"))
      },
      Action("a removed file", ["src/app.py"]) {
        try $0.write("tree/src/app.py", "x")
      } act: {
        try FileManager.default.removeItem(atPath: $0("tree/src/app.py"))
      },
      Action("a symbolic link, even a broken one", ["link"]) {
        try FileManager.default.createSymbolicLink(
          atPath: $0("tree/link"), withDestinationPath: "/absent")
      },
      Action("a symbolic link to a directory, which isn't followed", ["link"]) {
        try $0.write("elsewhere/file", "x")
      } act: {
        try FileManager.default.createSymbolicLink(
          atPath: $0("tree/link"), withDestinationPath: $0("elsewhere"))
        try $0.write("elsewhere/file", "y")
      },
      Action("a second hard link", ["second.py"]) {
        try $0.write("elsewhere", "x")
      } act: {
        guard link($0("elsewhere"), $0("tree/second.py")) == 0 else { throw Failed() }
      },
      Action("Edge case 13: both names of a renamed file", ["old.py", "new.py"]) {
        try $0.write("tree/old.py", "x")
      } act: {
        try move($0("tree/old.py"), $0("tree/new.py"))
      },
      Action("Edge case 13: names that differ in case alone", ["App.py", "app.py"]) {
        try $0.write("tree/App.py", "x")
      } act: {
        try move($0("tree/App.py"), $0("tree/app.py"))
      },
      Action(
        "Edge case 13: a renamed directory and the files in it",
        ["old", "new/a.py", "new/sub/b.py"]
      ) {
        try $0.write("tree/old/a.py", "x")
        try $0.write("tree/old/sub/b.py", "x")
      } act: {
        try move($0("tree/old"), $0("tree/new"))
      },
      Action("a file written in a directory that was renamed", ["old", "new/a.py", "new/b.py"]) {
        try $0.write("tree/old/a.py", "x")
      } act: {
        try move($0("tree/old"), $0("tree/new"))
        try $0.write("tree/new/b.py", "x")
      },
      Action("Edge case 14: a directory moved in with all it holds", ["pkg/a.py", "pkg/sub/b.py"]) {
        try $0.write("elsewhere/a.py", "x")
        try $0.write("elsewhere/sub/b.py", "x")
      } act: {
        try move($0("elsewhere"), $0("tree/pkg"))
      },
      Action("a directory moved away, and nothing that happens in it later", ["old"]) {
        try $0.write("tree/old/sub/a.py", "x")
      } act: {
        try move($0("tree/old"), $0("elsewhere"))
        try $0.write("elsewhere/sub/a.py", "y")
        try $0.write("elsewhere/b.py", "y")
      },
      Action("Edge case 17: a symbolic link in a directory's place", ["dir", "dir/a.py"]) {
        try $0.write("tree/dir/a.py", "x")
      } act: {
        try FileManager.default.removeItem(atPath: $0("tree/dir"))
        try FileManager.default.createSymbolicLink(
          atPath: $0("tree/dir"), withDestinationPath: "/tmp")
      },
      Action("a directory removed and made again", ["dir", "dir/a.py", "dir/b.py"]) {
        try $0.write("tree/dir/a.py", "x")
      } act: {
        try FileManager.default.removeItem(atPath: $0("tree/dir"))
        try $0.write("tree/dir/b.py", "x")
      },
    ])
  func changes(action: Action) async throws {
    let tree = try WatchedTree(prepare: action.prepare)
    try action.act(tree.directory)
    #expect(try await tree.reported() == action.reported)
  }

  @Test("Edge case 18: a symbolic link that leads back into the tree doesn't hang the walk")
  func recursiveLink() async throws {
    let tree = try WatchedTree {
      try FileManager.default.createSymbolicLink(
        atPath: $0("tree/loop"), withDestinationPath: ".")
    }
    try tree.write("sub/app.py")
    #expect(try await tree.reported() == ["sub/app.py"])
  }

  @Test("a change of permissions is reported")
  func permissions() async throws {
    let tree = try WatchedTree { try $0.write("tree/script", "x") }
    #expect(chmod(tree.path("script"), 0o755) == 0)
    try await tree.changes.wait { $0 == ["script"] }
  }

  @Test("Edge case 7: a file that is written and kept open is reported when it rests, each time")
  func keptOpen() async throws {
    let tree = try WatchedTree { try $0.write("tree/app.log", "") }
    let file = try #require(FileHandle(forWritingAtPath: tree.path("app.log")))
    for count in 1...3 {
      try file.write(contentsOf: Data("line\n".utf8))
      try await tree.changes.wait { $0.count >= count }
    }
    #expect(Set(tree.changes.all) == ["app.log"])
    try file.close()
  }

  @Test("Edge case 7: a new file that is kept open is reported too")
  func newAndKeptOpen() async throws {
    let tree = try WatchedTree()
    let descriptor = open(tree.path("new.py"), O_CREAT | O_WRONLY | O_CLOEXEC, 0o644)
    try await tree.changes.wait { $0.contains("new.py") }
    close(descriptor)
  }

  @Test("Edge case 14: files written at once into new directories are reported, however deep")
  func bursts() async throws {
    let tree = try WatchedTree()
    let files = (0..<60).flatMap { round in
      ["d\(round)/file", "d\(round)/a/b/c/d/deep", "d\(round)/a/b/also"]
    }
    for file in files { try tree.write(file) }
    let reported = try await tree.reported()
    #expect(reported.isSuperset(of: files))
    // Beside them only directories that held nothing yet when they were noticed.
    #expect(
      reported.subtracting(files).allSatisfy { path in files.contains { $0.hasPrefix("\(path)/") } }
    )
    // The watches that were made late work.
    try tree.write("d7/a/b/c/d/later")
    #expect(try await tree.reported().contains("d7/a/b/c/d/later"))
  }

  @Test("Edge case 8: of a tree that is removed and made again every file is reported")
  func recreated() async throws {
    let files = (0..<1200).map { "tree/d\($0 % 20)/s\($0 % 7)/f\($0)" }
    let tree = try WatchedTree { directory in
      for file in files { try directory.write(file, "old") }
    }
    for index in 0..<20 {
      try FileManager.default.removeItem(atPath: tree.path("d\(index)"))
    }
    let before = tree.changes.all.count
    for file in files { try tree.directory.write(file, "new") }
    _ = try await tree.reported()
    let names = Set(files.map { String($0.dropFirst(5)) })
    #expect(Set(tree.changes.all).isSuperset(of: names))
    #expect(tree.changes.all.count > before)
  }

  @Test("Edge case 8: after the kernel's queue overflowed, all is looked at again")
  func overflow() async throws {
    let limit = try String(
      contentsOfFile: "/proc/sys/fs/inotify/max_queued_events", encoding: .utf8)
    let most = try #require(Int(limit.trimmingCharacters(in: .whitespacesAndNewlines)))
    let wasHeld = Atomic<Bool>(false)
    let (held, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let tree = try WatchedTree {
      for name in ["a", "b", "moved/file"] { try $0.write("tree/\(name)", "x") }
    } hold: { path in
      guard path == "first", !wasHeld.exchange(true, ordering: .relaxed) else { return }
      held.signal()
      release.wait()
    }
    try tree.write("first")
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        held.wait()
        continuation.resume()
      }
    }
    // The watcher's thread stands still; events of two files in turn are never merged.
    for _ in 0...most / 2 {
      chmod(tree.path("a"), 0o600)
      chmod(tree.path("b"), 0o600)
    }
    try tree.write("late/sub/file")
    try Self.move(tree.path("moved"), tree.directory("elsewhere"))
    release.signal()
    try await tree.changes.wait { $0.contains("") }
    #expect(!tree.changes.all.contains("late/sub/file"))

    try tree.write("late/sub/next")
    try tree.directory.write("elsewhere/file", "y")
    let reported = try await tree.reported()
    #expect(reported.contains("late/sub/next"))
    #expect(!reported.contains("moved/file"))
  }

  @Test(
    "names arrive as they are",
    arguments: [
      "two words", "new\nline", "it's \"quoted\"", "-rf", "naïve ☕ 文", "tab\there", "a\\b", "*?[x]",
      "{{port}}", String(repeating: "x", count: 255), String(repeating: "é", count: 127),
    ])
  func names(name: String) async throws {
    let tree = try WatchedTree()
    try tree.write(name)
    try tree.write("dir-\(name)".utf8.count <= 255 ? "dir-\(name)/\(name)" : "dir/\(name)")
    let reported = try await tree.reported()
    #expect(reported.contains(name))
    #expect(reported.contains { $0.hasPrefix("dir") && $0.hasSuffix("/\(name)") })
  }

  @Test("a path of more than 256 characters arrives whole")
  func longPath() async throws {
    let tree = try WatchedTree()
    let name = (0..<12).map { "directory-with-a-long-name-\($0)" }.joined(separator: "/") + "/f"
    #expect(name.utf8.count > 256)
    try tree.write(name)
    #expect(try await tree.reported() == [name])
  }

  // MARK: what is ignored

  @Test(
    "Edge case 6: what editors leave beside a file isn't reported",
    arguments: [
      ".app.py.swp", ".app.py.swx", ".app.py.swo", "4913", "app.py~", ".#app.py", "#app.py#",
      "app.py___jb_tmp___", "app.py___jb_old___", ".goutputstream-ABC123", ".DS_Store",
      "app.cpython-311.pyc",
    ])
  func editors(name: String) async throws {
    let tree = try WatchedTree { try $0.write("tree/sub/\(name)", "x") }
    for path in [name, "sub/\(name)", "new/\(name)"] { try tree.write(path) }
    try FileManager.default.removeItem(atPath: tree.path(name))
    // The new directory holds nothing that would be reported in its place.
    #expect(try await tree.reported().subtracting(["new"]) == [])
  }

  @Test(
    "names that only look like those are reported",
    arguments: ["swp", "app.swap", "49134", "app~.py", "#", "#app.py", "app.py#", "a.#b", ".env"])
  func lookalikes(name: String) async throws {
    let tree = try WatchedTree()
    try tree.write(name)
    #expect(try await tree.reported() == [name])
  }

  @Test("Edge case 6: a save by way of a temporary file is one change, of the file")
  func editorSave() async throws {
    let tree = try WatchedTree { try $0.write("tree/app.py", "old") }
    try tree.write("4913")
    try FileManager.default.removeItem(atPath: tree.path("4913"))
    try Self.move(tree.path("app.py"), tree.path("app.py~"))
    try tree.write("app.py", "new")
    try FileManager.default.removeItem(atPath: tree.path("app.py~"))
    #expect(try await tree.reported() == ["app.py"])
  }

  @Test(
    "ignored directories aren't watched, whether they were there or come later",
    arguments: [".git", "node_modules", "__pycache__", ".venv", ".devbench", ".idea"])
  func directories(name: String) async throws {
    let tree = try WatchedTree {
      try $0.write("tree/\(name)/sub/file", "x")
      try $0.write("tree/pkg/\(name)/file", "x")
    }
    try tree.write("\(name)/sub/file")
    try tree.write("\(name)/new/file")
    try tree.write("pkg/\(name)/file")
    try tree.write("later/\(name)/sub/file")
    try FileManager.default.removeItem(atPath: tree.path(name))
    #expect(try await tree.reported().subtracting(["later"]) == [])
  }

  @Test("Edge case 21: an ignored directory that can't be read doesn't disturb the watch")
  func unreadable() async throws {
    let tree = try WatchedTree {
      try $0.write("tree/node_modules/file", "x")
      chmod($0("tree/node_modules"), 0)
    }
    defer { chmod(tree.path("node_modules"), 0o700) }
    try tree.write("app.py")
    #expect(try await tree.reported() == ["app.py"])
  }

  // MARK: the root

  @Test("Edge case 19: a root that is a symbolic link is watched where it leads")
  func linkedRoot() async throws {
    let tree = try WatchedTree(watching: "link") {
      try FileManager.default.createSymbolicLink(
        atPath: $0("link"), withDestinationPath: $0("tree"))
    }
    try tree.write("app.py")
    try tree.directory.write("link/sub/b.py", "x")
    #expect(try await tree.reported() == ["app.py", "sub/b.py"])
  }

  @Test(
    "a root that isn't there, or is no directory, is told by name", arguments: ["absent", "file"])
  func badRoot(name: String) throws {
    let directory = try TemporaryDirectory()
    try directory.write("file", "x")
    let error = #expect(throws: WatchFailure.self) {
      _ = try FileWatcher(root: directory(name)) { _ in }
    }
    guard case .unreadable(directory(name), let reason) = error else {
      Issue.record("it threw \(error.map { "\($0)" } ?? "nothing")")
      return
    }
    #expect(!reason.isEmpty)
    #expect("\(try #require(error))".contains(directory(name)))
  }

  @Test("the end of a watcher ends its thread and lets go of what it reported to")
  func end() async throws {
    final class Receiver: Sendable {
      func take(_ change: FileChange) {}
    }
    let directory = try TemporaryDirectory()
    weak var receiver: Receiver?
    do {
      let strong = Receiver()
      receiver = strong
      let watcher = try FileWatcher(root: directory.path) { strong.take($0) }
      #expect(receiver != nil)
      withExtendedLifetime(watcher) {}
    }
    try await eventually("the receiver is released") { receiver == nil }
  }

  @Test("watchers, those that can't be made too, leave no descriptor behind")
  func descriptors() async {
    await #expect(processExitsWith: .success) {
      func open() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
      }
      _ = try FileWatcher(root: "/proc/self") { _ in }
      let before = try open()
      for _ in 0..<30 {
        _ = try FileWatcher(root: "/proc/self") { _ in }
        do throws(WatchFailure) {
          _ = try FileWatcher(root: "/absent") { _ in }
        } catch {}
        do throws(WatchFailure) {
          _ = try FileWatcher(root: "/proc/self/stat") { _ in }
        } catch {}
      }
      let after = try open()
      precondition(after == before, "\(before) descriptors became \(after)")
    }
  }
}
