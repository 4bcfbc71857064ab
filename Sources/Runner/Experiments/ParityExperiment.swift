import Clock
import Foundation
import Measurement
import Parity
import Scenarios
import Workflows

/// Collects the facts of the app's runtime.
struct ParityExperiment: ExperimentProcedure {
  /// Goes into the hashes of environment values: the same for all apps of a run, and kept nowhere.
  let salt: String

  static let condition = "facts"

  /// How long the probe may take, however many tools it asks.
  private static let limit: Duration = .seconds(60)

  init() { salt = Self.newSalt() }

  /// Known to nobody, and long enough not to be guessed.
  static func newSalt() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<4).map { _ in String(generator.next(), radix: 36) }.joined()
  }

  func run(
    on subject: ExperimentSubject, at bench: ExperimentBench, trials: Int,
    keep: (ExperimentTrial) throws(RunFailure) -> Void
  ) async throws(RunFailure) {
    // What a runtime is made of is the same however often it is asked.
    try keep(
      await bench.trial(.parity, on: subject, condition: Self.condition, number: 1) { trial in
        try await bench.withApp(of: subject, named: "parity-\(subject.name)") { app in
          let sent = Self.now()
          let beganAt = MonotonicInstant.now()
          let output = try await app.session.run(
            ["sh"] + ParityProbe.arguments(salt: salt, program: subject.path.command.first),
            input: Array(ParityProbe.script.utf8), limit: Self.limit)
          trial.duration = .now() - beganAt
          trial.notes += app.remarks.take()
          let facts = try ParityFacts(parsing: output.output)
          trial.facts = facts.rows.map { TrialFact($0.name, $0.value, group: $0.group) }
          if let offset = ClockOffset(of: facts, sent: sent, received: Self.now()) {
            let source = "the runtime's clock, read while the probe ran (RFC 5905, section 8)"
            trial.figures += [
              Figure("clock offset", Double(offset.estimate) / 1e9, .seconds, source: source),
              Figure(
                "clock offset, uncertainty", Double(offset.uncertainty) / 1e9, .seconds,
                source: source),
            ]
          }
          if facts.unreadableLines > 0 {
            trial.notes.append("\(facts.unreadableLines) lines of the probe could not be read")
          }
        }
      })
  }

  /// Nanoseconds of Unix time.
  private static func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1e9) }
}
