package import Clock
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

/// One stretch of probing. Its state lives on the probe's event loop and is touched there alone.
package final class ProbeWatch: Sendable {
  private struct UnderWay {
    let sentAt: MonotonicInstant
    /// Nil until there is one.
    var channel: (any Channel)?
  }

  private struct State {
    var observation = ProbeObservation()
    /// Requests by number.
    var underWay: [Int: UnderWay] = [:]
    /// What the app itself took for its last answer.
    var appTime: Duration
    var lastSent: MonotonicInstant?
    var nextTick = MonotonicInstant.now()
    var timer: Scheduled<Void>?
    var begunAt = MonotonicInstant.now()
    var cpuAtStart: Duration = .zero
    var address: String?
    /// What is sent after this is answered by an app that replaced the one before.
    var replacedAt: MonotonicInstant?
    var isOver = false
  }

  private let loop: any EventLoop
  private let endpoint: ProbeEndpoint
  private let addresses: [String]
  private let interval: Duration
  private let idleInterval: Duration
  private let hedgeDelay: Duration
  private let way: ProbeWay
  private let entrance: @Sendable () -> ProbeWay.Entrance
  private let goal: ProbeGoal
  private let onSend: @Sendable () -> Void
  private let onAnswer: @Sendable (String, Duration) -> Void
  private let state: NIOLoopBoundBox<State>
  private let done: EventLoopPromise<ProbeObservation>

  /// - Parameters:
  ///   - addresses: tried in turn until one has answered.
  ///   - hedgeDelay: how long a request stays alone with the app.
  ///   - entrance: what takes the connections now; it may become another meanwhile.
  ///   - appTime: what the app itself took for its last answer, as far as is known.
  ///   - onSend: told of each request that got a connection.
  ///   - onAnswer: told of each response, which address it came from and how long it took.
  init(
    loop: any EventLoop, endpoint: ProbeEndpoint, addresses: [String], interval: Duration,
    idleInterval: Duration, hedgeDelay: Duration, way: ProbeWay,
    entrance: @escaping @Sendable () -> ProbeWay.Entrance, appTime: Duration, goal: ProbeGoal,
    onSend: @escaping @Sendable () -> Void,
    onAnswer: @escaping @Sendable (String, Duration) -> Void
  ) {
    self.loop = loop
    self.endpoint = endpoint
    self.addresses = addresses
    self.interval = interval
    self.idleInterval = idleInterval
    self.hedgeDelay = hedgeDelay
    self.way = way
    self.entrance = entrance
    self.goal = goal
    self.onSend = onSend
    self.onAnswer = onAnswer
    self.state = .makeBoxSendingValue(State(appTime: appTime), eventLoop: loop)
    self.done = loop.makePromise()
  }

  /// Waits until the goal is seen, the time is up, `stop()` is called or the task is cancelled.
  ///
  /// - Parameter limit: counted from now.
  package func result(limit: Duration) async -> ProbeObservation {
    let timer = loop.scheduleTask(in: .nanoseconds(limit.wholeNanoseconds)) { self.finish() }
    defer { timer.cancel() }
    return await withTaskCancellationHandler {
      // The promise is only ever succeeded.
      (try? await done.futureResult.get()) ?? ProbeObservation()
    } onCancel: {
      stop()
    }
  }

  /// Ends the probing; what was seen so far is the result.
  package func stop() {
    loop.execute { self.finish() }
  }

  /// Tells that the app which ran before is gone: an answer to what is sent after the instant comes from
  /// the one that replaced it.
  package func appWasReplaced(at instant: MonotonicInstant) {
    loop.execute { self.markReplaced(at: instant) }
  }

  /// What has been seen so far.
  package func observation() async -> ProbeObservation {
    // The only error is a loop that has ended.
    (try? await loop.submit { self.state.value.observation }.get()) ?? ProbeObservation()
  }

  func start() {
    loop.execute {
      self.state.value.begunAt = .now()
      self.state.value.nextTick = .now()
      self.state.value.cpuAtStart = Self.threadCPU()
      self.tick()
    }
  }

  private func finish() {
    guard !state.value.isOver else { return }
    state.value.isOver = true
    state.value.observation.cpu = Self.threadCPU() - state.value.cpuAtStart
    state.value.observation.elapsed = .now() - state.value.begunAt
    let open = state.value.underWay
    state.value.underWay = [:]
    done.succeed(state.value.observation)
    for request in open.values { request.channel?.close(promise: nil) }
  }

  /// Sends a request if one is due, and arranges for the next look. Ticks keep to the raster of the
  /// first one; those that were missed are left out, not made up for.
  private func tick() {
    guard !state.value.isOver else { return }
    let now = MonotonicInstant.now()
    if isDue(at: now) { send(at: now) } else { giveUpOldest(at: now) }
    var next = state.value.nextTick
    let interval = state.value.replacedAt == nil ? idleInterval : interval
    repeat { next = next + interval } while next <= now
    state.value.nextTick = next
    state.value.timer = loop.scheduleTask(in: .nanoseconds((next - .now()).wholeNanoseconds)) {
      self.tick()
    }
  }

  private func isDue(at now: MonotonicInstant) -> Bool {
    guard !state.value.underWay.isEmpty, let lastSent = state.value.lastSent else { return true }
    let kept = keptByApp(at: now)
    // What is on its way reaches the app one by one, and leaves it as much time again as it needs.
    if kept == 0 { return now - lastSent >= state.value.appTime * 2 }
    return kept < Probe.mostUnderWay && now - lastSent >= hedgeDelay
  }

  /// How many requests the app should have answered by now.
  private func keptByApp(at now: MonotonicInstant) -> Int {
    state.value.underWay.values.count { way.isOver(at: now - $0.sentAt, interval: interval) }
  }

  /// When as many requests wait for the app as may and none is answered, the oldest makes room: what it was
  /// sent to may have gone without a word.
  private func giveUpOldest(at now: MonotonicInstant) {
    guard keptByApp(at: now) >= Probe.mostUnderWay, let lastSent = state.value.lastSent,
      now - lastSent >= max(hedgeDelay, Probe.patience),
      let oldest = state.value.underWay.keys.min()
    else { return }
    let request = state.value.underWay.removeValue(forKey: oldest)
    unanswered("no answer came")
    request?.channel?.close(promise: nil)
    send(at: now)
  }

  private func send(at instant: MonotonicInstant) {
    let number = state.value.observation.requests
    state.value.observation.requests += 1
    state.value.lastSent = instant
    let address = state.value.address ?? addresses[number % addresses.count]
    state.value.underWay[number] = UnderWay(sentAt: instant)
    let bootstrap = ClientBootstrap(group: loop).channelInitializer { channel in
      channel.eventLoop.makeCompletedFuture {
        self.state.value.underWay[number]?.channel = channel
        let request = ProbeRequest(
          host: address.contains(":") ? "[\(address)]" : address, port: self.endpoint.port,
          path: self.endpoint.path, goal: self.goal, onSend: self.onSend
        ) { event in
          self.take(event, of: number, sentAt: instant, from: address)
        }
        try channel.pipeline.syncOperations.addHTTPClientHandlers()
        try channel.pipeline.syncOperations.addHandler(request)
      }
    }
    do {
      let target = try SocketAddress(ipAddress: address, port: endpoint.port)
      let connecting = bootstrap.connect(to: target)
      connecting.whenSuccess { channel in
        if self.state.value.isOver { channel.close(promise: nil) }
      }
      connecting.whenFailure { error in
        self.take(.notConnected(error), of: number, sentAt: instant, from: address)
      }
    } catch {
      take(.notConnected(error), of: number, sentAt: instant, from: address)
    }
  }

  private func take(
    _ event: ProbeRequest.Event, of number: Int, sentAt: MonotonicInstant, from address: String
  ) {
    // A connection may fail twice, in connecting and in closing; the first word counts.
    guard !state.value.isOver, state.value.underWay.removeValue(forKey: number) != nil else {
      return
    }
    switch event {
    case .found(let instant):
      settle(on: address, sentAt)
      state.value.observation.found = instant
      answered("it answered as wanted", failing: nil)
      finish()
      return
    case .complete(_, .some(let answer), let instant) where isMet(by: answer, sentAt: sentAt):
      settle(on: address, sentAt)
      state.value.observation.found = instant
      state.value.observation.foundAnswer = answer
      answered("it answered HTTP \(answer.status)", failing: nil)
      finish()
    case .complete(let status, _, let instant) where (200..<300).contains(status):
      settle(on: address, sentAt)
      state.value.observation.lastOld = instant
      absent(sentAt)
      answered("it answered HTTP \(status) without the new text", failing: nil)
    case .complete(let status, _, _):
      settle(on: address, sentAt)
      // A failing response isn't old code, nor is it new: it proves nothing for the bracket, unless new code is
      // known to succeed.
      if case .recovery = goal { absent(sentAt) }
      answered("it answered HTTP \(status)", failing: status)
    case .broken(let reason):
      if case .recovery = goal { absent(sentAt) }
      unanswered("the connection broke: \(reason)")
    case .reset where entrance() == .relay:
      absent(sentAt)
      // It may have been long on its way, and others that were sent after it answered by the old app.
      markReplaced(at: .now())
      unanswered("the connection was refused")
    case .reset:
      if case .recovery = goal { absent(sentAt) }
      unanswered("the connection broke: it was reset")
    case .notConnected(let error) where (error as? IOError)?.errnoCode == ECONNREFUSED:
      if entrance() == .app {
        absent(sentAt)
        markReplaced(at: sentAt)
      }
      unanswered("the connection was refused")
    case .notConnected(let error):
      unanswered("no connection: \(error)")
    }
  }

  /// Whether a response is what a goal that compares responses waits for.
  private func isMet(by answer: ProbeAnswer, sentAt: MonotonicInstant) -> Bool {
    // An answer to what had been sent before may still be the old app's.
    let isReplacements = state.value.replacedAt.map { sentAt > $0 } ?? false
    return switch goal {
    case .response: true
    case .change(let before): answer != before || isReplacements
    case .status(let before): answer.status != before || isReplacements
    case .replacement: isReplacements
    case .answer, .text, .recovery, .absence, .failure: false
    }
  }

  private func markReplaced(at instant: MonotonicInstant) {
    let isFirst = state.value.replacedAt == nil
    state.value.replacedAt = max(state.value.replacedAt ?? instant, instant)
    guard isFirst, idleInterval != interval, !state.value.isOver else { return }
    // From now on an answer says something, so it is asked for as often as may be.
    state.value.timer?.cancel()
    state.value.nextTick = .now()
    state.value.timer = loop.scheduleTask(in: .zero) { self.tick() }
  }

  private func settle(on address: String, _ sentAt: MonotonicInstant) {
    state.value.address = address
    let answerTime = MonotonicInstant.now() - sentAt
    state.value.appTime = way.appTime(of: answerTime)
    onAnswer(address, answerTime)
  }

  private func absent(_ instant: MonotonicInstant) {
    state.value.observation.lastAbsentSent = max(
      state.value.observation.lastAbsentSent ?? instant, instant)
  }

  private func answered(_ text: String, failing status: Int?) {
    state.value.observation.lastAnswer = text
    state.value.observation.lastWasResponse = true
    state.value.observation.lastResponse = .now()
    state.value.observation.failingStatus = status
  }

  private func unanswered(_ text: String) {
    state.value.observation.lastAnswer = text
    state.value.observation.lastWasResponse = false
  }

  private static func threadCPU() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }
}
