import NIOCore
import NIOHTTP1
import TestSupport
import Testing

@testable import Containers

@Suite(.timeLimit(.minutes(1))) struct HTTPClientTests {
  private static let generous: Duration = .seconds(30)

  private func ask(
    _ client: HTTPClient, _ method: HTTPMethod = .GET, _ target: String = "/",
    body: String? = nil
  ) async throws -> String {
    let response = try await client.request(
      method, target, body: body.map { ByteBuffer(string: $0) }, limit: Self.generous)
    return "\(response.status) \(String(buffer: response.body))"
  }

  struct Form: Sendable, CustomTestStringConvertible {
    let answer: String
    let told: String
    let isReused: Bool
    var testDescription: String { answer.split(separator: "\r\n").joined(separator: " | ") }

    init(_ answer: String, _ told: String, isReused: Bool) {
      (self.answer, self.told, self.isReused) = (answer, told, isReused)
    }
  }

  @Test(
    "a connection has another request after a whole response, unless the response says otherwise",
    arguments: [
      Form("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "200 hi", isReused: true),
      Form("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "200 ", isReused: true),
      Form("HTTP/1.1 204 No\r\n\r\n", "204 ", isReused: true),
      Form("HTTP/1.1 500 Oops\r\nContent-Length: 2\r\n\r\nno", "500 no", isReused: true),
      Form(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nh\r\n1\r\ni\r\n0\r\n\r\n",
        "200 hi", isReused: true),
      Form(
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi", "200 hi",
        isReused: false),
      Form("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", "200 hi", isReused: false),
      // Its end is the connection's.
      Form("HTTP/1.1 200 OK\r\n\r\nhi", "200 hi", isReused: false),
    ])
  func reuse(form: Form) async throws {
    let server = try UnixServer { number in
      guard number == 0 else { return [.read, UnixServer.answer("second"), .hold] }
      return form.isReused
        ? [.read, .send(form.answer), .read, UnixServer.answer("second"), .hold]
        : [.read, .send(form.answer)]
    }
    let client = HTTPClient(.unix(path: server.path))
    #expect(try await ask(client, .GET, "/a") == form.told)
    #expect(try await ask(client, .POST, "/b", body: "body") == "200 second")
    let requests = server.log.all.filter { !$0.hasSuffix("end") }
    #expect(requests == ["0 GET /a", "\(form.isReused ? 0 : 1) POST /b"])
  }

  /// What a kept connection's second request comes to when the connection ends in its way.
  struct Loss: Sendable, CustomTestStringConvertible {
    let method: HTTPMethod
    /// What the server does once it has the request.
    let then: [UnixServer.Step]
    let isRepeated: Bool
    var testDescription: String { "\(method), \(then.count) answers" }
  }

  @Test(
    "a request whose kept connection is lost goes out again only if that does no harm",
    arguments: [
      Loss(method: .GET, then: [], isRepeated: true),
      Loss(method: .PUT, then: [], isRepeated: true),
      Loss(method: .DELETE, then: [], isRepeated: true),
      Loss(method: .POST, then: [], isRepeated: false),
      // A part of a response has been seen: asking anew could tell something else.
      Loss(
        method: .GET, then: [.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal")],
        isRepeated: false),
    ])
  func lost(loss: Loss) async throws {
    let server = try UnixServer { number in
      number == 0
        ? [.read, UnixServer.answer("first"), .read] + loss.then
        : [.read, UnixServer.answer("again"), .hold]
    }
    let client = HTTPClient(.unix(path: server.path))
    #expect(try await ask(client) == "200 first")
    if loss.isRepeated {
      #expect(try await ask(client, loss.method, "/x") == "200 again")
    } else {
      await #expect(throws: HTTPClient.Fault.unfinished) {
        try await ask(client, loss.method, "/x")
      }
    }
    let requests = server.log.all.filter { $0.hasSuffix("/x") }
    #expect(requests == ["0 \(loss.method) /x"] + (loss.isRepeated ? ["1 \(loss.method) /x"] : []))
  }

  @Test("a connection that the server closed while it was idle isn't used, whatever the method")
  func closedIdle() async throws {
    let server = try UnixServer { number in
      number == 0
        ? [.read, UnixServer.answer("first")] : [.read, UnixServer.answer("second"), .hold]
    }
    let client = HTTPClient(.unix(path: server.path))
    #expect(try await ask(client) == "200 first")
    try await eventually("the client has seen the end") { client.idleCount == 0 }
    #expect(try await ask(client, .POST) == "200 second")
  }

  @Test("a connection over which something came that answers nothing isn't used again")
  func unasked() async throws {
    let stray = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nstray"
    let server = try UnixServer { number in
      number == 0
        ? [.read, UnixServer.answer("first"), .send(stray), .hold]
        : [.read, UnixServer.answer("second"), .hold]
    }
    let client = HTTPClient(.unix(path: server.path))
    #expect(try await ask(client) == "200 first")
    try await server.log.wait { $0.contains("0 end") }
    #expect(try await ask(client) == "200 second")
  }

  @Test("a new connection that is lost is told of")
  func newIsLost() async throws {
    let server = try UnixServer { _ in [.read] }
    let client = HTTPClient(.unix(path: server.path))
    await #expect(throws: HTTPClient.Fault.unfinished) { try await ask(client) }
    #expect(server.log.all == ["0 GET /"])
  }

  @Test("cancelling a request, or its time's end, closes its connection", arguments: [true, false])
  func givenUp(byCancelling: Bool) async throws {
    let server = try UnixServer { _ in [.read, UnixServer.answer("first"), .read, .hold] }
    let client = HTTPClient(.unix(path: server.path))
    #expect(try await ask(client) == "200 first")
    let limit: Duration = byCancelling ? Self.generous : .milliseconds(50)
    let waiting = Task { try await client.request(.GET, "/slow", limit: limit) }
    try await server.log.wait { $0.contains("0 GET /slow") }
    if byCancelling { waiting.cancel() }
    switch await waiting.result {
    case .success: Issue.record("it was answered")
    case .failure(let error): #expect((error is CancellationError) == byCancelling)
    }
    try await server.log.wait { $0.contains("0 end") }
    #expect(client.idleCount == 0)
  }

  @Test("a body that is too large to be sent twice has a new connection")
  func largeBody() async throws {
    let server = try UnixServer { number in
      [.read, UnixServer.answer("\(number)"), .read, UnixServer.answer("\(number)"), .hold]
    }
    let client = HTTPClient(.unix(path: server.path))
    #expect(try await ask(client) == "200 0")
    let large = String(repeating: "x", count: HTTPClient.largestRepeated + 1)
    #expect(try await ask(client, .PUT, "/large", body: large) == "200 1")
    // Its connection is as good as another afterwards.
    #expect(try await ask(client) == "200 1")
  }

  @Test("requests at once have connections of their own, of which so many are kept")
  func atOnce() async throws {
    let count = HTTPClient.mostIdle + 3
    let server = try UnixServer { _ in
      Array(repeating: [.read, UnixServer.answer("ok")], count: 10).flatMap { $0 } + [.hold]
    }
    let client = HTTPClient(.unix(path: server.path))
    try await withThrowingTaskGroup(of: String.self) { group in
      for index in 0..<count { group.addTask { try await self.ask(client, .GET, "/\(index)") } }
      for try await answer in group { #expect(answer == "200 ok") }
    }
    #expect(client.idleCount <= HTTPClient.mostIdle)
  }

  @Test(
    "nothing stays open after the idle are closed, or when the client goes",
    arguments: [true, false])
  func ends(explicitly: Bool) async throws {
    let server = try UnixServer { _ in [.read, UnixServer.answer("ok"), .hold] }
    var client: HTTPClient? = HTTPClient(.unix(path: server.path))
    if let client { #expect(try await ask(client) == "200 ok") }
    if explicitly { client?.closeIdle() } else { client = nil }
    try await server.log.wait { $0.contains("0 end") }
    #expect((client?.idleCount ?? 0) == 0)
  }
}
