package import Measurement

/// Trials that didn't complete, for one and the same reason.
package struct TrialProblem: Sendable, Hashable {
  package let outcome: TrialOutcome
  /// As stored, not escaped; nil if none was given.
  package let reason: String?
  /// Their numbers.
  package private(set) var numbers: [Int]

  /// In the order in which they first happened.
  static func problems(of trials: [ExperimentTrial]) -> [TrialProblem] {
    var problems: [TrialProblem] = []
    for trial in trials where trial.outcome != .completed {
      if let index = problems.firstIndex(where: {
        $0.outcome == trial.outcome && $0.reason == trial.reason
      }) {
        problems[index].numbers.append(trial.number)
      } else {
        problems.append(
          TrialProblem(outcome: trial.outcome, reason: trial.reason, numbers: [trial.number]))
      }
    }
    return problems
  }

  /// `failed in trial 2`, `not possible in trials 1, 2, 3`.
  package var title: String {
    let shown = numbers.prefix(8).map(String.init).joined(separator: ", ")
    let more = numbers.count > 8 ? " and \(numbers.count - 8) more" : ""
    return "\(outcome.words) in \(numbers.count == 1 ? "trial" : "trials") \(shown)\(more)"
  }
}

extension TrialOutcome {
  /// In a sentence.
  var words: String {
    switch self {
    case .completed: "completed"
    case .failed: "failed"
    case .timedOut: "timed out"
    case .notPossible: "not possible"
    }
  }

  /// Whether the app or the workflow failed at it.
  var isFailure: Bool { self == .failed || self == .timedOut }
}
