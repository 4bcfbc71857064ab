import Clock
import Measurement
import Synchronization
import TestSupport
import Workflows

/// A session without an app: a test tells what its loop does, and what is answered.
final class FollowedSession: WorkflowSession {
  private final class Shared: Sendable {
    let answer = Mutex<@Sendable (Int) -> TestServer.Answer>({ _ in
      .response(status: 200, body: "old")
    })
    let requests = Mutex(0)
    let calls = Recorder<String>()
    let obstacle = Mutex<String?>(nil)
  }

  let probe: Probe
  let tell: @Sendable (LoopEvent) -> Void
  /// `start` and `stop`, as they come.
  var calls: Recorder<String> { shared.calls }
  private let shared = Shared()
  private let server: TestServer

  init(_ setup: SessionSetup) throws(WorkflowFailure) {
    tell = setup.tell ?? { _ in }
    let shared = shared
    do {
      server = try TestServer {
        let number = shared.requests.withLock { requests in
          requests += 1
          return requests
        }
        return shared.answer.withLock { $0 }(number)
      }
    } catch {
      throw .watch("\(error)")
    }
    probe = Probe(
      endpoint: ProbeEndpoint(addresses: ["127.0.0.1"], port: server.port, path: "/"),
      interval: .milliseconds(2))
  }

  func answers(_ body: String, status: Int = 200) {
    answers { _ in .response(status: status, body: body) }
  }

  /// - Parameter answer: given a request's number, counted from 1.
  func answers(_ answer: @escaping @Sendable (Int) -> TestServer.Answer) {
    shared.answer.withLock { $0 = answer }
  }

  func start() async throws(WorkflowFailure) { calls.record("start") }

  func stop() async {
    calls.record("stop")
    if let reason = shared.obstacle.withLock({ $0 }) {
      tell(.failed(reason, output: [], at: .now()))
    }
  }

  /// From now on a stop leaves something.
  func cannotStop(_ reason: String) {
    shared.obstacle.withLock { $0 = reason }
  }

  func loss() async throws -> WorkflowFailure {
    try await Task.sleep(for: .seconds(3600))
    return .stopped
  }

  func spans(from save: MonotonicInstant, to end: MonotonicInstant) async -> [PhaseSpan] {
    let half = (end - save) / 2
    return [
      PhaseSpan(name: "detect", start: save, end: save + half),
      PhaseSpan(name: "reload", start: save + half, end: end),
    ]
  }

  func waitUntilActedOn(changeAt instant: MonotonicInstant, limit: Duration) async throws {}

  func waitUntilQuiet(for period: Duration, limit: Duration) async throws -> Bool { true }

  func run(
    _ command: [String], input: [UInt8], limit: Duration
  ) async throws(WorkflowFailure) -> RuntimeOutput {
    RuntimeOutput(output: input, errorLines: [], status: 0)
  }

  func outputTail(_ count: Int) async -> [String] { [] }
}
