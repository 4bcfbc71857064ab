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

  private struct State {
    var notes: [String] = []
    var isWanted: (@Sendable (String) -> Bool)?
    var sight = OneShot<Sight>()
  }

  private let state = Mutex(State())

  /// More lines of what a loop tells aren't kept.
  private static let mostNotes = 20

  var notes: [String] { state.withLock(\.notes) }

  /// Forgets what was told so far.
  func begin() {
    state.withLock { $0 = State() }
  }

  /// Looks out, from now on, for a line that the developer sees: the app's, or the loop's own.
  ///
  /// - Returns: set with the first.
  func lookOut(for isWanted: @escaping @Sendable (String) -> Bool) -> OneShot<Sight> {
    state.withLock { state in
      state.isWanted = isWanted
      state.sight = OneShot()
      return state.sight
    }
  }

  func take(_ event: LoopEvent) {
    let now = MonotonicInstant.now()
    state.withLock { state in
      if let note = Self.note(of: event), state.notes.count < Self.mostNotes,
        state.notes.last != note
      {
        state.notes.append(note)
      }
      guard let isWanted = state.isWanted,
        let line = Self.lines(of: event).first(where: isWanted)
      else { return }
      state.sight.set(Sight(text: line, at: now))
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
