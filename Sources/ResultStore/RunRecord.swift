package import Foundation
package import Measurement

/// One invocation of `devbench run` over one scenario, without its samples.
package struct RunRecord: Sendable, Hashable {
  /// The raw value is the name in tables and the database.
  package enum Status: String, Sendable, Hashable, CaseIterable {
    case running, finished
    /// Ended by SIGINT or SIGTERM; what was measured stays.
    case interrupted
    /// devbench or the app failed; `statusReason` says how.
    case failed
    /// The process that measured died without a word (kill -9, power); found by a later start.
    case abandoned
  }

  /// What a run was made for. The raw value is the name in tables and the database.
  package enum Purpose: String, Sendable, Hashable, CaseIterable {
    case measurement
    /// Made after an alarm, in turn with the run of the other side, its `twin`.
    case confirmation
    /// Made in turn with its `twin`, which is the same.
    case calibration
    /// Made of experiments, without samples.
    case experiment
  }

  /// A cell the run set out to measure.
  package struct PlannedCell: Sendable, Hashable {
    package var cell: Cell
    package var warmups: Int
    package var iterations: Int

    package init(cell: Cell, warmups: Int, iterations: Int) {
      self.cell = cell
      self.warmups = warmups
      self.iterations = iterations
    }
  }

  /// `20261121-031500-9f3c`: the UTC time of the start and four random hexadecimal digits.
  package var id: String
  package var scenario: String
  package var scenarioText: String
  /// SHA-256 of the text in hexadecimal.
  package var scenarioDigest: String
  package var startedAt: Date
  package var finishedAt: Date?
  package var status: Status
  package var statusReason: String?
  package var seed: UInt64
  /// `interleaved` or `sequential`.
  package var order: String
  package var devbenchVersion: String
  package var environment: Environment
  /// In the scenario's order.
  package var cells: [PlannedCell]
  /// The links of the cells that have one.
  package var links: [LinkFacts]
  /// The process that measures, `pid:start time:boot id`; how a later start knows whether it died.
  package var owner: String
  package var purpose: Purpose
  /// The run whose samples were measured in turn with these; blocks of the same number pair up.
  package var twin: String?

  package init(
    id: String, scenario: String, scenarioText: String, scenarioDigest: String, startedAt: Date,
    finishedAt: Date? = nil, status: Status = .running, statusReason: String? = nil, seed: UInt64,
    order: String, devbenchVersion: String, environment: Environment, cells: [PlannedCell],
    links: [LinkFacts] = [], owner: String, purpose: Purpose = .measurement, twin: String? = nil
  ) {
    self.id = id
    self.scenario = scenario
    self.scenarioText = scenarioText
    self.scenarioDigest = scenarioDigest
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.status = status
    self.statusReason = statusReason
    self.seed = seed
    self.order = order
    self.devbenchVersion = devbenchVersion
    self.environment = environment
    self.cells = cells
    self.links = links
    self.owner = owner
    self.purpose = purpose
    self.twin = twin
  }
}

/// A run as the database has it.
package struct StoredRun: Sendable, Hashable {
  package var record: RunRecord
  /// In the order in which they were measured, warm-ups included.
  package var samples: [Sample]
  /// In the order in which they were made.
  package var trials: [FaultTrial]
  /// In the order in which they were made.
  package var experiments: [ExperimentTrial]
  package var judgements: RunJudgements

  package init(
    record: RunRecord, samples: [Sample], trials: [FaultTrial] = [],
    experiments: [ExperimentTrial] = [], judgements: RunJudgements = RunJudgements()
  ) {
    self.record = record
    self.samples = samples
    self.trials = trials
    self.experiments = experiments
    self.judgements = judgements
  }

  /// Edits that were not served, or from other files than the host's: of the samples, warm-ups not counted,
  /// and of the trials, where the last is compared for all.
  package var unserved: Int {
    samples.count { !$0.isWarmup && $0.outcome != .served }
      + trials.reduce(0) { $0 + $1.lost + ($1.difference == nil ? 0 : 1) }
  }

  /// Trials of experiments that the app or the workflow failed at. What can't be tried here is none.
  package var failedExperiments: Int {
    experiments.count { $0.outcome == .failed || $0.outcome == .timedOut }
  }
}

/// What tells which runs are wanted, before they are read.
package struct RunHead: Sendable, Hashable {
  package var id: String
  package var scenario: String
  package var purpose: RunRecord.Purpose

  package init(id: String, scenario: String, purpose: RunRecord.Purpose) {
    self.id = id
    self.scenario = scenario
    self.purpose = purpose
  }
}

/// A line of `devbench runs`.
package struct RunListing: Sendable, Hashable {
  package var id: String
  package var scenario: String
  package var startedAt: Date
  package var status: RunRecord.Status
  package var cells: Int
  /// Warm-ups not counted.
  package var attempted: Int
  package var served: Int
  /// In the order in which they were begun.
  package var experiments: [Experiments]

  /// What a run holds of an experiment.
  package struct Experiments: Sendable, Hashable {
    package var experiment: Experiment
    package var trials: Int
    package var completed: Int

    package init(_ experiment: Experiment, trials: Int, completed: Int) {
      self.experiment = experiment
      self.trials = trials
      self.completed = completed
    }
  }

  package init(
    id: String, scenario: String, startedAt: Date, status: RunRecord.Status, cells: Int,
    attempted: Int, served: Int, experiments: [Experiments] = []
  ) {
    self.id = id
    self.scenario = scenario
    self.startedAt = startedAt
    self.status = status
    self.cells = cells
    self.attempted = attempted
    self.served = served
    self.experiments = experiments
  }
}
