package import Clock
package import Measurement
import Synchronization

/// When the parts of a session's start took place, by the one clock. It is told, and changes nothing.
package final class SetUpJournal: Sendable {
  private struct State {
    var spans: [PhaseSpan] = []
    /// Since when the app starts by itself.
    var launchedAt: MonotonicInstant?
    /// Until then there was no app that could have answered.
    var absentUntil: MonotonicInstant?
    var answer: ProbeObservation?
    var installedCount: Int?
  }

  private let state = Mutex(State())

  package init() {}

  /// A part has ended.
  package func add(
    _ name: String, from start: MonotonicInstant, to end: MonotonicInstant = .now()
  ) {
    state.withLock { $0.spans.append(PhaseSpan(name: name, start: start, end: end)) }
  }

  /// Installing has ended, and has brought so many files and directories into the working copy, each new directory
  /// once with all that is in it.
  package func installed(_ count: Int) { state.withLock { $0.installedCount = count } }

  /// Nil where nothing was to be installed.
  package var installedCount: Int? { state.withLock(\.installedCount) }

  /// All is done that isn't the app's own: what comes is its start.
  ///
  /// - Parameter absent: until when there was no app yet.
  package func launched(at instant: MonotonicInstant, absentUntil absent: MonotonicInstant) {
    state.withLock { ($0.launchedAt, $0.absentUntil) = (instant, absent) }
  }

  /// The app has answered.
  package func answered(_ observation: ProbeObservation) {
    state.withLock { state in
      guard state.answer == nil, let found = observation.found else { return }
      state.answer = observation
      if let launched = state.launchedAt {
        state.spans.append(PhaseSpan(name: "start", start: launched, end: found))
      }
    }
  }

  /// In the order in which they began.
  package var spans: [PhaseSpan] {
    state.withLock { $0.spans.sorted { $0.start < $1.start } }
  }

  /// When the first answer was seen, and the last moment at which it is known that there was none; nil if none was
  /// seen.
  package var answer: (notBefore: MonotonicInstant?, at: MonotonicInstant)? {
    state.withLock { state in
      guard let answer = state.answer, let found = answer.found else { return nil }
      let known = [answer.lastAbsentSent, state.absentUntil].compactMap { $0 }
      return (known.max().map { min($0, found) }, found)
    }
  }
}
