import Foundation
import TestSupport
import Testing

@testable import Processes

@Suite("Invocation", .serialized)
struct InvocationTests {
  private func shell(_ script: String) -> Invocation {
    Invocation(command: ["/bin/sh", "-c", script])
  }

  @Test("both streams are kept apart, whatever the status")
  func streams() async throws {
    let result = try await shell("echo out; echo err >&2; printf last; exit 3").run(limit: nil)
    #expect(String(decoding: result.output, as: UTF8.self) == "out\nlast")
    #expect(result.errorTail == ["err"])
    #expect(result.exit == .exited(3))
  }

  @Test("the process doesn't carry devbench's label: daemons that it leaves aren't devbench's")
  func unlabelled() async throws {
    let result = try await shell("echo ${DEVBENCH_PROCESS-none}").run(limit: nil)
    #expect(String(decoding: result.output, as: UTF8.self) == "none\n")
  }

  @Test("where nothing may go on running, a daemon ends with the program, and holds nobody up")
  func daemon() async throws {
    let seconds = "47\(UInt16.random(in: 100...999))"
    var install = shell("echo ${DEVBENCH_PROCESS:+labelled}; setsid sleep \(seconds) & exit 3")
    install.keepsNothingRunning = true
    // The daemon has the program's output, which doesn't end before it does.
    let result = try await install.run(limit: .seconds(60))
    #expect(result.exit == .exited(3))
    #expect(String(decoding: result.output, as: UTF8.self) == "labelled\n")
    #expect(!ProcessTable.pids().contains { ProcessTable.command(of: $0) == "sleep \(seconds)" })
  }

  @Test("a large input and a large output pass each other")
  func large() async throws {
    var cat = shell("cat")
    cat.input = [UInt8](repeating: 0x61, count: 3 << 20)
    let result = try await cat.run(limit: .seconds(120))
    #expect(result.output == cat.input)
  }

  @Test("what can't be started is told")
  func missing() async throws {
    await #expect(throws: ProcessFailure.notFound(command: "no-such-program")) {
      try await Invocation(command: ["no-such-program"]).run(limit: nil)
    }
    await #expect(throws: ProcessFailure.self) { try await Invocation(command: []).run(limit: nil) }
  }

  @Test("a task that is cancelled before the start ends the program too")
  func cancelledBefore() async throws {
    let task = Task {
      try await eventually("the task is cancelled") { Task.isCancelled }
      return try await shell("sleep 1000").run(limit: nil)
    }
    task.cancel()
    await #expect(throws: (any Error).self) { try await task.value }
  }

  @Test("descendants in sessions of their own are seen, and end with a stopped group")
  func descendants() async throws {
    let app = try await Supervised.shell("setsid sh -c 'echo $$; sleep 1000; true' & wait")
    let members = try await app.printed(1)
    let child = try #require(members.first)
    let found = ProcessTable.descendants(of: app.process.group.id).map(\.process)
    #expect(found.contains(child))
    await app.process.stop(grace: .zero)
    #expect(!child.isAlive)
  }
}
