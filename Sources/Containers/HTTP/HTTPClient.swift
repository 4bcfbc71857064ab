import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Asks one HTTP server of this machine, or what leads to one, and keeps connections for later requests: over
/// a link each new one costs a round trip more.
///
/// A kept connection may have been closed by the server meanwhile. Then a request goes out again over a new
/// one, if the server can't have taken it or if taking it twice does no harm.
final class HTTPClient: Sendable {
  enum Server: Sendable, Hashable {
    case unix(path: String)
    /// At 127.0.0.1.
    case loopback(port: Int)
  }

  struct Response: Sendable {
    var status: Int
    var headers: HTTPHeaders
    var body: ByteBuffer
  }

  enum Fault: Error, Sendable, CustomStringConvertible {
    case timedOut
    /// The connection ended before the response did.
    case unfinished

    var description: String {
      switch self {
      case .timedOut: "the answer didn't come in time"
      case .unfinished: "the connection was lost before the answer came"
      }
    }
  }

  private let server: Server
  private let idle = Mutex<[any Channel]>([])

  /// Connections that are kept while nothing is asked.
  static let mostIdle = 4
  /// A larger body goes over a connection of its own: it can't be said of it that it wasn't taken.
  static let largestRepeated = 64 << 10

  init(_ server: Server) {
    self.server = server
  }

  deinit { closeIdle() }

  /// Closes the connections that nothing is asked over.
  func closeIdle() {
    let channels = idle.withLock { idle in
      defer { idle = [] }
      return idle
    }
    for channel in channels { channel.close(promise: nil) }
  }

  /// Connections that wait for a request.
  var idleCount: Int { idle.withLock(\.count) }

  // MARK: Whole responses

  /// Cancelling the task ends the request, and its connection.
  ///
  /// - Parameters:
  ///   - target: path and query, percent-encoded.
  ///   - limit: until the whole response is there.
  func request(
    _ method: HTTPMethod, _ target: String, contentType: String? = nil,
    headers: [(name: String, value: String)] = [], body: ByteBuffer? = nil, limit: Duration
  ) async throws -> Response {
    var head = head(method, target, contentType: contentType, body: body)
    for header in headers { head.headers.add(name: header.name, value: header.value) }
    let request = head
    return try await withThrowingTaskGroup(of: Response?.self) { group in
      group.addTask { try await self.send(request, body) }
      group.addTask {
        try await Task.sleep(for: limit, clock: .suspending)
        return nil
      }
      defer { group.cancelAll() }
      guard let response = try await group.next() ?? nil else { throw Fault.timedOut }
      return response
    }
  }

  private func send(_ head: HTTPRequestHead, _ body: ByteBuffer?) async throws -> Response {
    if (body?.readableBytes ?? 0) <= Self.largestRepeated, let kept = takeIdle() {
      do {
        return try await send(head, body, over: kept)
      } catch let lost as HTTPExchange.Lost where lost.mayBeRepeated(head.method) {
        try Task.checkCancellation()
      } catch is HTTPExchange.Lost {
        throw Fault.unfinished
      }
    }
    do {
      return try await send(head, body, over: connect())
    } catch is HTTPExchange.Lost {
      throw Fault.unfinished
    }
  }

  private func send(
    _ head: HTTPRequestHead, _ body: ByteBuffer?, over channel: any Channel
  ) async throws -> Response {
    let promise = channel.eventLoop.makePromise(of: HTTPExchange.Outcome.self)
    let exchange = HTTPExchange(head: head, body: body, outcome: promise)
    let outcome: HTTPExchange.Outcome
    do {
      outcome = try await withTaskCancellationHandler {
        exchange.begin(over: channel)
        return try await promise.futureResult.get()
      } onCancel: {
        channel.close(promise: nil)
      }
    } catch {
      channel.close(promise: nil)
      try Task.checkCancellation()
      throw error
    }
    if outcome.isReusable { keep(channel) } else { channel.close(promise: nil) }
    return outcome.response
  }

  private func connect() async throws -> any Channel {
    let channel = try await bootstrap.connect(to: address()) { channel in
      channel.eventLoop.makeCompletedFuture {
        try channel.pipeline.syncOperations.addHTTPClientHandlers()
        try channel.pipeline.syncOperations.addHandler(HTTPExchangeHandler())
        return channel
      }
    }
    channel.closeFuture.whenComplete { [weak self] _ in self?.forget(channel) }
    return channel
  }

  private func takeIdle() -> (any Channel)? {
    idle.withLock { idle in
      // The one that was used last has the least chance of having been closed.
      while let last = idle.popLast() {
        if last.isActive { return last }
      }
      return nil
    }
  }

  private func keep(_ channel: any Channel) {
    let surplus = idle.withLock { idle -> (any Channel)? in
      idle.append(channel)
      return idle.count > Self.mostIdle ? idle.removeFirst() : nil
    }
    surplus?.close(promise: nil)
    // It may have been closed before it was kept, and not be told of any more.
    if !channel.isActive { forget(channel) }
  }

  private func forget(_ channel: any Channel) {
    idle.withLock { $0.removeAll { $0 === channel } }
  }

  // MARK: Streams

  /// Hands the response's body on as it comes, without a limit and over a connection of its own; cancelling
  /// the task ends it.
  ///
  /// - Parameter part: called with each part of the body, in order.
  /// - Returns: the response's status, once the server has ended it.
  func stream(
    _ method: HTTPMethod, _ target: String, part take: @Sendable (ByteBuffer) -> Void
  ) async throws -> Int {
    let channel = try await bootstrap.connect(to: address()) { channel in
      channel.eventLoop.makeCompletedFuture {
        try channel.pipeline.syncOperations.addHTTPClientHandlers()
        return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(
          wrappingChannelSynchronously: channel)
      }
    }
    return try await channel.executeThenClose { inbound, outbound in
      var head = head(method, target, contentType: nil, body: nil)
      head.headers.add(name: "Connection", value: "close")
      // In one go: a server that has the head of a request without a body may have answered, and closed
      // the connection, before its end is written.
      try await outbound.write(contentsOf: [.head(head), .end(nil)])
      var status = 0
      for try await part in inbound {
        switch part {
        case .head(let head): status = Int(head.status.code)
        case .body(let bytes): take(bytes)
        case .end: return status
        }
      }
      try Task.checkCancellation()
      throw Fault.unfinished
    }
  }

  private var bootstrap: ClientBootstrap {
    ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
  }

  private func address() throws -> SocketAddress {
    switch server {
    case .unix(let path): try SocketAddress(unixDomainSocketPath: path)
    case .loopback(let port): try SocketAddress(ipAddress: "127.0.0.1", port: port)
    }
  }

  private func head(
    _ method: HTTPMethod, _ target: String, contentType: String?, body: ByteBuffer?
  ) -> HTTPRequestHead {
    var headers: HTTPHeaders = ["Host": host]
    if let contentType { headers.add(name: "Content-Type", value: contentType) }
    headers.add(name: "Content-Length", value: "\(body?.readableBytes ?? 0)")
    return HTTPRequestHead(version: .http1_1, method: method, uri: target, headers: headers)
  }

  private var host: String {
    if case .loopback(let port) = server { "127.0.0.1:\(port)" } else { "devbench" }
  }
}
