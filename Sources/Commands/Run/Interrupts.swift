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
    var sources: [Int32: any DispatchSourceSignal] = [:]
    for (number, status) in Self.signals {
      // The default action must not come first; the source sees the signal all the same.
      let before = signal(number, SIG_IGN)
      // nohup(1), and shells for what they run in the background, ignore signals on purpose.
      if unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { continue }
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
      sources[number] = source
    }
    defer {
      for (number, source) in sources {
        source.cancel()
        signal(number, SIG_DFL)
      }
    }
    return try await task.value
  }

  private static func endAtOnce(_ status: ExitStatus) -> Never {
    let own = "\(ProcessIdentity.current)/"
    for entry in ProcessTable.living(orLabelled: { $0.hasPrefix(own) }) {
      kill(entry.process.pid, SIGKILL)
    }
    Console.error("Ended at once; what may be left of containers goes with: devbench clean")
    _exit(status.rawValue)
  }
}
