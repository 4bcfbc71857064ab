import NIOCore
import NIOHTTP1

/// One request and its response, over a connection that has others before and after it.
struct HTTPExchange: Sendable {
  struct Outcome: Sendable {
    let response: HTTPClient.Response
    /// Whether the connection is ready for another request.
    let isReusable: Bool
  }

  /// The connection ended before the response did.
  struct Lost: Error {
    /// Whether the request was written at all.
    var isSent: Bool
    /// Whether anything of the response had come.
    var isAnswered: Bool

    /// Whether the same request may go out again: the server can't have taken it, or taking it twice is the
    /// same as once (RFC 9110, section 9.2.2).
    func mayBeRepeated(_ method: HTTPMethod) -> Bool {
      !isSent || (!isAnswered && [.GET, .HEAD, .PUT, .DELETE, .OPTIONS].contains(method))
    }
  }

  let head: HTTPRequestHead
  let body: ByteBuffer?
  let outcome: EventLoopPromise<Outcome>

  /// Sends the request, over a connection with an `HTTPExchangeHandler` that has no other under way.
  func begin(over channel: any Channel) {
    channel.eventLoop.execute {
      // Nobody would take it any more.
      guard channel.isActive else {
        return outcome.fail(Lost(isSent: false, isAnswered: false))
      }
      channel.writeAndFlush(self, promise: nil)
    }
  }
}

/// Carries out one `HTTPExchange` after another.
final class HTTPExchangeHandler: ChannelDuplexHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundIn = HTTPExchange
  typealias OutboundOut = HTTPClientRequestPart

  private struct UnderWay {
    let exchange: HTTPExchange
    var isWritten = false
    var head: HTTPResponseHead?
    var body = ByteBuffer()
  }

  private var underWay: UnderWay?

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let exchange = unwrapOutboundIn(data)
    underWay = UnderWay(exchange: exchange)
    context.write(wrapOutboundOut(.head(exchange.head)), promise: nil)
    if let body = exchange.body {
      context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    }
    let written = context.eventLoop.makePromise(of: Void.self)
    written.futureResult.assumeIsolated().whenSuccess { self.underWay?.isWritten = true }
    context.write(wrapOutboundOut(.end(nil)), promise: written)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard underWay != nil else {
      // Something that answers nothing: whatever comes next can't be trusted.
      return context.close(promise: nil)
    }
    switch unwrapInboundIn(data) {
    case .head(let head): underWay?.head = head
    case .body(let bytes): underWay?.body.writeImmutableBuffer(bytes)
    case .end: finish(context)
    }
  }

  private func finish(_ context: ChannelHandlerContext) {
    guard let done = underWay, let head = done.head else { return }
    underWay = nil
    // An answer to a request that isn't wholly written leaves its rest in the way of the next.
    let isReusable = done.isWritten && head.isKeepAlive && context.channel.isActive
    done.exchange.outcome.succeed(
      HTTPExchange.Outcome(
        response: HTTPClient.Response(
          status: Int(head.status.code), headers: head.headers, body: done.body),
        isReusable: isReusable))
  }

  func channelInactive(context: ChannelHandlerContext) {
    fail()
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    fail()
    context.close(promise: nil)
  }

  private func fail() {
    guard let lost = underWay else { return }
    underWay = nil
    lost.exchange.outcome.fail(HTTPExchange.Lost(isSent: true, isAnswered: lost.head != nil))
  }
}
