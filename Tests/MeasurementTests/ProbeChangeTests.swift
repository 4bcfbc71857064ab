import Clock
import TestSupport
import Testing

@testable import Measurement

/// Goals that compare responses: for edits that carry no token.
@Suite("Probe: what changed", .serialized)
struct ProbeChangeTests {
  private func probe(_ port: Int) -> Probe {
    Probe(
      endpoint: ProbeEndpoint(addresses: ["127.0.0.1"], port: port, path: "/"),
      interval: .milliseconds(2))
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let before: [ScriptedServer.Step]
    let after: [ScriptedServer.Step]
    let isChange: Bool
  }

  @Test(
    "a change is another status or another body, and nothing else",
    arguments: [
      Row(
        testDescription: "another body", before: ScriptedServer.ok("old"),
        after: ScriptedServer.ok("new"), isChange: true),
      Row(
        testDescription: "another status", before: ScriptedServer.ok("same"),
        after: ScriptedServer.status("500 Oops", "same"), isChange: true),
      Row(
        testDescription: "the same in chunks", before: ScriptedServer.ok("same"),
        after: ScriptedServer.chunked(["sa", "me"]), isChange: false),
      Row(
        testDescription: "another header", before: ScriptedServer.ok("same"),
        after: ScriptedServer.status("200 OK", "same", headers: "Date: now\r\n"), isChange: false),
      Row(
        testDescription: "a broken connection", before: ScriptedServer.ok("same"),
        after: [.reset], isChange: false),
    ])
  func change(row: Row) async throws {
    let server = try ScriptedServer { $0 == 0 ? row.before : row.after }
    let probe = probe(server.port)
    let first = await probe.observe(.response, limit: .seconds(20))
    let before = try #require(first.foundAnswer)
    let watch = probe.begin(.change(from: before))
    // Once three have been answered and none was a change, a hundredth will not be one.
    if !row.isChange { try await server.requests.wait { $0.count >= 4 } }
    let seen = await watch.result(limit: row.isChange ? .seconds(20) : .zero)
    #expect((seen.found != nil) == row.isChange)
    #expect((seen.foundAnswer != nil) == row.isChange)
    await probe.shutdown()
  }

  @Test("a failing response is a response")
  func failing() async throws {
    let server = try ScriptedServer { _ in ScriptedServer.status("503 Later", "wait") }
    let probe = probe(server.port)
    let seen = await probe.observe(.response, limit: .seconds(20))
    #expect(seen.foundAnswer?.status == 503)
    await probe.shutdown()
  }

  @Test(
    "the same answer is a new app's once a connection was refused in between",
    arguments: [true, false])
  func refused(knowsBefore: Bool) async throws {
    let listener = try Listener(.loopback4)
    let probe = probe(listener.port)
    listener.end()
    func server() throws -> ScriptedServer {
      try ScriptedServer(port: listener.port) { _ in ScriptedServer.ok("same") }
    }
    var first: ScriptedServer? = try server()
    let before = try #require(
      await probe.observe(.response, limit: .seconds(20)).foundAnswer)
    withExtendedLifetime(first) {}
    first = nil
    let watch = probe.begin(knowsBefore ? .change(from: before) : .replacement)
    try await eventually("a connection is refused") {
      await watch.observation().lastAnswer == "the connection was refused"
    }
    let second = try server()
    let seen = await watch.result(limit: .seconds(20))
    #expect(seen.found != nil)
    #expect(seen.foundAnswer == before)
    await probe.shutdown()
    withExtendedLifetime(second) {}
  }

  @Test("the same answer is a new app's from the instant at which the old one was known to be gone")
  func replaced() async throws {
    let server = try ScriptedServer { _ in ScriptedServer.ok("same") }
    let probe = probe(server.port)
    let watch = probe.begin(.replacement)
    try await server.requests.wait { $0.count >= 3 }
    #expect(await watch.observation().found == nil)
    let gone = MonotonicInstant.now()
    watch.appWasReplaced(at: gone)
    let found = try #require(await watch.result(limit: .seconds(20)).found)
    #expect(found > gone)
    #expect(probe.requestsSent >= 4)
    await probe.shutdown()
  }
}
