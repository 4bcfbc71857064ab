import Clock
import Foundation
import Measurement
import ResultStore

/// Runs that could have been measured here, for databases that a test fills itself.
enum StoredRuns {
  static let cell = Cell(workflow: .localNative, path: .reload, edit: "message")
  static let steady: [Int64] = [200, 199, 201, 202, 198, 203, 197, 204, 196, 200]

  static func slower(_ factor: Double) -> [Int64] {
    steady.map { Int64((Double($0) * factor).rounded()) }
  }

  /// - Parameters:
  ///   - days: since 2026-11-21 03:15 UTC.
  ///   - milliseconds: of each iteration; below zero for one that timed out.
  static func run(
    _ id: String, days: Double = 0, _ milliseconds: [Int64] = steady, scenario: String = "stored",
    commit: String? = nil, branch: String? = nil, kernel: String = "Linux",
    status: RunRecord.Status = .finished, purpose: RunRecord.Purpose = .measurement
  ) -> StoredRun {
    var run = ExchangeTests.run(
      id, scenario: scenario, at: days * 86_400, status: status, samples: 0, purpose: purpose)
    (run.record.environment.appCommit, run.record.environment.appBranch) = (commit, branch)
    run.record.environment.kernel = kernel
    run.samples = milliseconds.enumerated().map { index, time in
      let duration = Duration.milliseconds(time < 0 ? 60_000 : time)
      return Sample(
        cell: cell, iteration: index + 1, isWarmup: false, block: index, token: "t\(index)",
        savedAt: MonotonicInstant(nanoseconds: Int64(index)), savedOn: run.record.startedAt,
        outcome: time < 0 ? .timedOut : .served, reason: time < 0 ? "late" : nil,
        duration: duration, bracket: nil,
        phases: [Phase(name: "reload", duration: duration)], probes: 3)
    }
    return run
  }
}

extension String {
  /// Whether it has a text in it; none is in every string.
  func says(_ text: String) -> Bool { text.isEmpty || contains(text) }
}
