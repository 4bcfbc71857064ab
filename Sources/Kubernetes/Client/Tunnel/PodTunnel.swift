import Clock
import NIOCore

/// One connection to a pod's port forwarding, which carries many: two streams each, one for the data, and one
/// on which the node says why there are none.
///
/// Confined to its channel's event loop.
///
/// Source: kubelet, `pkg/cri/streaming/portforward/httpstream.go`.
final class PodTunnel: ChannelInboundHandler {
  typealias InboundIn = SpdyFrame
  typealias OutboundOut = ByteBuffer

  /// What whoever owns the tunnel is told.
  enum Event {
    /// Nothing listens at the port. Some nodes then stop reading what was sent for the stream, and with it
    /// other streams: if anything was, the tunnel isn't to be used any more.
    case refused(after: Duration, hadSent: Bool)
    /// A connection ended in a fault, which may have the tunnel stop as above.
    case broken
    /// The node can't reach the pod any more.
    case failed
    case answered
    case ended
  }

  private final class Pair {
    let connection: TunnelConnection
    let begun = MonotonicInstant.now()
    var hasSent = false
    /// Of what was sent nobody knows whether it was read.
    var isUnanswered = false
    var hasAnswered = false
    var isClientDone = false
    var isPodDone = false
    var isErrorDone = false
    var hold: Scheduled<Void>?

    init(_ connection: TunnelConnection) { self.connection = connection }
  }

  private let port: Int
  private let tell: (PodTunnel, Event) -> Void
  private var context: ChannelHandlerContext?
  private var encoder = SpdyEncoder()
  private var nextStream: UInt32 = 1
  /// By the data's stream; the other has the number before.
  private var pairs: [UInt32: Pair] = [:]
  /// Streams of data that the node hasn't taken yet, and whether they are to be reset once it has.
  private var untaken: [UInt32: Bool] = [:]
  private var pinging: Scheduled<Void>?
  /// Those that haven't come back, by number, with how many had been sent before.
  private var pings: [UInt32: Int] = [:]
  private var sentPings = 0
  private var isOver = false
  private var isDraining = false

  /// How often the way is shown to be in use, so that nothing on it forgets the connection.
  private static let pingInterval = TimeAmount.seconds(5)
  /// How many may follow one that doesn't come back.
  private static let mostPings = 6

  init(port: Int, tell: @escaping (PodTunnel, Event) -> Void) {
    self.port = port
    self.tell = tell
  }

  /// Whether it takes another connection.
  var isUsable: Bool {
    // One that was closed before this was its handler isn't told of that.
    !isOver && !isDraining && context?.channel.isActive == true && nextStream < 0x7FFF_FFF0
  }

  // MARK: What its owner asks

  /// - Parameter hold: how long the node has for saying that nothing listens, before anything is sent.
  func carry(_ connection: TunnelConnection, hold: Duration?) {
    guard let context, isUsable else { return connection.close() }
    let (errors, data) = (nextStream, nextStream + 2)
    nextStream += 4
    var bytes = ByteBuffer()
    for (stream, type) in [(errors, "error"), (data, "data")] {
      encoder.begin(
        stream: stream,
        headers: [("streamtype", type), ("port", "\(port)"), ("requestid", "\(errors)")],
        isLast: stream == errors, into: &bytes)
    }
    context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    let pair = Pair(connection)
    pairs[data] = pair
    untaken[data] = false
    connection.attach(to: self, stream: data)
    if let hold {
      pair.hold = context.eventLoop.assumeIsolated().scheduleTask(
        in: .nanoseconds(hold.wholeNanoseconds)
      ) { connection.read() }
    } else {
      connection.read()
    }
  }

  func close() {
    isOver = true
    context?.close(promise: nil)
  }

  /// Closes it once its last connection has ended, or soon: they may have been stopped.
  func drain() {
    guard let context, !pairs.isEmpty else { return close() }
    isDraining = true
    context.eventLoop.assumeIsolated().scheduleTask(in: Self.drainTime) { [weak self] in
      self?.close()
    }
  }

  private static let drainTime = TimeAmount.seconds(2)

  private func remove(_ stream: UInt32) -> Pair? {
    guard let pair = pairs.removeValue(forKey: stream) else { return nil }
    pair.hold?.cancel()
    if isDraining, pairs.isEmpty { close() } else { connectionsTake() }
    return pair
  }

  // MARK: What its connections have

  var isWritable: Bool { context?.channel.isWritable ?? false }

  func send(_ bytes: ByteBuffer, on stream: UInt32, isLast: Bool = false) {
    guard let context, let pair = pairs[stream] else { return }
    if bytes.readableBytes > 0 { (pair.hasSent, pair.isUnanswered) = (true, true) }
    if isLast { pair.isClientDone = true }
    var frame = ByteBuffer()
    SpdyEncoder.data(stream: stream, bytes, isLast: isLast, into: &frame)
    context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
  }

