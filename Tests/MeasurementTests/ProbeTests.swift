import Clock
import TestSupport
import Testing

@testable import Measurement

@Suite("Probe", .serialized)
struct ProbeTests {
  private static let token = "t0123456789abcdef"
  private static let generous: Duration = .seconds(20)

  /// What a probe of its own sees of a server.
  private func observe(
    _ server: ScriptedServer, _ goal: ProbeGoal = .text(token), limit: Duration = generous,
    addresses: [String] = ["127.0.0.1"]
  ) async throws -> ProbeObservation {
    let probe = Probe(
      endpoint: ProbeEndpoint(addresses: addresses, port: server.port, path: "/greet?name=x"),
      interval: .milliseconds(2))
    let observation = await probe.observe(goal, limit: limit)
    await probe.shutdown()
    return observation
  }

  /// A server whose first answer is the one in question and whose later ones are of use.
  private func server(
    first: [ScriptedServer.Step], then body: String = "new \(token)"
  ) throws -> ScriptedServer {
    try ScriptedServer { $0 == 0 ? first : ScriptedServer.ok(body) }
  }

  // MARK: found

  @Test("old answers are recorded until the token comes, and the bracket closes around it")
  func served() async throws {
    let server = try ScriptedServer {
      ScriptedServer.ok($0 < 5 ? "old" : "<p>new \(Self.token)</p>")
    }
    let begun = MonotonicInstant.now()
    let seen = try await observe(server)
    let found = try #require(seen.found)
    let absent = try #require(seen.lastAbsentSent)
    let old = try #require(seen.lastOld)
    #expect(begun <= absent)
    #expect(absent <= old)
    #expect(old <= found)
    #expect(found <= .now())
    #expect(seen.requests >= 6)
    #expect(seen.failingStatus == nil)
    #expect(seen.lastWasResponse)
  }

  @Test("a request is one that can be answered and isn't kept")
  func request() async throws {
    let server = try ScriptedServer { _ in ScriptedServer.ok(Self.token) }
    _ = try await observe(server)
    let head = try #require(server.requests.all.first)
    #expect(head.hasPrefix("GET /greet?name=x HTTP/1.1\r\n"))
    let lines = head.lowercased().split(separator: "\r\n")
    for wanted in [
      "host: 127.0.0.1:\(server.port)", "connection: close", "accept-encoding: identity",
      "cache-control: no-cache",
    ] {
      #expect(lines.contains(Substring(wanted)))
    }
  }

  @Test(
    "the token is found in any form of a whole answer",
    arguments: [
      ScriptedServer.ok(token), ScriptedServer.status("201 Created", "x\(token)y"),
      ScriptedServer.status("299 Fine", token),
      [.send("HTTP/1.0 200 OK\r\n\r\n<p>\(token)</p>")],
      [.send("HTTP/1.1 200 OK\r\n\r\n"), .send("t0123456789"), .send("abcdef")],
      [.send("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")] + ScriptedServer.ok(token),
      // Found as soon as it is there: the rest may be long in coming.
      [.send("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n\(token)"), .hold],
    ] as [[ScriptedServer.Step]])
  func forms(steps: [ScriptedServer.Step]) async throws {
    let seen = try await observe(try ScriptedServer { _ in steps })
    #expect(seen.found != nil)
    #expect(seen.lastOld == nil)
  }

  @Test("a token that two chunks share is found, wherever it is cut")
  func chunks() async throws {
    let cuts = (0...Self.token.count).map { cut in
      ScriptedServer.chunked(
        [String(Self.token.prefix(cut)), String(Self.token.dropFirst(cut))].filter { !$0.isEmpty })
    }
    for steps in cuts {
      let seen = try await observe(try ScriptedServer { _ in steps })
      #expect(seen.found != nil)
      #expect(seen.lastOld == nil)
    }
  }

  @Test("a port that refuses is proof of absence, until somebody listens")
  func refused() async throws {
    let listener = try Listener(.loopback4)
    listener.end()
    let probe = Probe(
      endpoint: ProbeEndpoint(port: listener.port, path: "/"), interval: .milliseconds(2))
    let seen = await probe.observe(.answer, limit: .milliseconds(100))
    #expect(seen.found == nil)
    #expect(seen.lastAbsentSent != nil)
    #expect(seen.lastOld == nil)
    #expect(!seen.lastWasResponse)
    #expect(seen.lastAnswer == "the connection was refused")
    await probe.shutdown()
  }

