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
  }

  private final class Store: Sendable {
    let batch = Mutex<Batch?>(nil)
  }

  /// Tells that there is something pending. For one loop alone.
  package let signals: AsyncStream<Void>
  private let store = Store()
  private let watcher: FileWatcher

  /// Watches from the moment this returns.
  package init(tree: String) throws(WorkflowFailure) {
    let (signals, signal) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    self.signals = signals
    let store = store
    do {
      watcher = try FileWatcher(root: tree) { change in
        guard !RuntimeFiles.contain(change.path) else { return }
        store.batch.withLock { batch in
          if batch?.files.last == change.path { return }
          batch = batch ?? Batch(files: [], at: change.at)
          batch?.files.append(change.path)
        }
        signal.yield()
      }
    } catch {
      throw .watch("\(error)")
    }
  }

  /// What is pending, and goes on being so.
  var current: Batch? { store.batch.withLock { $0?.withoutRepeats } }

  /// What was pending, and now isn't any more.
  package func take() -> Batch? {
    store.batch.withLock { batch in
      defer { batch = nil }
      return batch?.withoutRepeats
    }
  }
}

extension PendingChanges.Batch {
  fileprivate var withoutRepeats: Self {
    var seen: Set<String> = []
    return Self(files: files.filter { seen.insert($0).inserted }, at: at)
  }
}
