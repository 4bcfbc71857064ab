import Measurement
import Synchronization
import Workflows

/// What the sessions of a run have said, until the run passes it on in its turn.
final class SessionNotes: Sendable {
  private struct State {
    var waiting: [(prefix: String, note: SessionNote)] = []
    var said: Set<String> = []
  }

  private let state = Mutex(State())

  /// Takes a session's note; each distinct one counts once, however often an edit brings it about.
  func add(_ note: SessionNote, of kind: WorkflowKind, _ path: PathName) {
    let prefix = "\(kind.rawValue)/\(path)"
    state.withLock { state in
      guard state.said.insert("\(prefix) \(note)").inserted else { return }
      state.waiting.append((prefix, note))
    }
  }

  /// What has come since the last call, with the session that it comes from.
  func take() -> [(session: String, note: SessionNote)] {
    state.withLock { state in
      defer { state.waiting = [] }
      return state.waiting.map { ($0.prefix, $0.note) }
    }
  }
}
