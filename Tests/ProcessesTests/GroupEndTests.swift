import Glibc
import TestSupport
import Testing

@testable import Processes

@Suite("SupervisedProcess: stop", .serialized)
struct GroupEndTests {
  @Test("children and grandchildren are gone when stop returns, and none needed SIGKILL")
  func grandchildren() async throws {
    let app = try await Supervised.shell(
      "sh -c 'sleep 1000 & echo $!; echo $$; wait' & sleep 1000 & echo $!; echo $$; wait")
    let members = try await app.printed(4)
    #expect(members.count == 4)
    let end = await app.process.stop(grace: .seconds(20))
    #expect(!end.killed)
    #expect(members.filter(\.isAlive) == [])
    #expect(await app.process.exit() == .signalled(SIGTERM))
  }

  @Test("a program may end by itself after SIGTERM")
  func honoured() async throws {
    let app = try await Supervised.shell(
      "trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.05; done")
    try await app.lines.wait { $0 == ["ready"] }
    let end = await app.process.stop(grace: .seconds(20))
    #expect(!end.killed)
    #expect(await app.process.exit() == .exited(7))
    #expect(app.lines.all.contains("bye"))
    #expect(app.process.isStopping)
  }

  @Test("every process gets SIGTERM once: a second one means “at once” to some")
  func once() async throws {
    let app = try await Supervised.start([
      try Python.path(), "-c",
      """
      import os, signal, time
      child = os.fork()
      signal.signal(signal.SIGTERM, lambda *_: os.write(1, b"term\\n"))
      os.write(1, b"ready\\n")
      signal.pause()
      end = time.monotonic() + 0.3
      while time.monotonic() < end: time.sleep(0.05)
      """,
    ])
    try await app.lines.wait { $0 == ["ready", "ready"] }
    let end = await app.process.stop(grace: .seconds(20))
    _ = await app.process.exit()
    #expect(!end.killed)
    #expect(app.lines.all.filter { $0 == "term" }.count == 2)
  }

  @Test("what ignores SIGTERM is killed after the grace period, leader or grandchild")
  func ignoring() async throws {
    let scripts = [
      "trap '' TERM; echo $$; while :; do sleep 1000; done",
      "(trap '' TERM; sh -c 'echo $$; sleep 1000') & wait",
    ]
    for script in scripts {
      let app = try await Supervised.shell(script)
      let stubborn = try await app.printed(1)
      let end = await app.process.stop(grace: .milliseconds(200))
      #expect(end.killed)
      #expect(stubborn.count == 1)
      #expect(stubborn.filter(\.isAlive) == [])
    }
  }

  @Test("a member that outlives the leader is ended")
  func orphan() async throws {
    let app = try await Supervised.shell("sleep 1000 & echo $!; exit 0")
    let orphans = try await app.printed(1)
    _ = await app.process.exit()
    #expect(orphans.filter(\.isAlive).count == 1)
    let end = await app.process.stop(grace: .seconds(20))
    #expect(!end.killed)
    #expect(orphans.filter(\.isAlive) == [])
  }

  @Test("a process that left the group is found by its label")
  func escaped() async throws {
    let app = try await Supervised.start([
      try Python.path(), "-c",
      """
      import os, time
      if os.fork() == 0:
          os.setsid()
          if os.fork() == 0:
              print(os.getpid(), flush=True)
              time.sleep(1000)
          os._exit(0)
      os.wait()
      time.sleep(1000)
      """,
    ])
    let escaped = try await app.printed(1)
    let process = try #require(escaped.first)
    #expect(ProcessStat(pid: process.pid)?.processGroup != app.process.group.id)
    await app.process.stop(grace: .seconds(20))
    #expect(!process.isAlive)
  }

  @Test("a process that cleared its environment is found by its group")
  func cleared() async throws {
    let app = try await Supervised.shell("env -i sh -c 'echo $$; exec sleep 1000' & wait")
    let members = try await app.printed(1)
    let process = try #require(members.first)
    #expect(ProcessTable.label(of: process.pid) == nil)
    await app.process.stop(grace: .seconds(20))
    #expect(!process.isAlive)
  }

  @Test("what isn't of the group and hasn't the label is left alone")
  func stranger() async throws {
    let app = try await Supervised.shell("echo ready; exec sleep 1000")
    let other = try await Supervised.shell("echo ready; exec sleep 1000")
    let unlabelled = try Child.idle()
    try await other.lines.wait { $0 == ["ready"] }
    await app.process.stop(grace: .seconds(20))
    #expect(unlabelled.identity.isAlive)
    #expect(other.process.group.leader.isAlive)
    await other.process.stop(grace: .seconds(20))
  }

  @Test(
    "a second stop finds nothing to do",
    arguments: [.zero, .milliseconds(1), .seconds(20)] as [Duration])
  func twice(grace: Duration) async throws {
    let app = try await Supervised.shell("echo ready; exec sleep 1000")
    try await app.lines.wait { $0 == ["ready"] }
    #expect(await !app.process.stop(grace: .seconds(20)).killed)
    #expect(await !app.process.stop(grace: grace).killed)
  }

  @Test("no grace is SIGKILL at once")
  func noGrace() async throws {
    let app = try await Supervised.shell("trap 'echo bye' TERM; echo ready; sleep 1000")
    try await app.lines.wait { $0 == ["ready"] }
    #expect(await app.process.stop(grace: .zero).killed)
    #expect(await app.process.exit() == .signalled(SIGKILL))
    #expect(app.lines.all == ["ready"])
  }

  @Test("two stops at once both return when nothing is left")
  func atOnce() async throws {
    let app = try await Supervised.shell("sleep 1000 & echo $!; wait")
    let members = try await app.printed(1)
    async let first = app.process.stop(grace: .seconds(20))
    async let second = app.process.stop(grace: .seconds(20))
    _ = await (first, second)
    #expect(members.filter(\.isAlive) == [])
  }
}
