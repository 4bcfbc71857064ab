import NIOCore

/// Tells a relay what happens at one of its sockets.
final class EndHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let relay: Relay
  private let side: Relay.Side

  init(_ relay: Relay, _ side: Relay.Side) {
    self.relay = relay
    self.side = side
  }

  func handlerAdded(context: ChannelHandlerContext) {
    relay.attached(context, to: side)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    relay.detached(from: side)
  }

  func channelActive(context: ChannelHandlerContext) {
    relay.became(active: side)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    relay.received(unwrapInboundIn(data), from: side)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    relay.readComplete(from: side)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { relay.becameWritable(side) }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .inputClosed? = event as? ChannelEvent { relay.ended(side) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    relay.failed(side)
  }

  func channelInactive(context: ChannelHandlerContext) {
    relay.became(inactive: side)
  }
}
