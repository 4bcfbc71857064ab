import Clock
import NIOCore

/// What a link is made of on its event loop: two wires, the connections over them, and one timer.
final class LinkCore {
  let loop: any EventLoop
  let ledger: LinkLedger
  private(set) var profile: LinkProfile
  /// What was asked for beside the profile.
  private var askedOutage: LinkOutage?
  private(set) var up: Wire
  private(set) var down: Wire
  private var agenda = TimedQueue<() -> Void>()
  private var relays: [ObjectIdentifier: Relay] = [:]
  private var timer: (time: Int64, task: Scheduled<Void>)?
  private var isAdvancing = false
  private var isAdvanceAsked = false

  /// Since when link time stands still, and how long it has stood still before.
  private var frozenAt: Int64?
  private var stoodStill: Int64 = 0

  init(loop: any EventLoop, ledger: LinkLedger, profile: LinkProfile) {
    self.loop = loop
    self.ledger = ledger
    self.profile = profile
    (up, down) = (
      Wire(Self.conditions(profile, profile.up)), Wire(Self.conditions(profile, profile.down))
    )
    outageChanged()
  }

  private static func conditions(_ profile: LinkProfile, _ rate: Bandwidth?) -> Wire.Conditions {
    Wire.Conditions(
      bitsPerSecond: rate?.bitsPerSecond, delay: profile.rtt.wholeNanoseconds / 2,
      jitter: profile.jitter.wholeNanoseconds)
  }

  /// Nanoseconds that don't pass while the link is stalled.
  var now: Int64 { frozenAt ?? MonotonicInstant.now().nanoseconds - stoodStill }

  var isStalled: Bool { frozenAt != nil }

  var outage: LinkOutage? { askedOutage ?? profile.outage }

  /// One way, nanoseconds.
  var delay: Int64 { up.conditions.delay }

  func set(_ profile: LinkProfile) {
    self.profile = profile
    up.change(to: Self.conditions(profile, profile.up), at: now)
    down.change(to: Self.conditions(profile, profile.down), at: now)
    outageChanged()
  }

  func set(_ outage: LinkOutage?) {
    askedOutage = outage
    outageChanged()
  }

  private func outageChanged() {
    if outage == .stall, frozenAt == nil {
      frozenAt = now
      timer?.task.cancel()
      timer = nil
    } else if outage != .stall, let since = frozenAt {
      frozenAt = nil
      stoodStill = MonotonicInstant.now().nanoseconds - since
    }
    if outage == .refuse || outage == .reset { cutAll() }
    for relay in Array(relays.values) { relay.conditionsChanged() }
    advance()
  }

  func add(_ relay: Relay) {
    relays[ObjectIdentifier(relay)] = relay
  }

  func remove(_ relay: Relay) {
    relays[ObjectIdentifier(relay)] = nil
  }

  func cutAll() {
    for relay in Array(relays.values) { relay.cut() }
  }

  /// Runs it at a link time; soon if that has come.
  func at(_ time: Int64, _ work: @escaping () -> Void) {
    agenda.add(work, at: time)
    advanceSoon()
  }

  /// Advances once the channels' callbacks are through: advancing can close the very channel that calls, which
  /// NIO doesn't expect of `channelReadComplete`, and it serves all that came in one turn of the loop at once.
  func advanceSoon() {
    guard !isAdvanceAsked else { return }
    isAdvanceAsked = true
    loop.assumeIsolated().execute {
      self.isAdvanceAsked = false
      self.advance()
    }
  }

  /// Does what is due and sets the timer for the rest.
  func advance() {
    guard !isStalled, !isAdvancing else { return }
    isAdvancing = true
    while !isStalled {
      let now = now
      while let work = agenda.next(until: now) { work() }
      up.advance(to: now)
      down.advance(to: now)
      guard let next, next <= now else { break }
    }
    isAdvancing = false
    guard !isStalled, let next else { return }
    if let timer, timer.time <= next { return }
    timer?.task.cancel()
    let task = loop.assumeIsolated().scheduleTask(in: .nanoseconds(max(0, next - now))) {
      self.timer = nil
      self.advance()
    }
    timer = (next, task)
  }

  private var next: Int64? {
    [agenda.nextTime, up.nextTime, down.nextTime].compactMap { $0 }.min()
  }

  func end() {
    timer?.task.cancel()
    timer = nil
    cutAll()
  }
}