  @Test(
    "an app that took only one of the loopback addresses is found",
    arguments: [.loopback4, .loopback6, .any4, .any6] as [Listener.Address])
  func addresses(address: Listener.Address) async throws {
    let server = try ScriptedServer(address) { _ in ScriptedServer.ok(Self.token) }
    let seen = try await observe(server, addresses: ["127.0.0.1", "::1"])
    #expect(seen.found != nil)
    let host = address == .loopback6 ? "[::1]" : ":"
    #expect(server.requests.all.first?.contains(host) == true)
  }

  // MARK: not served

  @Test(
    "Edge case 40: an answer that isn't successful isn't served, token or not",
    arguments: [
      ("500 Internal Server Error", 500), ("404 Not Found", 404), ("302 Found", 302),
      ("304 Not Modified", 304), ("400 Bad Request", 400), ("503 Service Unavailable", 503),
    ])
  func unsuccessful(status: String, code: Int) async throws {
    let server = try ScriptedServer { _ in
      ScriptedServer.status(status, Self.token, headers: "Location: /\(Self.token)\r\n")
    }
    let seen = try await observe(server, limit: .milliseconds(200))
    #expect(seen.found == nil)
    #expect(seen.failingStatus == code)
    #expect(seen.lastWasResponse)
    // It is no old code either.
    #expect(seen.lastOld == nil)
    #expect(seen.lastAbsentSent == nil)
    #expect(seen.lastAnswer == "it answered HTTP \(code)")
  }

  @Test("a redirect isn't followed")
  func redirect() async throws {
    let server = try ScriptedServer { _ in
      ScriptedServer.status("302 Found", "", headers: "Location: /elsewhere\r\n")
    }
    _ = try await observe(server, limit: .milliseconds(200))
    #expect(server.requests.all.filter { $0.contains("/elsewhere") } == [])
  }

  @Test("a failure that passes is forgotten")
  func passingFailure() async throws {
    let server = try server(first: ScriptedServer.status("500 Oops", "trace"))
    let seen = try await observe(server)
    #expect(seen.found != nil)
    #expect(seen.failingStatus == nil)
  }

  @Test("the token in a header isn't served")
  func header() async throws {
    let server = try ScriptedServer { _ in
      ScriptedServer.status("200 OK", "old", headers: "X-Echo: \(Self.token)\r\n")
    }
    let seen = try await observe(server, limit: .milliseconds(200))
    #expect(seen.found == nil)
    #expect(seen.lastOld != nil)
  }

