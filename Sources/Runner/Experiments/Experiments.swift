import Measurement
import Scenarios

/// Makes the experiments of a run, one app after another.
struct Experiments {
  let scenario: Scenario
  let bench: ExperimentBench
  /// Of each condition.
  let trials: Int

  /// Of each condition, where nobody says how many.
  static let usualTrials = 3

  private let parity = ParityExperiment()

  private func procedure(of experiment: Experiment) -> any ExperimentProcedure {
    switch experiment {
    case .setUp: SetUpExperiment()
    case .parity: parity
    case .reproducibility: ReproducibilityExperiment()
    case .footprint: FootprintExperiment()
    case .recovery: RecoveryExperiment()
    case .breakFix: BreakFixExperiment()
    case .offline: OfflineExperiment()
    }
  }

  /// - Parameter keep: takes each trial as soon as it is over.
  func run(
    _ experiments: [Experiment], on cells: [Cell],
    keep: (ExperimentTrial) throws(RunFailure) -> Void
  ) async throws(RunFailure) {
    for experiment in experiments {
      for cell in cells {
        if Task.isCancelled { throw .interrupted }
        guard let subject = ExperimentSubject(cell, of: scenario) else { continue }
        try await procedure(of: experiment).run(on: subject, at: bench, trials: trials) {
          (trial) throws(RunFailure) in
          try keep(trial)
          bench.tell(.experimented(trial))
        }
      }
    }
  }
}