  /// The connection has gone.
  func drop(_ stream: UInt32) {
    guard let pair = remove(stream) else { return }
    reset(stream)
    // Whether that was refused, or stops the node, nobody tells any more.
    if !pair.hasAnswered { tell(self, .broken) }
  }

  /// A reset that comes before the node has taken the stream stops one of the node's workers for good
  /// (moby/spdystream, `handleResetFrame`).
  private func reset(_ stream: UInt32) {
    guard let context else { return }
    guard untaken[stream] == nil else { return untaken[stream] = true }
    var frame = ByteBuffer()
    SpdyEncoder.reset(stream: stream, into: &frame)
    context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
  }

  /// The slowest connection says how fast is read.
  func connectionsTake() {
    guard let context else { return }
    let takes = pairs.values.allSatisfy(\.connection.isWritable)
    _ = context.channel.setOption(.autoRead, value: takes)
  }

  // MARK: What comes from the node

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    pingLater()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .data(let stream, let bytes, let isLast):
      if let pair = pairs[stream] {
        take(bytes, isLast: isLast, of: pair, stream)
      } else if let pair = pairs[stream &+ 2] {
        takeError(bytes, isLast: isLast, of: pair, stream &+ 2)
      }
    case .reply(let stream):
      if untaken.removeValue(forKey: stream) == true { reset(stream) }
    case .reset(let stream):
      untaken[stream] = nil
      (remove(stream) ?? remove(stream &+ 2))?.connection.close()
    case .ping(let number):
      guard number % 2 == 0 else { return pings[number] = nil }
      var frame = ByteBuffer()
      SpdyEncoder.ping(number, into: &frame)
      context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    case .goAway: close()
    case .other: break
    }
  }

  private func take(_ bytes: ByteBuffer, isLast: Bool, of pair: Pair, _ stream: UInt32) {
    if bytes.readableBytes > 0 {
      if !pair.hasAnswered { tell(self, .answered) }
      (pair.hasAnswered, pair.isUnanswered) = (true, false)
      pair.connection.write(bytes)
      if !pair.connection.isWritable { connectionsTake() }
    }
    guard isLast else { return }
    pair.isPodDone = true
    // Without an answer the other stream says why there is none, or that there is no reason. Nodes end the two
    // in either order.
    if pair.hasAnswered || pair.isErrorDone { end(stream) }
  }

  private func takeError(_ bytes: ByteBuffer, isLast: Bool, of pair: Pair, _ stream: UInt32) {
    let message = String(buffer: bytes)
    guard !message.isEmpty else {
      pair.isErrorDone = pair.isErrorDone || isLast
      if isLast, pair.isPodDone { end(stream) }
      return
    }
    _ = remove(stream)
    guard message.contains("refused") else {
      if !pair.isClientDone { reset(stream) }
      pair.connection.close()
      return tell(self, Self.isWayGone(message) ? .failed : .broken)
    }
    if !pair.hasSent, let context {
      var frame = ByteBuffer()
      SpdyEncoder.data(stream: stream, ByteBuffer(), isLast: true, into: &frame)
      context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }
    pair.connection.reset()
    tell(self, .refused(after: .now() - pair.begun, hadSent: pair.hasSent))
  }

  /// Said of a pod whose network is no longer there.
  static func isWayGone(_ message: String) -> Bool {
    ["failed to find sandbox", "network namespace for sandbox", "sandbox container"]
      .contains { message.contains($0) }
  }

  private func end(_ stream: UInt32) {
    guard let pair = remove(stream) else { return }
    // Else the node goes on waiting for more to pass on.
    if !pair.isClientDone { reset(stream) }
    pair.connection.close()
    if pair.isUnanswered { tell(self, .broken) }
  }

  private func pingLater() {
    pinging = context?.eventLoop.assumeIsolated().scheduleTask(in: Self.pingInterval) {
      [weak self] in self?.ping()
    }
  }

  private func ping() {
    guard let context else { return }
    guard pings.values.allSatisfy({ sentPings - $0 <= Self.mostPings }) else { return close() }
    let number = UInt32(truncatingIfNeeded: 2 * sentPings + 1) & 0x7FFF_FFFF
    pings[number] = sentPings
    sentPings += 1
    var frame = ByteBuffer()
    SpdyEncoder.ping(number, into: &frame)
    context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    pingLater()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    guard context.channel.isWritable else { return }
    for pair in pairs.values { pair.connection.tunnelTakes() }
  }

  func channelInactive(context: ChannelHandlerContext) {
    isOver = true
    self.context = nil
    pinging?.cancel()
    let open = pairs.values
    pairs = [:]
    for pair in open {
      pair.hold?.cancel()
      pair.connection.close()
    }
    tell(self, .ended)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
