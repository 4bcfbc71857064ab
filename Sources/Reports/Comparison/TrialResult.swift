import Clock
import Measurement

/// A trial of faults with what its cell is called in the report.
struct TrialResult: Sendable, Hashable {
  /// A line of the table: one fault.
  struct Row: Sendable, Hashable {
    /// Of the cell; empty from the second fault on.
    var label: String
    /// What the link was, and when.
    var fault: String
    /// Edits served of those saved meanwhile.
    var served: String
    /// From the fault's end to the first edit served, where edits had to wait for it.
    var back: String
    /// Of the whole trial; empty from the second fault on.
    var edits: String
    var isBad: Bool

    static let columns = ["cell", "the link", "served", "back after", "edits"]

    var texts: [String] { [label, fault, served, back, edits] }
  }

  let trial: FaultTrial
  let label: String

  var rows: [Row] {
    trial.spans.enumerated().map { index, span in
      let isFirst = index == 0
      return Row(
        label: isFirst ? label : "",
        fault: "\(span.link) for \(DurationText.text((span.to - span.from).seconds)) "
          + "from \(DurationText.text(span.from.seconds))",
        served: FaultText.count(trial, span), back: FaultText.back(trial, span),
        edits: isFirst ? FaultText.end(trial) : "",
        isBad: isFirst && (trial.lost > 0 || trial.difference != nil))
    }
  }
}

extension Comparison {
  static let trialsTitle = "While the link failed"

  var trialsNote: String {
    "In a trial edits were saved one after another. Each was waited for until it was served, at most "
      + "for 2 s and a pause; the next edit then took its place. Served: of the edits saved while the "
      + "link failed, those that didn't have to wait for its return. Back after: from its return to "
      + "the first edit served, where some had to. Lost: neither the edit nor a later one was served "
      + "until the trial's end."
  }

  /// What the loops told of on the way, cell by cell.
  var trialNotes: [String] {
    trials.flatMap { result in result.trial.notes.map { "\(result.label): \($0)" } }
  }
}
