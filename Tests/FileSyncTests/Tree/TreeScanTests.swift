import Foundation
import Glibc
import Testing

@testable import FileSync

struct TreeScanTests {
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
  }

  @Test("names of any bytes are seen as they are")
  func names() throws {
    let names: [TreePath] = [
      "a b", "a\nb", "it's \"it\"", "-rf", "--", "é", " ", "$(x)", "a\\n", "*",
      TreePath(bytes: [0xFF, 0x81, 0x2E]), TreePath(String(repeating: "x", count: 255)),
    ]
    for name in names { try scratch.write(TreePath("d").appending(name), [1]) }
    let scan = try TreeScan(root: scratch.path)
    let entries = try scan.entries(below: "")
    #expect(Set(entries.keys) == Set(names.map { TreePath("d").appending($0) } + ["d"]))
    for name in names {
      let path = TreePath("d").appending(name)
      #expect(try scan.entry(at: path) == entries[path])
      #expect(entries[path]?.kind == .file)
    }
  }

  @Test("a file's facts are its mode, size and times")
  func facts() throws {
    try scratch.write("run", Array("#!/bin/sh\n".utf8), mode: 0o755)
    let scan = try TreeScan(root: scratch.path)
    guard case .file(let before) = try scan.entry(at: "run") else { throw Missing() }
    #expect(before.mode == 0o755 && before.size == 10 && before.modifiedAt > 0)
    // Replaced by a file of the same size: the facts differ.
    try scratch.write("new", Array("#!/bin/zz\n".utf8), mode: 0o755)
    #expect(rename(scratch.path + "/new", scratch.path + "/run") == 0)
    guard case .file(let after) = try scan.entry(at: "run") else { throw Missing() }
    #expect(after != before)
  }

  @Test("edge 18: links stay links, a recursive one is never followed, an absolute one is named")
  func links() throws {
    try scratch.write("d/f", "x")
    try scratch.link("d/up", to: "..")
    try scratch.link("d/self", to: "self")
    try scratch.link("abs", to: "/etc/hosts")
    try scratch.link("dangling", to: "nowhere/at\nall")
    let scan = try TreeScan(root: scratch.path)
    let entries = try scan.entries(below: "")
    #expect(entries["d/up"] == .link(target: ".."))
    #expect(entries["d/self"] == .link(target: "self"))
    #expect(entries["dangling"] == .link(target: "nowhere/at\nall"))
    #expect(entries.count == 6)
    #expect(
      scan.warnings(about: entries) == [.absoluteLink(path: "abs", target: "/etc/hosts")])
    #expect(try scan.entries(below: "d/up").isEmpty, "a link to a directory has nothing below")
    for path: TreePath in ["d/up/abs", "d/self/x", "d/up/d/f"] {
      #expect(try scan.entry(at: path) == nil, "\(path)")
    }
  }

  @Test("edge 19: the root may be a link itself")
  func linkedRoot() throws {
    try scratch.write("real/f", "x")
    try scratch.link("root", to: "real")
    #expect(try TreeScan(root: scratch.path + "/root").entries(below: "").keys.sorted() == ["f"])
  }

  @Test("edge 9: what has vanished is nothing, and no error")
  func vanished() throws {
    try scratch.write("f", "x")
    let scan = try TreeScan(root: scratch.path)
    for path: TreePath in ["no", "no/way", "f/below"] {
      #expect(try scan.entry(at: path) == nil)
      #expect(try scan.entries(below: path).isEmpty)
    }
  }

  @Test("sockets, pipes and devices are nothing that could be sent")
  func special() throws {
    #expect(mkfifo(scratch.path + "/pipe", 0o600) == 0)
    #expect(try TreeScan(root: scratch.path).entries(below: "").isEmpty)
  }

  @Test("edges 6, 21: an ignored directory isn't looked into, a missing root is named")
  func ignored() throws {
    try scratch.write("node_modules/x/y", "x")
    try scratch.write("a/.git/HEAD", "x")
    try scratch.write("a/f.py~", "x")
    try scratch.write("a/f.py", "x")
    // What can't be opened as a directory would throw if it were tried.
    let deep = scratch.path + "/node_modules"
    #expect(chmod(deep, 0) == 0)
    defer { chmod(deep, 0o755) }
    let entries = try TreeScan(root: scratch.path).entries(below: "")
    #expect(entries.keys.sorted() == ["a", "a/f.py"])
    #expect(throws: TreeFailure.self) { try TreeScan(root: scratch.path + "/missing") }
  }

  @Test("edge 21: a directory that can't be read is told, and keeps nothing else from being seen")
  func unreadable() throws {
    try scratch.write("a", "x")
    // A path that is too long for the kernel: nobody can read it, root included.
    let name = String(repeating: "d", count: 250)
    var directories = [open(scratch.path, O_RDONLY | O_DIRECTORY)]
    for _ in 0..<17 {
      mkdirat(directories[directories.count - 1], name, 0o755)
      directories.append(
        openat(directories[directories.count - 1], name, O_RDONLY | O_DIRECTORY))
    }
    defer {
      for directory in directories.dropLast().reversed() {
        unlinkat(directory, name, AT_REMOVEDIR)
      }
      for directory in directories { close(directory) }
    }
    var unreadable = UnreadablePaths()
    let scan = try TreeScan(root: scratch.path)
    let entries = scan.entries(below: "") { unreadable.add($0) }
    #expect(entries["a"]?.kind == .file && entries[TreePath(name)] == .directory)
    let failure = try #require(unreadable.failures.first)
    #expect(unreadable.failures.count == 1)
    #expect(unreadable.cover(failure.path.appending("x" as TreePath)) && !unreadable.cover("a"))
    #expect(throws: failure) { try scan.entries(below: "") as [TreePath: TreeEntry] }
  }

  private struct Missing: Error {}
}
