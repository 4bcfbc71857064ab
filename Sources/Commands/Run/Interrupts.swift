import Dispatch
import Glibc
import Processes
import Synchronization

/// Ends a command in good order on SIGINT, SIGTERM and SIGHUP.
final class Interrupts: Sendable {
  private static let signals: [Int32: ExitStatus] = [
    SIGINT: .interrupted, SIGTERM: .terminated, SIGHUP: .hungUp,
  ]

  private let received = Mutex<ExitStatus?>(nil)

  /// The status that the first signal asks for; nil while there was none.
  var status: ExitStatus? { received.withLock { $0 } }

  /// Runs work that a signal cancels. A second signal kills what devbench started and ends it at once.
  func cancelling<Value: Sendable>(
    _ work: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let task = Task { try await work() }
    let sources = Self.signals.map { number, status in
      // The default action must not come first; the source sees the signal all the same.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        let isFirst = self.received.withLock { received in
          defer { received = received ?? status }
          return received == nil
        }
        if isFirst {
          task.cancel()
        } else {
          Self.endAtOnce(status)
        }
      }
      source.resume()
      return source
    }
    defer { for source in sources { source.cancel() } }
    return try await task.value
  }

  private static func endAtOnce(_ status: ExitStatus) -> Never {
    let own = "\(ProcessIdentity.current)/"
    for entry in ProcessTable.living(orLabelled: { $0.hasPrefix(own) }) {
      kill(entry.process.pid, SIGKILL)
    }
    _exit(status.rawValue)
  }
}