  @Test(
    "a connection that breaks proves nothing, and the next one is asked",
    arguments: [
      [], [.reset], [.send("garbage\r\n\r\n")], [.send("\u{0}\u{1}\u{2}")],
      [.send("HTTP/1.1 200 OK\r\nContent-Len")],
      [.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nold")],
      [.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nold"), .reset],
      [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nold\r\n")],
      [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nold\r\n")],
      [.send("HTTP/9.9 200 OK\r\nContent-Length: 3\r\n\r\nold")],
    ] as [[ScriptedServer.Step]])
  func broken(steps: [ScriptedServer.Step]) async throws {
    let seen = try await observe(try server(first: steps))
    #expect(seen.found != nil)
    #expect(seen.requests >= 2)
    #expect(seen.lastOld == nil)
    #expect(seen.lastAbsentSent == nil)

    let never = try await observe(try ScriptedServer { _ in steps }, limit: .milliseconds(200))
    #expect(never.found == nil)
    #expect(!never.lastWasResponse)
    #expect(never.lastAnswer?.hasPrefix("the connection broke: ") == true)
  }

  @Test("a request that stays unanswered is joined by another")
  func hedge() async throws {
    let seen = try await observe(try server(first: [.hold]))
    #expect(seen.found != nil)
    #expect(seen.requests >= 2)
  }

  @Test("when eight requests go unanswered, the oldest makes room for one that is")
  func oldestMakesRoom() async throws {
    let server = try ScriptedServer {
      $0 < Probe.mostUnderWay ? [.hold] : ScriptedServer.ok(Self.token)
    }
    let seen = try await observe(server)
    #expect(seen.found != nil)
    #expect(seen.requests > Probe.mostUnderWay)
  }

  @Test("no more than eight requests are under way at once")
  func mostUnderWay() async throws {
    let server = try ScriptedServer { _ in [.hold] }
    let seen = try await observe(server, limit: .milliseconds(900))
    #expect(seen.found == nil)
    #expect((2...8).contains(seen.requests))
    #expect(seen.lastAbsentSent == nil)
  }

  @Test("an answer without end is given up on and taken for one without the token")
  func endless() async throws {
    let steps: [ScriptedServer.Step] = [
      .send("HTTP/1.1 200 OK\r\n\r\n"), .endless(Array(repeating: 0x78, count: 1 << 16)),
    ]
    let seen = try await observe(try server(first: steps))
    #expect(seen.found != nil)
    #expect(seen.requests >= 2)
  }

  @Test("past the limit of a body nothing is looked at")
  func longBody() async throws {
    let filling = [UInt8](repeating: 0x78, count: ProbeRequest.bodyLimit + (1 << 20))
    let steps: [ScriptedServer.Step] = [
      .send("HTTP/1.1 200 OK\r\nContent-Length: \(filling.count + Self.token.count)\r\n\r\n"),
      .send(filling), .send(Self.token),
    ]
    let server = try ScriptedServer { $0 == 0 ? steps : [.hold] }
    let seen = try await observe(server, limit: .seconds(2))
    #expect(seen.found == nil)
    #expect(seen.lastOld != nil)
  }

  // MARK: goals

  @Test("“answer” is any successful one")
  func answer() async throws {
    for steps in [
      ScriptedServer.ok(""), ScriptedServer.ok("x"), [.send("HTTP/1.1 204 No\r\n\r\n")],
    ] {
      #expect(try await observe(try ScriptedServer { _ in steps }, .answer).found != nil)
    }
    let failing = try ScriptedServer { _ in ScriptedServer.status("500 Oops", "") }
    #expect(try await observe(failing, .answer, limit: .milliseconds(200)).found == nil)
  }

  @Test(
    "“absence” is a whole successful answer without the text",
    arguments: [
      ScriptedServer.ok("still \(token)"), ScriptedServer.status("500 Oops", "gone"),
      [.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ngone so far")],
    ] as [[ScriptedServer.Step]])
  func absence(first: [ScriptedServer.Step]) async throws {
    let goal = ProbeGoal.absence(of: Self.token)
    let seen = try await observe(try server(first: first, then: "gone"), goal)
    #expect(seen.found != nil)
    #expect(seen.requests >= 2)
    let never = try await observe(
      try ScriptedServer { _ in first }, goal, limit: .milliseconds(200))
    #expect(never.found == nil)
  }

  // MARK: ends

  @Test("at the limit, what was seen is the result")
  func limit() async throws {
    let server = try ScriptedServer { _ in ScriptedServer.ok("old") }
    let seen = try await observe(server, limit: .milliseconds(100))
    #expect(seen.found == nil)
    #expect(seen.lastOld != nil)
    #expect(seen.lastAnswer == "it answered HTTP 200 without the new text")
  }

  @Test("stop() and cancellation end the wait with what was seen", arguments: [true, false])
  func stopped(byCancelling: Bool) async throws {
    let server = try ScriptedServer { _ in ScriptedServer.ok("old") }
    let probe = Probe(
      endpoint: ProbeEndpoint(port: server.port, path: "/"), interval: .milliseconds(2))
    let watch = probe.begin(.text(Self.token))
    // The third connection is made only after the first two were answered.
    try await server.requests.wait { $0.count >= 3 }
    let waiting = Task { await watch.result(limit: .seconds(1000)) }
    if byCancelling { waiting.cancel() } else { watch.stop() }
    let seen = try await within("the watch") { await waiting.value }
    #expect(seen.found == nil)
    #expect(seen.lastOld != nil)
    #expect(seen.requests >= 3)
    await probe.shutdown()
  }

  @Test("a watch that has ended keeps its result and asks no more")
  func ended() async throws {
    let server = try ScriptedServer { _ in ScriptedServer.ok(Self.token) }
    let probe = Probe(
      endpoint: ProbeEndpoint(port: server.port, path: "/"), interval: .milliseconds(2))
    let watch = probe.begin(.text(Self.token))
    let first = await watch.result(limit: Self.generous)
    watch.stop()
    #expect(await watch.result(limit: .zero) == first)
    #expect(first.found != nil)
    await probe.shutdown()
  }
}
