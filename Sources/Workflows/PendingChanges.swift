package import Clock
import FileSync
import Synchronization

/// Changes of a tree that nothing has been done about yet.
package final class PendingChanges: Sendable {
  package struct Batch: Sendable {
    /// Relative to the tree, each once, in the order in which they were noticed.
    package var files: [String]
    /// When the first of them was noticed.
    package var at: MonotonicInstant
    /// When a change of one of them was noticed last.
    var last: MonotonicInstant
  }

  private struct State {
    var batch: Batch?
    /// The batch's files, to find them: by their bytes, since strings that look alike are equal.
    var seen: Set<TreePath> = []
  }

  private final class Store: Sendable {
    let state = Mutex(State())
  }

  /// Tells that there is something pending. For one loop alone.
  package let signals: AsyncStream<Void>
  private let signal: AsyncStream<Void>.Continuation
  private let store = Store()
  private let watcher: FileWatcher

  /// Watches from the moment this returns.
  ///
  /// - Parameters:
  ///   - leftOut: a path of the tree whose changes are passed over.
  ///   - isPassedOver: tells of other paths, on the watcher's thread.
  ///   - warn: told what a user should know, on the watcher's thread.
  package init(
    tree: String, leavingOut leftOut: String? = nil,
    passingOver isPassedOver: @escaping @Sendable (String) -> Bool = { RuntimeFiles.contain($0) },
    warn: @escaping @Sendable (String) -> Void = { _ in }
  ) throws(WorkflowFailure) {
    let (signals, signal) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    self.signals = signals
    self.signal = signal
    let store = store
    do {
      watcher = try FileWatcher(root: tree, onWarning: { warn("\($0)") }) { change in
        guard !isPassedOver(change.path), change.path != leftOut else { return }
        store.state.withLock { state in
          state.batch = state.batch ?? Batch(files: [], at: change.at, last: change.at)
          state.batch?.last = change.at
          // However often a file is written while the loop is busy, it is one change.
          if state.seen.insert(TreePath(change.path)).inserted {
            state.batch?.files.append(change.path)
          }
        }
        signal.yield()
      }
    } catch {
      throw .watch("\(error)")
    }
  }

  /// Signals, though nothing is pending: there is something else to look at.
  package func wake() { signal.yield() }

  /// What is pending, and goes on being so.
  var current: Batch? { store.state.withLock(\.batch) }

  /// What was pending, and now isn't any more.
  package func take() -> Batch? {
    store.state.withLock { state in
      defer { state = State() }
      return state.batch
    }
  }
}
