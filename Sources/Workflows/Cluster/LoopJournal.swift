import Clock
import Measurement
import Processes
import Synchronization

/// What the loop did about each burst of changes, and when: the source of the phases.
final class LoopJournal: Sendable {
  /// What the app does itself once the loop has done its part.
  enum Rest: Sendable {
    /// Its own reloader notices and starts it again.
    case reload
    /// The supervisor in the container stops it and starts it again.
    case restart
    /// A new container starts it.
    case start
  }

  /// One burst and what was done about it.
  private struct Entry: Sendable {
    var noticed: MonotonicInstant
    /// The phases so far, each with its end; they follow one another.
    var steps: [(name: String, end: MonotonicInstant)] = []
    /// What comes after the last step, until the app serves.
    var rest: Rest
    /// When the loop had done its part.
    var finished: MonotonicInstant?
  }

  private struct State {
    var entries: [Entry] = []
    var isOpen = false
    /// The latest instant at which something was noticed that has been dealt with.
    var settledFor: MonotonicInstant?
    /// Who waits for what was noticed at an instant or later to have been acted on.
    var waiters: [(since: MonotonicInstant, done: OneShot<Void>)] = []
  }

  private let state = Mutex(State())

  /// More than any iteration has; without iterations, as in `devbench dev`, nobody asks for them.
  private static let limit = 200

  func begin(noticed: MonotonicInstant, rest: Rest) {
    state.withLock { state in
      if state.entries.count >= Self.limit { state.entries.removeFirst() }
      state.entries.append(Entry(noticed: noticed, rest: rest))
      state.isOpen = true
    }
  }

  /// A step of the latest burst has ended.
  func step(_ name: String, at end: MonotonicInstant = .now()) {
    change { $0.steps.append((name, end)) }
  }

  /// What the latest burst's remaining time is.
  func call(rest: Rest) {
    change { $0.rest = rest }
  }

  private func change(_ body: (inout Entry) -> Void) {
    state.withLock { state in
      guard state.isOpen, let last = state.entries.indices.last else { return }
      body(&state.entries[last])
    }
  }

  /// What was noticed until an instant has been dealt with, whether there was something to do or not.
  func finish(noticed: MonotonicInstant, at end: MonotonicInstant = .now()) {
    let waiters = state.withLock { state -> [OneShot<Void>] in
      if state.isOpen, let last = state.entries.indices.last { state.entries[last].finished = end }
      state.isOpen = false
      state.settledFor = max(state.settledFor ?? noticed, noticed)
      defer { state.waiters.removeAll { $0.since <= noticed } }
      return state.waiters.filter { $0.since <= noticed }.map(\.done)
    }
    for waiter in waiters { waiter.set(()) }
  }

  /// Waits until something that was noticed at an instant or later has been dealt with.
  func waitUntilActedOn(since instant: MonotonicInstant, limit: Duration) async throws {
    let done = OneShot<Void>()
    state.withLock { state in
      if let settled = state.settledFor, settled >= instant {
        done.set(())
      } else {
        state.waiters.append((instant, done))
      }
    }
    defer { state.withLock { $0.waiters.removeAll { $0.done === done } } }
    _ = try await done.cancellableValue(limit: limit)
  }

  /// Waits until no burst is being dealt with; false if one is when the limit is reached.
  func waitUntilIdle(limit: Duration) async throws -> Bool {
    func current() -> MonotonicInstant? {
      state.withLock { $0.isOpen ? $0.entries.last?.noticed : nil }
    }
    guard let noticed = current() else { return true }
    try await waitUntilActedOn(since: noticed, limit: limit)
    return current() == nil
  }

  /// `detect` until the first burst was noticed, then what was done, burst after burst; the last one's
  /// rest lasts to the end.
  ///
  /// - Parameter said: what the app and its supervisor printed about themselves.
  func spans(
    from save: MonotonicInstant, to end: MonotonicInstant, said: RestLog
  ) -> [PhaseSpan] {
    let entries = state.withLock { state in
      state.entries.filter { ($0.finished ?? end) >= save && $0.noticed <= end }
    }
    guard let first = entries.first else { return [] }
    var spans = [PhaseSpan(name: "detect", start: save, end: first.noticed)]
    for (index, entry) in entries.enumerated() {
      let next = index + 1 < entries.count ? entries[index + 1].noticed : end
      var reached = entry.noticed
      for step in entry.steps {
        spans.append(PhaseSpan(name: step.name, start: reached, end: step.end))
        reached = step.end
      }
      spans += said.spans(of: entry.rest, from: reached, to: max(next, reached))
    }
    return spans
  }
}
