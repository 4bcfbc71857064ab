import Clock
import Processes
import Synchronization
import Workflows

/// What the loop of an app has told since a trial began, as far as it bears on the trial.
final class AppStory: Sendable {
  /// A text that was waited for, as it came by.
  struct Sight: Sendable {
    let text: String
    let at: MonotonicInstant
  }

  /// Looks out for a line that the developer sees: the app's, or the loop's own.
  final class LookOut: Sendable {
    private struct State {
      /// From when on sights count; nil while that isn't known.
      var from: MonotonicInstant?
      var early: [Sight] = []
    }

    /// Set with the first that counts.
    let first = OneShot<Sight>()
    private let isWanted: @Sendable (String) -> Bool
    private let state = Mutex(State())

    /// An app that repeats itself while something is being saved isn't kept in full.
    private static let mostEarly = 1000

    init(for isWanted: @escaping @Sendable (String) -> Bool) { self.isWanted = isWanted }

    func take(_ lines: [String], at now: MonotonicInstant) {
      for line in lines where isWanted(line) {
        let sight = Sight(text: line, at: now)
        state.withLock { state in
          if let from = state.from {
            if now >= from { first.set(sight) }
          } else if state.early.count < Self.mostEarly {
            state.early.append(sight)
          }
        }
      }
    }

    /// Sights count from an instant on, also those that have come since.
    func count(from instant: MonotonicInstant) {
      state.withLock { state in
        state.from = instant
        if let sight = state.early.first(where: { $0.at >= instant }) { first.set(sight) }
        state.early = []
      }
    }
  }

  private struct State {
    var notes: [String] = []
    var lookOut: LookOut?
  }

  private let state = Mutex(State())

  /// More lines of what a loop tells aren't kept.
  private static let mostNotes = 20

  var notes: [String] { state.withLock(\.notes) }

  /// Forgets what was told so far.
  func begin() {
    state.withLock { $0 = State() }
  }

  /// Looks out from now on; no sight counts before it is said from when on they do.
  func lookOut(for isWanted: @escaping @Sendable (String) -> Bool) -> LookOut {
    let lookOut = LookOut(for: isWanted)
    state.withLock { $0.lookOut = lookOut }
    return lookOut
  }

  func take(_ event: LoopEvent) {
    let now = MonotonicInstant.now()
    state.withLock { state in
      if let note = Self.note(of: event), state.notes.count < Self.mostNotes,
        state.notes.last != note
      {
        state.notes.append(note)
      }
      state.lookOut?.take(Self.lines(of: event), at: now)
    }
  }

  /// What bears on a trial of what a loop tells.
  static func note(of event: LoopEvent) -> String? {
    switch event {
    case .failed(let reason, _, _): reason
    case .lost(let failure, _): "\(failure)"
    case .output(LoopEvent.ownSource, let line): line
    default: nil
    }
  }

  /// What a developer reads of it.
  private static func lines(of event: LoopEvent) -> [String] {
    switch event {
    case .failed(let reason, let output, _): [reason] + output
    case .lost(let failure, _): ["\(failure)"]
    case .output(_, let line): [line]
    default: []
    }
  }
}
