import Clock
import NIOCore
import NIOPosix

/// One connection over the link: the client's socket, the target's, and a flow each way.
///
/// The first bytes of a client wait for the round trip of TCP's handshake, which the client's own connect()
/// doesn't know of: the kernel has taken the connection before the link sees it. The target is connected
/// half a round trip after the client came, as the SYN would arrive, and read from after one and a half, as
/// the handshake's last packet would.
final class Relay {
  enum Side { case client, target }

  private struct End {
    var context: ChannelHandlerContext?
    /// It has sent its FIN.
    var inputEnded = false
    /// It was sent ours.
    var outputEnded = false
    var failed = false
    var isReading = false
    var mayRead = false
    /// Its socket is no more.
    var isGone = false
    var needsFlush = false
  }

  private let core: LinkCore
  private let targetAddress: SocketAddress
  private let clientIsUnix: Bool
  private let began: Int64
  private let delay: Int64
  private var client = End()
  private var target = End()
  private let upFlow: Flow
  private let downFlow: Flow
  private var isOver = false
  /// Whether its end by a reset has been counted, or isn't to be.
  private var countsAsReset = false

  init(core: LinkCore, target: SocketAddress, clientIsUnix: Bool) {
    self.core = core
    self.targetAddress = target
    self.clientIsUnix = clientIsUnix
    (began, delay) = (core.now, core.delay)
    upFlow = Flow(opens: began + 2 * delay)
    downFlow = Flow(opens: began)
    upFlow.onLanding = { [unowned self] in drain(to: .target) }
    downFlow.onLanding = { [unowned self] in drain(to: .client) }
  }

  // MARK: The handshake

  private func begin() {
    core.add(self)
    core.ledger.update {
      $0.connections += 1
      $0.open += 1
    }
    guard core.outage == nil || core.outage == .stall else { return cut() }
    client.mayRead = true
    read(from: .client)
    core.at(began + delay) { [self] in connect() }
  }

