import Clock
package import Measurement

/// A trial of an experiment in words, for progress and tables; escaped.
package enum ExperimentText {
  /// `completed, 1.234 s`, `not-possible: there is no engine`.
  package static func sentence(_ trial: ExperimentTrial) -> String {
    var parts = [trial.outcome.rawValue]
    if let duration = trial.duration { parts.append(DurationText.text(duration.seconds)) }
    let reason = trial.reason.map { ": " + PlainText.line($0, limit: 300) } ?? ""
    return parts.joined(separator: ", ") + reason
  }
}
