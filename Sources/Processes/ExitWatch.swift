import CProcesses
package import Clock
@preconcurrency import Dispatch
package import Glibc

/// Sees the end of a process that devbench needn't have started.
///
/// The kernel tells of it (pidfd_open(2)); nothing is polled.
package final class ExitWatch: Sendable {
  private let gone = OneShot<MonotonicInstant>()
  private let source: (any DispatchSourceRead)?

  /// - Parameter pid: one that is gone already, or none, has ended now.
  package init(of pid: pid_t) {
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

  deinit { source?.cancel() }

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