  private func connect() {
    guard !isOver else { return }
    let (core, loop) = (core, core.loop)
    let bound = NIOLoopBound(self, eventLoop: loop)
    ClientBootstrap(group: loop)
      .channelOption(.autoRead, value: false)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .channelOption(.recvAllocator, value: LinkSocket.allocator)
      .channelOption(.maxMessagesPerRead, value: 1)
      .channelOption(.writeBufferWaterMark, value: LinkSocket.waterMark)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(EndHandler(bound.value, .target))
        }
      }
      .connect(to: targetAddress)
      .assumeIsolated()
      .whenComplete { [self] result in
        switch result {
        case .success:
          core.at(max(began + 3 * delay, core.now)) { [self] in
            target.mayRead = true
            read(from: .target)
          }
        case .failure: refused()
        }
      }
  }

  private func refused() {
    guard !isOver else { return }
    core.ledger.update { $0.refused += 1 }
    countsAsReset = true
    core.at(core.now + delay) { [self] in cut() }
  }

  // MARK: What the channels tell

  func attached(_ context: ChannelHandlerContext, to side: Side) {
    self[side].context = context
  }

  func detached(from side: Side) {
    self[side].context = nil
  }

  func became(active side: Side) {
    if side == .client { return begin() }
    if isOver { return LinkSocket.reset(target.context) }
    drain(to: .target)
  }

  func received(_ buffer: ByteBuffer, from side: Side) {
    self[side].isReading = false
    guard !isOver else { return }
    let (flow, wire, other) = (flow(from: side), wire(from: side), side.other)
    if wire.isTransparent, !core.isStalled, flow.isEmpty, flow.opens <= core.now,
      let context = self[other].context, !self[other].isGone, context.channel.isActive
    {
      return write(buffer, to: other, context)
    }
    var compact = buffer
    // A large buffer must not be kept for the few bytes in it.
    if buffer.readableBytes * 2 < buffer.storageCapacity {
      compact = ByteBuffer(buffer: buffer)
    }
    wire.send(.bytes(compact), on: flow, at: core.now)
  }

  func readComplete(from side: Side) {
    guard !isOver else { return }
    flush(side.other)
    core.advanceSoon()
    read(from: side)
  }

  func becameWritable(_ side: Side) {
    drain(to: side)
    read(from: side.other)
  }

  func ended(_ side: Side) {
    guard !isOver, !self[side].inputEnded else { return }
    self[side].inputEnded = true
    wire(from: side).send(.end, on: flow(from: side), at: core.now)
    core.advanceSoon()
  }

  func failed(_ side: Side) {
    self[side].failed = true
  }

  func became(inactive side: Side) {
    guard !isOver, !self[side].isGone else { return }
    self[side].isGone = true
    self[side].context = nil
    let end = self[side]
    // The kernel tells of the last FIN and the end of the socket at once.
    if !end.failed, end.outputEnded {
      ended(side)
      return finishIfDone()
    }
    // A unix socket's close() looks like that; what comes for it afterwards is told by a reset, as with TCP.
    if !end.failed, end.inputEnded, isUnix(side) { return drain(to: side) }
    countReset()
    sendReset(from: side)
  }

  // MARK: Moving

  func conditionsChanged() {
    drain(to: .client)
    drain(to: .target)
    read(from: .client)
    read(from: .target)
  }

  private func read(from side: Side) {
    let end = self[side]
    guard !isOver, end.mayRead, !end.isReading, !end.inputEnded, let context = end.context,
      flow(from: side).held < wire(from: side).window
    else { return }
    if let other = self[side.other].context, !other.channel.isWritable { return }
    self[side].isReading = true
    context.read()
  }

  private func drain(to side: Side) {
    guard !isOver else { return }
    let flow = flow(from: side.other)
    while !flow.landed.isEmpty, !isOver {
      if self[side].isGone {
        // It is closed, and a packet comes for it: the sender is told.
        let wasBytes = flow.takeLanded()?.count ?? 0 > 0
        if wasBytes { return bytesForNobody(at: side) }
        continue
      }
      guard let context = self[side].context, context.channel.isActive else { return }
      guard context.channel.isWritable, let piece = flow.takeLanded() else { break }
      switch piece {
      case .bytes(let buffer): write(buffer, to: side, context)
      case .end: endOutput(of: side, context)
      case .reset: return cut()
      }
    }
    flush(side)
    read(from: side.other)
    finishIfDone()
  }

  private func write(_ buffer: ByteBuffer, to side: Side, _ context: ChannelHandlerContext) {
    core.ledger.moved(buffer.readableBytes, up: side == .target, at: .now())
    self[side].needsFlush = true
    context.write(NIOAny(buffer), promise: nil)
  }

  private func flush(_ side: Side) {
    guard self[side].needsFlush else { return }
    self[side].needsFlush = false
    self[side].context?.flush()
  }

  private func endOutput(of side: Side, _ context: ChannelHandlerContext) {
    self[side].needsFlush = false
    // Closing drops what isn't written yet if the other half is closed already: it waits for the last write.
    context.writeAndFlush(NIOAny(ByteBuffer())).assumeIsolated().whenComplete { [self] result in
      guard case .success = result, !isOver else { return }
      self[side].outputEnded = true
      LinkSocket.close(context, mode: .output)
      finishIfDone()
    }
  }

  private func finishIfDone() {
    guard !isOver, upFlow.isEmpty, downFlow.isEmpty,
      client.isGone || (client.inputEnded && client.outputEnded),
      target.isGone || (target.inputEnded && target.outputEnded)
    else { return }
    isOver = true
    LinkSocket.close(client.context)
    LinkSocket.close(target.context)
    leave()
  }

  // MARK: Cutting

  private func bytesForNobody(at side: Side) {
    countReset()
    flow(from: side.other).cut()
    sendReset(from: side)
  }

  private func sendReset(from side: Side) {
    // What was for it is lost.
    flow(from: side.other).cut()
    let flow = flow(from: side)
    flow.dropWaiting()
    wire(from: side).send(.reset, on: flow, at: core.now)
    core.advanceSoon()
  }

  /// Ends both sockets with a reset, now.
  func cut() {
    guard !isOver else { return }
    isOver = true
    countReset()
    upFlow.cut()
    downFlow.cut()
    LinkSocket.reset(client.context)
    LinkSocket.reset(target.context)
    leave()
  }

  private func countReset() {
    guard !countsAsReset else { return }
    countsAsReset = true
    core.ledger.update { $0.reset += 1 }
  }

  private func leave() {
    core.ledger.update { $0.open -= 1 }
    client.context = nil
    target.context = nil
    core.remove(self)
  }

  // MARK: Sides

  private func flow(from side: Side) -> Flow { side == .client ? upFlow : downFlow }
  private func wire(from side: Side) -> Wire { side == .client ? core.up : core.down }

  private func isUnix(_ side: Side) -> Bool {
    if side == .client { return clientIsUnix }
    if case .unixDomainSocket = targetAddress { return true }
    return false
  }

  private subscript(side: Side) -> End {
    get { side == .client ? client : target }
    _modify { if side == .client { yield &client } else { yield &target } }
  }
}

extension Relay.Side {
  var other: Relay.Side { self == .client ? .target : .client }
}
