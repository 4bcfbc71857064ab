import Foundation
import Glibc
import Testing

@testable import FileSync

@Suite(.timeLimit(.minutes(5)))
struct PermissionTests {
  /// Root may do everything; the receiver then runs as somebody else.
  private static func receiver(_ shell: Receiver.Shell) throws -> Receiver {
    let isRoot = geteuid() == 0
    return try Receiver(shell) { command in
      isRoot ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] + command : command
    }
  }

  @Test(
    "edge 23: a file that has to be made anew to be written keeps its mode, and losing it is found",
    arguments: Receiver.Shell.complete)
  func madeAnew(_ shell: Receiver.Shell) async throws {
    let receiver = try Self.receiver(shell)
    for place in [receiver.host, receiver.container] {
      try place.write("run", Array("old".utf8), mode: 0o555)
    }
    #expect(chmod(receiver.container.path, 0o777) == 0)
    var changes = ChangeSet(image: try TreeScan(root: receiver.host.path).entries(below: ""))
    changes.add(container: "c")
    #expect(unlink(receiver.host.path + "/run") == 0)
    try receiver.host.write("run", Array("new".utf8), mode: 0o555)
    changes.mark("run")
    #expect(try await receiver.sync(&changes).map(\.failures) == [[:]])
    #expect(try receiver.differences() == [])
    #expect(try await receiver.stream.differing(["run"]) == [])
    #expect(chmod(receiver.container.path + "/run", 0o444) == 0)
    let targets = receiver.mapping.targets(of: "run")
    #expect(try await receiver.stream.differing(["run"]) == targets)
    await receiver.stream.close()
  }

  @Test(
    "edge 23: where a user may write a file but not unlink it, it is written in place",
    arguments: Receiver.Shell.complete)
  func inPlace(_ shell: Receiver.Shell) async throws {
    let receiver = try Self.receiver(shell)
    let names: [TreePath] = ["a", "b", "c", "d", "e"]
    for name in names {
      try receiver.host.write(name, Array("old".utf8), mode: 0o666)
      try receiver.container.write(name, Array("old".utf8), mode: 0o666)
    }
    #expect(chmod(receiver.container.path, 0o555) == 0)
    defer { chmod(receiver.container.path, 0o755) }
    var changes = ChangeSet(image: try TreeScan(root: receiver.host.path).entries(below: ""))
    changes.add(container: "c")
    try receiver.host.write("a", Array("one".utf8), mode: 0o666)
    changes.mark("a")
    #expect(try await receiver.sync(&changes).map(\.failures) == [[:]])
    for name in names { try receiver.host.write(name, Array("all \(name)".utf8), mode: 0o666) }
    changes.mark("")
    #expect(try await receiver.sync(&changes).map(\.failures) == [[:]])
    #expect(try receiver.differences() == [])

    // What can't be made there is named, with the reason, and stays dirty.
    try receiver.host.write("new", "x")
    changes.mark("new")
    let next = changes.nextBatch(for: "c", from: try TreeScan(root: receiver.host.path))
    let batch = try #require(next)
    let landing = try await receiver.stream.land(batch)
    #expect(landing.failures["new"]?.contains("ermission denied") == true, "\(landing)")
    changes.acknowledge(batch, except: landing.unlanded)
    #expect(changes.dirtyCount(in: "c") == 1)
    await receiver.stream.close()
  }
}
