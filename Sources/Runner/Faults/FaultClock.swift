import Clock
import Link
import Measurement
import Scenarios
import Synchronization
import Workflows

/// Makes the link fail and come back when the scenario says so, and keeps when that was.
final class FaultClock: Sendable {
  private struct State {
    var spans: [FaultSpan] = []
    var isOver = false
  }

  private let state = Mutex(State())
  let begunAt: MonotonicInstant

  init(begunAt: MonotonicInstant) {
    self.begunAt = begunAt
  }

  /// Those that are over.
  var spans: [FaultSpan] { state.withLock(\.spans) }

  /// Whether no more are to come.
  var isOver: Bool { state.withLock(\.isOver) }

  /// Goes through all of them; afterwards the link is as it was.
  ///
  /// - Throws: `WorkflowFailure` if the link can't be changed, `CancellationError`.
  func run(
    _ faults: [LinkFault], of session: any WorkflowSession, otherwise link: LinkProfile
  ) async throws {
    defer { state.withLock { $0.isOver = true } }
    for fault in faults {
      try await sleep(until: fault.at)
      let from = MonotonicInstant.now() - begunAt
      switch fault.condition {
      case .outage(let outage): try await session.use(outage)
      case .profile(let profile): try await session.use(profile)
      }
      try await sleep(until: fault.end)
      switch fault.condition {
      case .outage: try await session.use(nil)
      case .profile: try await session.use(link)
      }
      let span = FaultSpan(link: fault.name, from: from, to: .now() - begunAt)
      state.withLock { $0.spans.append(span) }
    }
  }

  private func sleep(until offset: Duration) async throws {
    let left = begunAt + offset - .now()
    if left > .zero { try await Task.sleep(for: left, clock: .suspending) }
  }
}
