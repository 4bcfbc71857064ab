import Clock
import Testing

@testable import Measurement

/// Goals of an app that is broken and comes back.
@Suite("Probe of a broken app", .serialized)
struct ProbeFailureTests {
  private static let token = "t0123456789abcdef"

  private func observe(
    _ goal: ProbeGoal, limit: Duration = .seconds(20),
    script: @escaping @Sendable (Int) -> [ScriptedServer.Step]
  ) async throws -> ProbeObservation {
    let server = try ScriptedServer(script: script)
    let probe = Probe(
      endpoint: ProbeEndpoint(addresses: ["127.0.0.1"], port: server.port, path: "/"),
      interval: .milliseconds(2))
    let observation = await probe.observe(goal, limit: limit)
    await probe.shutdown()
    return observation
  }

  @Test(
    "a failure is seen by its status or by its text, whatever the status",
    arguments: [
      ("500 Internal Server Error", "sorry", true), ("404 Not Found", "sorry", true),
      ("200 OK", "a page about broken t0123456789abcdef", true),
      ("500 Internal Server Error", "broken t0123456789abcdef", true),
      ("200 OK", "all is well", false), ("302 Found", "elsewhere", false),
    ])
  func failure(status: String, body: String, isFailure: Bool) async throws {
    let seen = try await observe(
      .failure(showing: "broken \(Self.token)"),
      limit: isFailure ? .seconds(20) : .milliseconds(200)
    ) {
      $0 < 3 ? ScriptedServer.ok("old") : ScriptedServer.status(status, body)
    }
    #expect((seen.found != nil) == isFailure)
    #expect(seen.requests > 3)
  }

  @Test(
    "of an app that comes back, what fails proves that it isn't back, which it doesn't otherwise",
    arguments: [
      ScriptedServer.status("500 Internal Server Error", "broken"), [.reset],
      [.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")],
    ])
  func recovery(failing: [ScriptedServer.Step]) async throws {
    for (goal, isProof) in [
      (ProbeGoal.recovery(text: Self.token), true), (.text(Self.token), false),
    ] {
      let seen = try await observe(goal) {
        $0 < 5 ? failing : ScriptedServer.ok("new \(Self.token)")
      }
      #expect(seen.found != nil)
      #expect((seen.lastAbsentSent != nil) == isProof)
    }
  }
}
