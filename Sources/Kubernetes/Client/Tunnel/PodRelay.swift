import Clock
import NIOCore
import NIOPosix

/// A port of the loopback interface whose connections go to a pod through a tunnel.
///
/// A tunnel that can't be used any more is replaced by one that is open already. While nothing listens in the
/// pod, connections are reset; while there is no way to it, they are closed.
final class PodRelay: PortForward {
  /// Where the pod's ports are forwarded, found anew each time: what leads there may have been started again.
  typealias Address = @Sendable () async throws(KubernetesFailure) -> PodTunnelAddress

  private struct State {
    var current: PodTunnel?
    /// Open and unused.
    var spare: PodTunnel?
    var isOpening = false
    var waiting: [TunnelConnection] = []
    var times = RefusalTimes()
    var pause = shortestPause
    var server: (any Channel)?
    var isClosed = false
  }

  let localPort: Int
  var tellsRefusals: Bool { true }
  private let loop: any EventLoop
  private let address: Address
  private let progress = ForwardState()
  private let state: NIOLoopBoundBox<State>

  private static let shortestPause = Duration.milliseconds(5)
  private static let longestPause = Duration.seconds(2)

  private init(localPort: Int, address: @escaping Address) {
    loop = MultiThreadedEventLoopGroup.singleton.next()
    self.localPort = localPort
    self.address = address
    state = .makeBoxSendingValue(State(), eventLoop: loop)
  }

  /// Listens once there is a way to the pod.
  ///
  /// - Parameter isPatient: a way that isn't there yet is waited for.
  /// - Throws: why there is none, or why the port can't be listened at.
  static func open(
    localPort: Int, isPatient: Bool = false, address: @escaping Address
  ) async throws(KubernetesFailure) -> PodRelay {
    let relay = PodRelay(localPort: localPort, address: address)
    do {
      do {
        let target = try await address()
        try await relay.loop.flatSubmit { relay.openTunnel(target) }.get()
      } catch {
        guard isPatient, !Self.isFinal(error) else { throw error }
        relay.loop.execute { relay.notOpened(error) }
      }
      try await relay.listen()
    } catch {
      await relay.close()
      throw error as? KubernetesFailure ?? KubernetesFailure(.unreachable, "\(error)")
    }
    return relay
  }

  private static func isFinal(_ error: any Error) -> Bool {
    guard let failure = error as? KubernetesFailure else { return false }
    // A pod that is to have a node soon.
    if failure.message.contains("does not have a host assigned") { return false }
    return KubectlForward.isFinal(failure.reason)
  }

  /// Said of a pod that has no node or no network yet, in the words of the API server and of nodes. It may be
  /// one that has ended as well.
  static func isNotYet(_ failure: KubernetesFailure) -> Bool {
    ["does not have a host assigned", "pod does not exist", "pod not found"]
      .contains { failure.message.contains($0) } || PodTunnel.isWayGone(failure.message)
  }

  deinit {
    let state = state
    loop.execute {
      let old = state.value
      old.server?.close(promise: nil)
      old.current?.close()
      old.spare?.close()
    }
  }

  var losses: Int { progress.losses }

  func ready() async throws(KubernetesFailure) { try await progress.ready() }

  func close() async {
    try? await loop.flatSubmit { self.end(nil) }.get()
  }

