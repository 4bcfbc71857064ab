import Clock
package import Measurement
package import Statistics

/// An experiment's trials on one cell under one condition. Times are in seconds and over completed trials.
package struct ExperimentSummary: Sendable, Hashable {
  struct Key: Hashable {
    let experiment: Experiment
    let cell: Cell
    let condition: String

    init(_ trial: ExperimentTrial) {
      experiment = trial.experiment
      cell = trial.cell
      condition = trial.condition
    }
  }

  package let experiment: Experiment
  package let cell: Cell
  /// As short as tells the run's cells apart. Not escaped.
  package let label: String
  /// Not escaped.
  package let condition: String
  /// In the order in which they were made.
  package let trials: [ExperimentTrial]
  /// How many ended so; outcomes that didn't occur are left out.
  package let counts: [TrialOutcome: Int]
  /// Of what is timed; nil where nothing is, or none completed.
  package let median: Double?
  /// 95 % interval of the median (`MedianInterval`); nil for fewer than six completed trials.
  package let interval: Interval?
  package let min: Double?
  package let max: Double?
  package let phases: [PhaseSummary]
  package let figures: [FigureSummary]
  package let facts: [FactSummary]
  package let problems: [TrialProblem]

  init(_ key: Key, label: String, trials: [ExperimentTrial]) {
    (experiment, cell, condition) = (key.experiment, key.cell, key.condition)
    self.label = label
    self.trials = trials
    counts = Dictionary(grouping: trials, by: \.outcome).mapValues(\.count)
    let completed = trials.filter { $0.outcome == .completed }
    let seconds = completed.compactMap { $0.duration?.seconds }.sorted()
    median = Quantile.r7(sorted: seconds, 0.5)
    interval = MedianInterval.interpolated(of: seconds)
    (min, max) = (seconds.first, seconds.last)
    let phased = completed.filter { !$0.phases.isEmpty }
    phases = PhaseSummary.summaries(
      of: phased.map(\.phases), total: phased.reduce(0) { $0 + ($1.duration?.seconds ?? 0) })
    figures = FigureSummary.summaries(of: completed)
    // A runtime's facts are compared, not counted (`ParityReport`).
    facts = key.experiment == .parity ? [] : FactSummary.summaries(of: trials)
    problems = TrialProblem.problems(of: trials)
  }

  package subscript(outcome: TrialOutcome) -> Int { counts[outcome] ?? 0 }

  package var completed: Int { self[.completed] }

  /// Trials that the app or the workflow failed at.
  package var failed: Int { self[.failed] + self[.timedOut] }

  /// Trials that could be made.
  package var tried: Int { trials.count - self[.notPossible] }

  /// `2 of 3`, of those that could be made; `not possible` if none could.
  package var doneText: String {
    tried == 0 ? "not possible" : "\(completed) of \(tried)"
  }
}
