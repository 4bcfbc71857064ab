import Clock
import Measurement
package import ResultStore
import Statistics

/// A run's cells, summarised and compared with one of them: what every renderer shows.
package struct Comparison: Sendable, Hashable {
  package let run: RunRecord
  /// In the scenario's order.
  package let cells: [CellResult]
  /// Which cell is the fastest, one for each edit.
  package let answers: [Answer]
  /// What became of edits while the link failed, in the order in which that was tried.
  let trials: [TrialResult]
  package var experiments: ExperimentReport
  /// The place in `cells` of the one that the others are compared with; nil for a run without cells.
  package let baseline: Int?

  /// Seconds after which edits were given up on, the least of this run's time-outs; nil if nothing timed out.
  package let limit: Double?

  /// Summarises a run. The baseline is named by its cell's name (`local-native/reload/message`) or,
  /// where only one cell has it, by its label (`reload`); it is the first cell if none is named.
  ///
  /// - Throws: `ComparisonError.unknownBaseline`, which lists the cells.
  package init(_ stored: StoredRun, baseline name: String? = nil) throws(ComparisonError) {
    let planned = Self.planned(stored)
    let labels = CellLabels.labels(for: planned.map(\.cell))
    let baseline = try Self.index(of: name, in: planned.map(\.cell), labels: labels)
    let samples = Dictionary(grouping: stored.samples, by: \.cell)
    let base = baseline.map { samples[planned[$0].cell] ?? [] }
    run = stored.record
    experiments = ExperimentReport(stored)
    trials = stored.trials.map { trial in
      TrialResult(
        trial: trial,
        label: planned.firstIndex { $0.cell == trial.cell }.map { labels[$0] } ?? trial.cell.name)
    }
    self.baseline = baseline
    let limit = stored.samples.filter { !$0.isWarmup && $0.outcome == .timedOut }
      .map(\.duration.seconds).min()
    self.limit = limit
    let cells = zip(planned, labels).enumerated().map { index, cell in
      let (planned, label) = cell
      return CellResult(
        planned: planned, label: label, samples: samples[planned.cell] ?? [],
        baseline: index == baseline ? nil : base, limit: limit, run: stored.record)
    }
    self.cells = cells
    answers = Answer.all(cells, baseline: baseline.map { cells[$0] }, run: stored.record)
  }

  package var baselineCell: CellResult? { baseline.map { cells[$0] } }

  /// Whether anything crossed a link, and is to be shown.
  var hasTraffic: Bool { cells.contains { $0.summary.traffic != nil } }

  /// Iterations that left a sample, warm-ups not counted.
  package var measured: Int { cells.reduce(0) { $0 + $1.summary.attempted } }
  /// Iterations that the run set out to measure, warm-ups not counted.
  package var plannedIterations: Int {
    run.cells.reduce(0) { $0 + $1.iterations * $1.cell.developers }
  }

  /// Whether nothing was to be measured: there is nothing to compare.
  package var isOfExperiments: Bool { run.purpose == .experiment && cells.isEmpty }

  /// The planned cells, then those that only samples know of. Cells of a run of experiments aren't there to be
  /// measured.
  private static func planned(_ stored: StoredRun) -> [RunRecord.PlannedCell] {
    var planned = stored.record.purpose == .experiment ? [] : stored.record.cells
    var known = Set(planned.map(\.cell))
    for sample in stored.samples where known.insert(sample.cell).inserted {
      planned.append(.init(cell: sample.cell, warmups: 0, iterations: 0))
    }
    return planned
  }

  private static func index(
    of name: String?, in cells: [Cell], labels: [String]
  ) throws(ComparisonError) -> Int? {
    guard let name else { return cells.isEmpty ? nil : 0 }
    if let index = cells.firstIndex(where: { $0.name == name }) { return index }
    let labelled = labels.indices.filter { labels[$0] == name }
    guard labelled.count == 1 else {
      throw .unknownBaseline(name, cells: cells.map(\.name))
    }
    return labelled[0]
  }
}
