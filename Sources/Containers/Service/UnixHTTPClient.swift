import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Asks an HTTP server on a unix socket, one connection a request.
struct UnixHTTPClient: Sendable {
  struct Response: Sendable {
    var status: Int
    var body: ByteBuffer
  }

  enum Fault: Error, Sendable, CustomStringConvertible {
    case timedOut
    case unfinished

    var description: String {
      switch self {
      case .timedOut: "the answer didn't come in time"
      case .unfinished: "the connection was lost before the answer came"
      }
    }
  }

  let socket: String

  /// - Parameters:
  ///   - target: path and query, percent-encoded.
  ///   - limit: until the whole response is there.
  func request(
    _ method: HTTPMethod, _ target: String, contentType: String? = nil, body: ByteBuffer? = nil,
    limit: Duration
  ) async throws -> Response {
    try await withThrowingTaskGroup(of: Response?.self) { group in
      group.addTask {
        try await exchange(method, target, contentType: contentType, body: body)
      }
      group.addTask {
        try await Task.sleep(for: limit, clock: .suspending)
        return nil
      }
      defer { group.cancelAll() }
      guard let response = try await group.next() ?? nil else { throw Fault.timedOut }
      return response
    }
  }

  private func exchange(
    _ method: HTTPMethod, _ target: String, contentType: String?, body: ByteBuffer?
  ) async throws -> Response {
    let bytes = Mutex(ByteBuffer())
    let status = try await stream(method, target, contentType: contentType, body: body) { part in
      bytes.withLock { _ = $0.writeImmutableBuffer(part) }
    }
    return Response(status: status, body: bytes.withLock { $0 })
  }

  /// Hands the response's body on as it comes, without a limit; cancelling the task ends it.
  ///
  /// - Parameter part: called with each part of the body, in order.
  /// - Returns: the response's status, once the server has ended it.
  func stream(
    _ method: HTTPMethod, _ target: String, contentType: String? = nil, body: ByteBuffer? = nil,
    part take: @Sendable (ByteBuffer) -> Void
  ) async throws -> Int {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(unixDomainSocketPath: socket) { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(
            wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      var headers: HTTPHeaders = ["Host": "devbench", "Connection": "close"]
      if let contentType { headers.add(name: "Content-Type", value: contentType) }
      headers.add(name: "Content-Length", value: "\(body?.readableBytes ?? 0)")
      var parts: [HTTPClientRequestPart] = [
        .head(HTTPRequestHead(version: .http1_1, method: method, uri: target, headers: headers))
      ]
      if let body { parts.append(.body(.byteBuffer(body))) }
      parts.append(.end(nil))
      // In one go: a server that has the head of a request without a body may have answered, and closed
      // the connection, before its end is written.
      try await outbound.write(contentsOf: parts)
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
}
