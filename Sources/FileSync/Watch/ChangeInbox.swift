import Synchronization

/// Gathers what a watcher reports until the one who acts on it has time: changes that come during a
/// landing make one batch afterwards.
package final class ChangeInbox: Sendable {
  private struct State {
    var changes: [FileChange] = []
    var waiter: CheckedContinuation<[FileChange], Never>?
    var isClosed = false
  }

  private let state = Mutex(State())

  package init() {}

  /// To be called by the watcher.
  package func add(_ change: FileChange) {
    let waiter = state.withLock { state -> CheckedContinuation<[FileChange], Never>? in
      if state.isClosed { return nil }
      guard let waiter = state.waiter else {
        state.changes.append(change)
        return nil
      }
      state.waiter = nil
      return waiter
    }
    waiter?.resume(returning: [change])
  }

  /// All changes since the last call, at least one; waits for it. Empty once the inbox is closed. For one
  /// caller at a time.
  package func next() async -> [FileChange] {
    await withCheckedContinuation { continuation in
      let ready = state.withLock { state -> [FileChange]? in
        if !state.changes.isEmpty || state.isClosed {
          defer { state.changes = [] }
          return state.changes
        }
        precondition(state.waiter == nil, "only one may wait for changes")
        state.waiter = continuation
        return nil
      }
      if let ready { continuation.resume(returning: ready) }
    }
  }

  /// No more changes: ends the waiting.
  package func close() {
    let waiter = state.withLock { state -> CheckedContinuation<[FileChange], Never>? in
      state.isClosed = true
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume(returning: [])
  }
}
