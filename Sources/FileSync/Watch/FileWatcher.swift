import Clock
import Foundation
import Glibc
import Synchronization

/// Watches a tree with inotify(7) and reports each file that changed, once the writer let go of it.
///
/// A file that was closed after writing, renamed, linked or removed is reported at once; one that is
/// written and kept open is reported after 20 ms without a write. Directories made later are watched
/// too, and files that were written into them before the watch was in place are reported.
package final class FileWatcher: Sendable {
  /// How long a file that is kept open must rest before it is reported.
  package static let quietPeriod: Duration = .milliseconds(20)

  /// Closing the writing end wakes the thread and ends it.
  private let wake: Int32
  private let ended: DispatchSemaphore

  /// Watches from the moment this returns.
  ///
  /// - Parameters:
  ///   - root: a directory, or a symbolic link to one.
  ///   - onWarning: called on the watcher's own thread.
  ///   - onChange: called for each change, in order, on the watcher's own thread.
  package convenience init(
    root: String, ignoring ignored: IgnoredFiles = IgnoredFiles(),
    onWarning: @escaping @Sendable (WatchWarning) -> Void = { _ in },
    onChange: @escaping @Sendable (FileChange) -> Void
  ) throws(WatchFailure) {
    try self.init(
      root: root, ignoring: ignored, limit: .max, onWarning: onWarning, onChange: onChange)
  }

  /// - Parameter limit: of watches, beside the kernel's.
  init(
    root: String, ignoring ignored: IgnoredFiles, limit: Int,
    onWarning: @escaping @Sendable (WatchWarning) -> Void,
    onChange: @escaping @Sendable (FileChange) -> Void
  ) throws(WatchFailure) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw .unreadable(root: root, reason: String(cString: strerror(errno)))
    }
    let (reading, writing) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    wake = writing
    let ended = DispatchSemaphore(value: 0)
    self.ended = ended
    let begun = DispatchSemaphore(value: 0)
    let failure = Mutex<WatchFailure?>(nil)
    // A thread of its own: reading the clock must not wait behind other work.
    let thread = Thread {
      defer {
        close(reading)
        ended.signal()
      }
      var hasBegun = false
      do throws(WatchFailure) {
        let obstacle: WatchFailure
        do throws(WatchFailure) {
          let loop = try WatchLoop(
            root: root, ignored: ignored, wake: reading, limit: limit, onWarning: onWarning,
            onChange: onChange)
          begun.signal()
          guard let failure = loop.run() else { return }
          (obstacle, hasBegun) = (failure, true)
        } catch {
          if case .unreadable = error { throw error }
          obstacle = error
        }
        var loop = try PollLoop(root: root, ignored: ignored, wake: reading, onChange: onChange)
        onWarning(.polling(obstacle))
        // What changed since a directory stayed unwatched isn't known.
        if hasBegun { onChange(FileChange(path: "", at: .now())) } else { begun.signal() }
        loop.run()
      } catch {
        if hasBegun { return onWarning(.rootGone(root: root)) }
        failure.withLock { $0 = error }
        begun.signal()
      }
    }
    thread.name = "devbench-watch"
    thread.start()
    begun.wait()
    if let failure = failure.withLock({ $0 }) { throw failure }
  }

  deinit {
    close(wake)
    ended.wait()
  }
}
