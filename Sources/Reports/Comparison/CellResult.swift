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
  /// Nil where all edits were served.
  package let allEdits: AllEdits?
  /// How long one waits on average if one gives up after the run's time limit (`Comparison.limit`); nil where
  /// nothing timed out, and without edits.
  package let restrictedMean: RestrictedMean?
  /// Nil for the baseline itself, and where either of the two was never served.
  package let ratio: MedianRatio?
  package let failures: [FailureGroup]

  /// `baseline` has the baseline's samples, and is nil if this is the baseline. `limit` is the run's.
  init(
    planned: RunRecord.PlannedCell, label: String, samples: [Sample], baseline: [Sample]?,
    limit: Double?, run: RunRecord
  ) {
    cell = planned.cell
    self.label = label
    plannedIterations = planned.iterations
    self.samples = samples
    let measured = samples.filter { !$0.isWarmup }
    summary = CellSummary(measured)
    let censored = CellChange.censored(measured)
    allEdits = AllEdits(censored)
    restrictedMean = limit.flatMap { limit in
      KaplanMeier(censored).flatMap { RestrictedMean($0, upTo: limit) }
    }
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
