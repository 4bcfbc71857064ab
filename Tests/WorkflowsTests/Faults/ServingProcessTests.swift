import Clock
import Foundation
import Glibc
import Measurement
import Processes
import Scenarios
import TestSupport
import Testing

@testable import Workflows

@Suite("ServingProcess", .serialized)
struct ServingProcessTests {
  @Test(
    "the script's word is read whatever stands around it, and only once it is whole",
    arguments: [
      ("devbench-victim 42\n", 42), ("noise\r\ndevbench-victim 1\r\n", 1),
      ("devbench-victim 4", nil), ("sh: not found\n", nil), ("devbench-victim 0\nmore\n", 0),
    ] as [(String, Int32?)])
  func victim(text: String, pid: Int32?) {
    #expect(ServingProcess.victim(in: text) == pid)
  }

  @Test(
    "only what the script says that it did counts",
    arguments: [
      ("echo devbench-victim 0", "nobody"), ("echo devbench-victim 1", "first"),
      ("echo devbench-victim 42; read -r _ && echo devbench-killed", "killed 42"),
      ("echo devbench-victim 42; read -r _ && echo devbench-alive", "can't be killed"),
      ("echo devbench-victim 42; read -r _", "silent 42"), ("echo no such file", "no shell"),
    ])
  func answers(script: String, words: String) async throws {
    let directory = try TemporaryDirectory()
    let said: String
    do {
      let answer = try await ServingProcess.kill(
        by: ["sh", "-c", script], environment: [:],
        ledger: ProcessLedger(directory: directory.path))
      said =
        switch answer {
        case .nobody: "nobody"
        case .first: "first"
        case .killed(let pid, _): "killed \(pid)"
        case .silent(let pid, _): "silent \(pid)"
        }
    } catch let impossible as FaultImpossible {
      said = impossible.reason
    }
    #expect(said.contains(words))
  }

  @Test("the script kills who listens on the port, and nobody of whom it isn't asked")
  func script() async throws {
    let app = try TinyApp(tell: { _ in })
    try await app.session.start()
    let (before, port) = (app.processes(), await app.session.port)
    // Without a line to read it has not been asked.
    var unasked = Invocation(command: ServingProcess.command(port: port))
    unasked.input = []
    let said = try await unasked.run(limit: .seconds(60))
    #expect(ServingProcess.victim(in: String(decoding: said.output, as: UTF8.self)) == before.first)
    #expect(app.processes() == before)
    let ledger = ProcessLedger(directory: app.ledgerDirectory)
    let other = try LoopbackPort.free()
    #expect(
      try await ServingProcess.kill(
        by: ServingProcess.command(port: other), environment: [:], ledger: ledger) == .nobody)
    let answer = try await ServingProcess.kill(
      by: ServingProcess.command(port: port), environment: [:], ledger: ledger)
    guard case .killed(let pid, let at) = answer else {
      Issue.record("\(answer)")
      return
    }
    #expect([pid] == before && at <= .now())
    await app.end()
  }

  @Test("of a reloader and the process that it started, the one that answers is killed")
  func child() async throws {
    // As Flask's reloader: the socket is the parent's, and is passed on.
    let app = try TinyApp(
      """
      import socket
      listener = socket.socket()
      listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
      listener.bind(("127.0.0.1", int(sys.argv[1])))
      listener.listen(8)
      while True:
          if os.fork() == 0:
              server = Server(("127.0.0.1", 0), Handler, bind_and_activate=False)
              server.socket = listener
              server.serve_forever()
          os.wait()
      """, path: .reload, tell: { _ in })
    try await app.session.start()
    let before = Set(app.processes())
    try #require(before.count == 2)
    let fault = try await app.session.make(.processKilled)
    #expect(fault.end == nil)
    #expect(fault.at <= .now())
    #expect(await app.served("first").found != nil)
    let after = Set(app.processes())
    #expect(after.count == 2 && after.intersection(before).count == 1, "the parent is the same")
    await app.end()
    #expect(app.processes() == [])
  }

  @Test("a process that was killed is told as lost, and the next save starts the app again")
  func lost() async throws {
    let events = Recorder<LoopEvent>()
    let app = try TinyApp(tell: { events.record($0) })
    try await app.session.start()
    _ = try await app.session.make(.processKilled)
    try await events.wait { events in
      events.contains { if case .lost = $0 { true } else { false } }
    }
    await #expect(throws: FaultImpossible.self) {
      _ = try await app.session.make(.processKilled)
    }
    _ = try app.save("second")
    #expect(await app.served("second").found != nil)
    await app.end()
  }

  @Test(
    "what a plain process has nothing for is impossible",
    arguments: [AppFault.containerKilled, .podDeleted, .engineStopped, .registryGone])
  func impossible(fault: AppFault) async throws {
    let app = try TinyApp()
    try await app.session.start()
    await #expect(throws: FaultImpossible.self) { _ = try await app.session.make(fault) }
    #expect(app.processes().count == 1)
    await app.end()
  }
}
