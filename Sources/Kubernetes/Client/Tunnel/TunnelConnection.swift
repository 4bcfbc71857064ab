import Glibc
import NIOCore

/// A connection that a program of this machine has opened to a forwarded port.
///
/// Confined to its channel's event loop, which is its tunnel's.
final class TunnelConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let arrived: (TunnelConnection) -> Void
  private var context: ChannelHandlerContext?
  private var tunnel: PodTunnel?
  private var stream: UInt32 = 0
  private var mayRead = false
  /// What came before it was wanted: at a client's end all is read at once.
  private var held = ByteBuffer()
  private var hasEnded = false
  private var isClosing = false
  private var isWritten = false

  /// - Parameter arrived: told when it is open; nothing is read from it until `read()`.
  init(arrived: @escaping (TunnelConnection) -> Void) {
    self.arrived = arrived
  }

  var isOpen: Bool { context != nil }
  var isWritable: Bool { context?.channel.isWritable ?? true }

  func attach(to tunnel: PodTunnel, stream: UInt32) {
    (self.tunnel, self.stream) = (tunnel, stream)
  }

  func read() {
    mayRead = true
    if let tunnel {
      if held.readableBytes > 0 { tunnel.send(held, on: stream) }
      if hasEnded { tunnel.send(ByteBuffer(), on: stream, isLast: true) }
    }
    held = ByteBuffer()
    setReading(true)
  }

  /// The tunnel takes bytes again.
  func tunnelTakes() {
    if mayRead { setReading(true) }
  }

  func write(_ bytes: ByteBuffer) {
    context?.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
  }

  /// How long whoever was told of the end may take to close.
  private static let patience = TimeAmount.seconds(1)

  /// Ends it once all that was written has gone. What still comes is read, and let go: a socket that is closed
  /// with unread bytes sends a reset, which would say that nothing listens.
  func close() {
    tunnel = nil
    guard let context, !isClosing else { return }
    isClosing = true
    let channel = context.channel
    context.writeAndFlush(wrapOutboundOut(ByteBuffer())).assumeIsolated().whenComplete { _ in
      self.isWritten = true
      guard !self.hasEnded else { return channel.close(promise: nil) }
      channel.close(mode: .output, promise: nil)
      channel.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
    }
    setReading(true)
  }

  /// Ends it as a port does at which nothing listens: with RST.
  func reset() {
    tunnel = nil
    guard let context else { return }
    if let socket = context.channel as? any SocketOptionProvider {
      _ = socket.setSoLinger(linger(l_onoff: 1, l_linger: 0))
    }
    context.close(promise: nil)
  }

  private func setReading(_ reads: Bool) {
    _ = context?.channel.setOption(.autoRead, value: reads)
  }

  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    arrived(self)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isClosing else { return }
    var bytes = unwrapInboundIn(data)
    guard let tunnel, mayRead else {
      held.writeBuffer(&bytes)
      return
    }
    tunnel.send(bytes, on: stream)
    if !tunnel.isWritable { setReading(false) }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    // It has said all, and still listens.
    guard case ChannelEvent.inputClosed = event else { return }
    hasEnded = true
    if isWritten { context.close(promise: nil) }
    if mayRead { tunnel?.send(ByteBuffer(), on: stream, isLast: true) }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    tunnel?.connectionsTake()
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.context = nil
    tunnel?.drop(stream)
    tunnel = nil
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
