package import Measurement
import ResultStore
package import Statistics

/// One cell of a run, with what was measured and how it compares.
package struct CellResult: Sendable, Hashable {
  package let cell: Cell
  /// As short as tells the run's cells apart: `reload`, or `local-native/reload`. Not escaped.
  package let label: String
  package let plannedIterations: Int
  /// In the order in which they were measured, warm-ups included.
  package let samples: [Sample]
  package let summary: CellSummary
  /// Nil for the baseline itself, and where either of the two was never served.
  package let ratio: MedianRatio?
  package let failures: [FailureGroup]

  /// `baseline` has the baseline's samples, and is nil if this is the baseline.
  init(
    planned: RunRecord.PlannedCell, label: String, samples: [Sample], baseline: [Sample]?,
    run: RunRecord
  ) {
    cell = planned.cell
    self.label = label
    plannedIterations = planned.iterations
    self.samples = samples
    let measured = samples.filter { !$0.isWarmup }
    summary = CellSummary(measured)
    failures = FailureGroup.groups(of: measured)
    ratio = baseline.flatMap { baseline in
      var generator = SeededGenerator(
        seed: BootstrapSeed.derived(from: run.seed, for: "ratio " + planned.cell.name))
      return Pairing.ratio(
        of: measured, to: baseline.filter { !$0.isWarmup },
        interleaved: run.order == "interleaved", using: &generator)
    }
  }
}
