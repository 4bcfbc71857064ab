import Measurement
import ResultStore

/// A cell of a run as figures are exported of it.
struct ExportedCell {
  let run: RunRecord
  let planned: RunRecord.PlannedCell
  /// In the order of measuring, without warm-ups.
  let samples: [Sample]
  let trials: [FaultTrial]

  var cell: Cell { planned.cell }

  /// Unique among the scenarios of a project: `flask-hello/local-native/reload/message`.
  var name: String { "\(run.scenario)/\(cell.name)" }

  /// Iterations that the run set out to measure.
  var plannedIterations: Int { planned.iterations * cell.developers }

  var served: Int { samples.count { $0.outcome == .served } }

  /// The same figures as in every report of the run.
  var summary: CellSummary { CellSummary(samples) }

  /// In the scenario's order. A run of experiments has none: nothing of it was to be measured.
  static func all(of run: StoredRun) -> [ExportedCell] {
    guard run.record.purpose != .experiment else { return [] }
    let samples = Dictionary(grouping: run.samples.filter { !$0.isWarmup }, by: \.cell)
    let trials = Dictionary(grouping: run.trials, by: \.cell)
    return run.record.cells.map { planned in
      ExportedCell(
        run: run.record, planned: planned, samples: samples[planned.cell] ?? [],
        trials: trials[planned.cell] ?? [])
    }
  }

  /// That trials of experiments have no place in a format; nil for a run without any.
  static func experimentsNote(_ run: StoredRun) -> String? {
    let count = run.experiments.count
    guard count > 0 || run.record.purpose == .experiment else { return nil }
    return "The \(count) \(count == 1 ? "trial" : "trials") of experiments of run "
      + "\(PlainText.line(run.record.id)) \(count == 1 ? "is" : "are") left out; --format json has them."
  }

  /// That nothing was measured, for formats that have no place for it.
  var emptyNote: String {
    "\(PlainText.line(cell.name)) of run \(PlainText.line(run.id)) is left out: nothing of it was "
      + "measured."
  }
}

/// A JSON array or object whose items are written one a line as they come.
struct JSONItems {
  private var isEmpty = true

  mutating func item(_ text: String) -> String {
    defer { isEmpty = false }
    return (isEmpty ? "\n" : ",\n") + text
  }
}
