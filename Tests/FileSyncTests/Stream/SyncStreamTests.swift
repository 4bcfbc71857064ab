import Foundation
import Glibc
import Testing

@testable import FileSync

@Suite(.timeLimit(.minutes(5)))
struct SyncStreamTests {
  static let hostile: [TreePath] = [
    "a b", "a\nb", "\n", "new\n\n", "it's \"it\"", "-rf", "--", "é", " ", "$(touch x)", "`x`",
    "a\\nb",
    "*", "=a", "%s", "a;b", "a\tb", "~x", "\\",
    TreePath(bytes: [0xFF, 0x81, 0x2E]), TreePath(bytes: (1...255).filter { $0 != 0x2F }),
    TreePath(String(repeating: "x", count: 255)),
    TreePath((0..<5).map { "\($0)" + String(repeating: "y", count: 99) }.joined(separator: "/")),
  ]

  @Test("the receiver says what the container has", arguments: Receiver.Shell.allCases)
  func tools(_ shell: Receiver.Shell) async throws {
    let receiver = try Receiver(shell)
    let tools = try await receiver.stream.open()
    switch shell {
    case .dash, .bash: #expect(tools == ReceiverTools(hasTar: true, digest: .sha256, take: "head"))
    case .busybox: #expect(tools.hasTar && tools.digest == .sha256)
    case .withoutTar: #expect(!tools.hasTar && tools.digest == .md5)
    case .withoutDigest: #expect(!tools.hasTar && tools.digest == .none)
    }
    await receiver.stream.close()
  }

