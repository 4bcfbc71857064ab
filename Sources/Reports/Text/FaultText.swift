import Clock
package import Measurement

/// What a trial of faults came to, in words.
package enum FaultText {
  /// `offline: served 0 of 4, again 0.412 s after; none lost`
  package static func sentence(_ trial: FaultTrial) -> String {
    let spans = trial.spans.map { span in
      "\(span.link): served \(count(trial, span))"
        + (trial.isHeldUp(during: span) ? ", again \(back(trial, span)) after" : "")
    }
    return (spans + [end(trial)]).joined(separator: "; ")
  }

  /// Edits served of those saved while a fault was on.
  static func count(_ trial: FaultTrial, _ span: FaultSpan) -> String {
    "\(trial.served(during: span).count) of \(trial.saved(during: span).count)"
  }

  static func back(_ trial: FaultTrial, _ span: FaultSpan) -> String {
    DurationText.text(trial.back(after: span)?.seconds)
  }

  static func end(_ trial: FaultTrial) -> String {
    let lost =
      switch trial.lost {
      case 0: "none lost"
      case 1: "1 edit lost"
      default: "\(trial.lost) edits lost"
      }
    return lost + (trial.difference.map { ", wrong: \($0)" } ?? "")
  }
}
