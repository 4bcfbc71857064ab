import Clock
import Synchronization

/// Whether a server that has answered before is in reach, for all who ask it.
package final class ServerReach: Sendable {
  private enum State {
    /// Nobody knows whether there is such a server at all.
    case unknown
    case answers
    /// It is waited for, by everybody until the same instant.
    case isGone(waitedForUntil: MonotonicInstant)
  }

  private let patience: Duration
  private let state = Mutex(State.unknown)

  /// - Parameter patience: how long a server that is gone is waited for. Who has waited in vain waits again only
  ///   once it has answered.
  package init(patience: Duration = .seconds(30)) {
    self.patience = patience
  }

  func answered() { state.withLock { $0 = .answers } }

  /// - Returns: whether to ask again.
  func isGone(at now: MonotonicInstant = .now()) -> Bool {
    state.withLock { state in
      switch state {
      case .unknown: return false
      case .answers:
        state = .isGone(waitedForUntil: now + patience)
        return true
      case .isGone(let end): return now < end
      }
    }
  }
}
