import CProcesses
package import Clock
@preconcurrency import Dispatch
package import Glibc

/// Sees the end of a process that devbench needn't have started.
///
/// Of one on this machine the kernel tells (pidfd_open(2)); nothing is polled.
package final class ExitWatch: Sendable {
  private let gone = OneShot<MonotonicInstant>()
  private let source: (any DispatchSourceRead)?
  private let waiting: Task<Void, Never>?

  /// - Parameter pid: one that is gone already, or none, has ended now.
  package init(of pid: pid_t) {
    waiting = nil
    let descriptor = pid > 0 ? devbench_pidfd_open(pid) : -1
    guard descriptor >= 0 else {
      source = nil
      gone.set(.now())
      return
    }
    let source = DispatchSource.makeReadSource(
      fileDescriptor: descriptor, queue: .global(qos: .userInitiated))
    self.source = source
    source.setEventHandler { [gone] in
      gone.set(.now())
      source.cancel()
    }
    source.setCancelHandler { close(descriptor) }
    source.resume()
  }

  /// Where the process is another machine's, whose kernel tells nothing here.
  ///
  /// - Parameter wait: returns when the process is gone; throws if that isn't waited for any more.
  package init(_ wait: @escaping @Sendable () async throws -> Void) {
    source = nil
    waiting = Task { [gone] in
      do { try await wait() } catch { return }
      gone.set(.now())
    }
  }

  deinit {
    source?.cancel()
    waiting?.cancel()
  }

  /// When the process was seen to be gone; nil while it isn't.
  package var goneAt: MonotonicInstant? { gone.current }

  /// Waits for the end; throws `CancellationError` if the waiting task is cancelled first.
  package func end() async throws -> MonotonicInstant {
    try await gone.cancellableValue()
  }

  /// Waits for the end at most so long; nil if it isn't gone by then.
  package func end(limit: Duration) async throws -> MonotonicInstant? {
    try await gone.cancellableValue(limit: limit)
  }
}