  private func listen() async throws {
    let loop = loop
    let server = try await ServerBootstrap(group: loop)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .serverChannelOption(.backlog, value: 128)
      .childChannelOption(.autoRead, value: false)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { [weak self] channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            TunnelConnection { [weak self] connection in
              if let self { take(connection) } else { connection.close() }
            })
        }
      }
      .bind(host: "127.0.0.1", port: localPort).get()
    try await loop.submit {
      guard !self.state.value.isClosed else {
        server.close(promise: nil)
        throw KubernetesFailure(.cancelled, "the port is closed")
      }
      self.state.value.server = server
      if self.state.value.current != nil { self.progress.isUp() }
    }.get()
  }

  // MARK: On the event loop

  private func take(_ connection: TunnelConnection) {
    guard connection.isOpen else { return }
    guard !state.value.isClosed else { return connection.close() }
    if let tunnel = state.value.current, tunnel.isUsable {
      tunnel.carry(connection, hold: state.value.times.hold)
    } else if state.value.isOpening {
      state.value.waiting.append(connection)
    } else {
      connection.close()
    }
  }

  private func openTunnel(_ target: PodTunnelAddress) -> EventLoopFuture<Void> {
    PodTunnel.open(target, on: loop) { [weak self] tunnel, event in
      self?.take(event, of: tunnel)
    }.map { tunnel in self.opened(tunnel.value) }
  }

  private func opened(_ tunnel: PodTunnel) {
    guard !state.value.isClosed else { return tunnel.close() }
    guard tunnel.isUsable else {
      return notOpened(KubernetesFailure(.lost, "the way was closed as soon as it was open"))
    }
    state.value.isOpening = false
    guard state.value.current == nil else {
      state.value.spare = tunnel
      return
    }
    state.value.current = tunnel
    if state.value.server != nil { progress.isUp() }
    let waiting = state.value.waiting
    state.value.waiting = []
    for connection in waiting { take(connection) }
    if state.value.spare == nil { openAnother() }
  }

  /// Opens another tunnel, unless one is being opened.
  private func openAnother() {
    guard !state.value.isOpening, !state.value.isClosed else { return }
    state.value.isOpening = true
    let address = address
    loop.makeFutureWithTask { try await address() }
      .flatMap { self.openTunnel($0) }
      .whenFailure { self.notOpened($0) }
  }

  private func notOpened(_ error: any Error) {
    state.value.isOpening = false
    guard !state.value.isClosed else { return }
    let waiting = state.value.waiting
    state.value.waiting = []
    for connection in waiting { connection.close() }
    if let failure = error as? KubernetesFailure, Self.isFinal(failure) {
      // What is open may serve on, without a spare.
      if state.value.current == nil { _ = end(failure) }
      return
    }
    openAnotherLater()
  }

  /// After a pause that grows until an app is heard of again: what closes each tunnel at once isn't to be kept
  /// busy with new ones.
  private func openAnotherLater() {
    guard !state.value.isOpening, !state.value.isClosed else { return }
    let pause = state.value.pause
    state.value.pause = min(pause * 2, Self.longestPause)
    loop.scheduleTask(in: .nanoseconds(pause.wholeNanoseconds)) { [weak self] in
      self?.openAnother()
    }
  }

  private func take(_ event: PodTunnel.Event, of tunnel: PodTunnel) {
    switch event {
    case .answered:
      state.value.times.answered()
      state.value.pause = Self.shortestPause
    case .refused(let time, let hadSent):
      state.value.times.refused(after: time)
      state.value.pause = Self.shortestPause
      if hadSent, replace(tunnel) { tunnel.close() }
    case .broken:
      state.value.times.broke()
      if replace(tunnel) { tunnel.drain() }
    case .failed:
      // The spare leads to the same pod.
      let spare = state.value.spare
      state.value.spare = nil
      spare?.close()
      isLost(tunnel)
    case .ended:
      if state.value.spare === tunnel {
        state.value.spare = nil
        openAnotherLater()
      } else {
        isLost(tunnel)
      }
    }
  }

  private func isLost(_ tunnel: PodTunnel) {
    guard state.value.current === tunnel, !state.value.isClosed else { return }
    _ = progress.lost()
    _ = replace(tunnel, later: true)
    tunnel.close()
  }

  /// - Returns: whether it was the one in use.
  private func replace(_ tunnel: PodTunnel, later: Bool = false) -> Bool {
    guard state.value.current === tunnel else { return false }
    let spare = state.value.spare
    (state.value.current, state.value.spare) = (spare, nil)
    if spare != nil { progress.isUp() }
    if later { openAnotherLater() } else { openAnother() }
    return true
  }

  /// - Parameter failure: nil if it isn't wanted any more.
  private func end(_ failure: KubernetesFailure?) -> EventLoopFuture<Void> {
    guard !state.value.isClosed else { return loop.makeSucceededVoidFuture() }
    let old = state.value
    state.value.isClosed = true
    (state.value.current, state.value.spare, state.value.server) = (nil, nil, nil)
    if failure != nil { _ = progress.lost() }
    for connection in old.waiting { connection.close() }
    old.current?.close()
    old.spare?.close()
    let closing = old.server?.close() ?? loop.makeSucceededVoidFuture()
    return closing.always { [progress] _ in
      progress.end(failure ?? KubernetesFailure(.cancelled, "the port is closed"))
    }
  }
}