  @Test(
    "edges 14, 15, 25, 26, 34, 35: names of any bytes, contents of any size, one by one and as a tree",
    arguments: Receiver.Shell.allCases)
  func names(_ shell: Receiver.Shell) async throws {
    let receiver = try Receiver(shell)
    var changes = try receiver.changes()
    for (index, name) in Self.hostile.enumerated() {
      try receiver.host.write(
        TreePath("all").appending(name), Array("content \(index)\n%s\\n\n\n".utf8))
    }
    changes.mark("all")
    #expect(try await receiver.sync(&changes).map(\.failures) == [[:]])
    #expect(try receiver.differences() == [])

    for (index, size) in [0, 1, 1499, 1500, 1501, 65535, 65536, 65537, 200_000].enumerated() {
      let path = TreePath("one").appending(Self.hostile[index])
      try receiver.host.write(path, (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) })
      changes.mark(path)
      try await receiver.sync(&changes)
    }
    for name in Self.hostile.dropFirst(9) {
      let path = TreePath("one").appending(name)
      try receiver.host.write(path, Array("\\c \\0101 é \r\n".utf8), mode: 0o755)
      changes.mark(path)
      try await receiver.sync(&changes)
    }
    #expect(try receiver.differences() == [])
    #expect(
      try await receiver.stream.differing(Self.hostile.map { TreePath("all").appending($0) })
        .isEmpty == (shell != .withoutDigest))

    // Away again, one by one and all at once.
    for name in Self.hostile {
      let path = TreePath("one").appending(name)
      _ = remove(receiver.host.root.appending(path).cString)
      changes.mark(path)
      if name.bytes.count < 10 { try await receiver.sync(&changes) }
    }
    try FileManager.default.removeItem(atPath: receiver.host.path + "/all")
    changes.mark("all")
    try await receiver.sync(&changes)
    #expect(try receiver.differences() == [])
    await receiver.stream.close()
  }

  @Test("edge 13: modes, renames and deletes arrive", arguments: Receiver.Shell.allCases)
  func modes(_ shell: Receiver.Shell) async throws {
    let receiver = try Receiver(shell)
    var changes = try receiver.changes()
    for (index, mode) in [0o644, 0o755, 0o600, 0o664, 0o444, 0o700].enumerated() {
      try receiver.host.write(TreePath("f\(index)"), Array("x".utf8), mode: mode_t(mode))
    }
    changes.mark("")
    try await receiver.sync(&changes)
    #expect(try receiver.differences() == [])
    #expect(chmod(receiver.host.path + "/f0", 0o755) == 0)
    #expect(chmod(receiver.host.path + "/f1", 0o644) == 0)
    #expect(rename(receiver.host.path + "/f2", receiver.host.path + "/F2") == 0)
    for path: TreePath in ["f0", "f1", "f2", "F2"] { changes.mark(path) }
    try await receiver.sync(&changes)
    #expect(try receiver.differences() == [])
    await receiver.stream.close()
  }

  @Test("edges 17, 18: any type replaces any other", arguments: Receiver.Shell.allCases)
  func types(_ shell: Receiver.Shell) async throws {
    let receiver = try Receiver(shell)
    var changes = try receiver.changes()
    func make(_ kind: TreeEntry.Kind, _ path: TreePath, _ round: Int) throws {
      let full = receiver.host.path + "/\(path)"
      var status = stat()
      if lstat(full, &status) == 0 { try FileManager.default.removeItem(atPath: full) }
      switch kind {
      case .file: try receiver.host.write(path, Array("file \(round)".utf8))
      case .directory: try receiver.host.write(path.appending(TreePath("in/f")), [1])
      case .link: try receiver.host.link(path, to: round % 2 == 0 ? "/etc" : "target\n of it")
      }
      changes.mark(path)
    }
    let kinds: [TreeEntry.Kind] = [.file, .directory, .link, .file, .link, .directory, .file]
    for (round, kind) in kinds.enumerated() {
      try make(kind, "p", round)
      try await receiver.sync(&changes)
      #expect(try receiver.differences() == [], "\(round) alone")
      for name in ["a", "b", "c", "d", "e"] { try make(kind, TreePath(name), round) }
      try await receiver.sync(&changes)
      #expect(try receiver.differences() == [], "\(round) as a tree")
      // What the container made of itself is in the way.
      if kind == .directory { try receiver.container.write("p/cache/x", "x") }
    }
    await receiver.stream.close()
  }

  @Test(
    "edge 16: a link to a directory in the container stays one", arguments: Receiver.Shell.complete)
  func linkedTarget(_ shell: Receiver.Shell) async throws {
    let receiver = try Receiver(shell)
    var changes = try receiver.changes()
    try receiver.container.makeDirectory("real")
    try receiver.container.link("d", to: "real")
    for index in 0..<6 { try receiver.host.write("d/f\(index)", "x\(index)") }
    changes.mark("d")
    try await receiver.sync(&changes)
    try receiver.host.write("d/f0", "again")
    changes.mark("d/f0")
    try await receiver.sync(&changes)
    #expect(try TreeScan(root: receiver.container.path).entry(at: "d") == .link(target: "real"))
    #expect(try receiver.container.read("real/f0") == Array("again".utf8))
    #expect(try receiver.container.read("real/f5") == Array("x5".utf8))
    await receiver.stream.close()
  }

  @Test("edge 9: a file that vanished after the scan is left to the next batch")
  func vanished() async throws {
    let receiver = try Receiver(.dash)
    var changes = try receiver.changes()
    for index in 0..<5 { try receiver.host.write("f\(index)", "x") }
    changes.mark("")
    let next = changes.nextBatch(for: "c", from: try TreeScan(root: receiver.host.path))
    let batch = try #require(next)
    #expect(unlink(receiver.host.path + "/f3") == 0)
    let landing = try await receiver.stream.land(batch)
    #expect(landing.torn == ["f3"] && landing.failures.isEmpty)
    changes.acknowledge(batch, except: landing.unlanded)
    try await receiver.sync(&changes)
    #expect(try receiver.differences() == [])
    await receiver.stream.close()
  }

  @Test(
    "one path that is refused says why and holds up no other", arguments: Receiver.Shell.allCases)
  func refusal(_ shell: Receiver.Shell) async throws {
    let receiver = try Receiver(shell)
    var changes = try receiver.changes()
    for name in ["a", "b", "c", "d"] { try receiver.host.write(name, name) }
    // Nobody removes a mount point.
    let busy = receiver.container.path + "/b"
    try receiver.container.makeDirectory("b")
    try #require(mount("devbench", busy, "tmpfs", 0, "") == 0 || !Self.mustMount)
    guard umountIsNeeded(busy) else { return }
    defer { umount2(busy, Int32(MNT_DETACH)) }
    changes.mark("")
    let next = changes.nextBatch(for: "c", from: try TreeScan(root: receiver.host.path))
    let batch = try #require(next)
    let landing = try await receiver.stream.land(batch)
    #expect(Set(landing.failures.keys) == ["b"])
    #expect(landing.failures["b"]?.contains("busy") == true, "\(landing)")
    for name: TreePath in ["a", "c", "d"] {
      #expect(try receiver.container.read(name) == name.bytes)
    }
    await receiver.stream.close()
  }

  private static var mustMount: Bool { ProcessInfo.processInfo.environment["CI"] != nil }

  private func umountIsNeeded(_ path: String) -> Bool {
    var (here, above) = (stat(), stat())
    return lstat(path, &here) == 0 && lstat(path + "/..", &above) == 0
      && here.st_dev != above.st_dev
  }
}
