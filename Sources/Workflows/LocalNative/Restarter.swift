import Clock
import Measurement
import Processes
import Synchronization

/// The loop behind `restart`: a change is noticed, the app is stopped and started again.
///
/// Changes that come while the app is being stopped are covered by the start that follows; those that
/// come later cause one more restart, however many they are.
final class Restarter: Sendable {
  /// Stops the app and starts it again; tells its argument when the old app was gone, before the new
  /// one is started.
  typealias Replace = @Sendable (_ beforeStart: @Sendable (MonotonicInstant) -> Void) async -> Void

  private struct Restart {
    var detected: MonotonicInstant
    var gone: MonotonicInstant
  }

  private struct State {
    var restarts: [Restart] = []
    /// Who waits for the app to be gone that ran at an instant.
    var waiters: [(since: MonotonicInstant, done: OneShot<Void>)] = []
  }

  private final class Record: Sendable {
    let state = Mutex(State())
  }

  private let record = Record()
  private let loop: Task<Void, Never>

  init(
    tree: String, leavingOut leftOut: String?, warn: @escaping @Sendable (String) -> Void,
    tell: @escaping @Sendable (LoopEvent) -> Void, replace: @escaping Replace
  ) throws(WorkflowFailure) {
    let record = record
    let changes = try PendingChanges(tree: tree, leavingOut: leftOut, warn: warn)
    loop = Task(priority: .high) {
      for await _ in changes.signals {
        guard let noticed = changes.current else { continue }
        tell(.noticed(files: noticed.files, at: noticed.at))
        tell(.acting(.restart, cause: nil))
        await replace { gone in
          // The start that follows covers these; what is noticed from here on needs another.
          let more = (changes.take()?.files ?? []).filter { !noticed.files.contains($0) }
          if !more.isEmpty { tell(.noticed(files: more, at: gone)) }
          let waiters = record.state.withLock { state in
            state.restarts.append(Restart(detected: noticed.at, gone: gone))
            defer { state.waiters.removeAll { $0.since <= gone } }
            return state.waiters.filter { $0.since <= gone }
          }
          for waiter in waiters { waiter.done.set(()) }
        }
        tell(.settled(at: .now()))
      }
    }
  }

  /// Waits until the app that ran at an instant is gone; a restart that was under way then counts, since
  /// it covers every change that comes before the new app's start.
  func waitForRestart(since instant: MonotonicInstant, limit: Duration) async throws {
    let done = OneShot<Void>()
    record.state.withLock { state in
      if state.restarts.contains(where: { $0.gone >= instant }) {
        done.set(())
      } else {
        state.waiters.append((instant, done))
      }
    }
    _ = try await done.cancellableValue(limit: limit)
  }

  /// Restarts no more.
  func end() {
    loop.cancel()
  }

  /// `detect` until the watcher noticed, `stop` until the old app was gone, `start` until the new one
  /// answered (or was ready, then `respond`).
  ///
  /// - Parameter ready: when the app said it was ready, between two instants.
  func spans(
    from save: MonotonicInstant, to end: MonotonicInstant,
    ready: (MonotonicInstant, MonotonicInstant) -> MonotonicInstant?
  ) -> [PhaseSpan] {
    let restarts = record.state.withLock { state in
      defer { state.restarts.removeAll() }
      return state.restarts.filter { $0.gone >= save && $0.detected <= end }
    }
    var spans: [PhaseSpan] = []
    if let first = restarts.first {
      spans.append(PhaseSpan(name: "detect", start: save, end: first.detected))
    }
    for (index, restart) in restarts.enumerated() {
      spans.append(PhaseSpan(name: "stop", start: restart.detected, end: restart.gone))
      let next = index + 1 < restarts.count ? restarts[index + 1].detected : end
      // The start begins when the old app is gone: making the new process is part of it.
      if let ready = ready(restart.gone, next) {
        spans.append(PhaseSpan(name: "start", start: restart.gone, end: ready))
        spans.append(PhaseSpan(name: "respond", start: ready, end: next))
      } else {
        spans.append(PhaseSpan(name: "start", start: restart.gone, end: next))
      }
    }
    return spans
  }
}
