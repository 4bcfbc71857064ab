package import Measurement
package import ResultStore

/// What a run can hold of one workflow.
package enum ResultKind: Sendable, Hashable {
  /// Samples of one developer at a time.
  case loop
  /// Samples of several developers at once.
  case sharing
  case experiment(Experiment)

  package var name: String {
    switch self {
    case .loop: "inner loop"
    case .sharing: "several developers"
    case .experiment(let experiment): experiment.rawValue
    }
  }

  static let all: [ResultKind] = [.loop, .sharing] + Experiment.allCases.map { .experiment($0) }
}

/// Picks of one scenario's runs, newest first, which run's results of each kind and workflow count: the
/// newest that hold some.
package struct RunPick: Sendable {
  package struct Slot: Sendable, Hashable {
    package var workflow: WorkflowKind
    package var kind: ResultKind
  }

  package let reference: WorkflowKind
  /// Without samples and trials that don't count.
  package private(set) var chosen: [Slot: StoredRun] = [:]
  /// Of kinds whose newest trials weren't possible: they count where there is nothing better.
  private var fallback: [Slot: StoredRun] = [:]

  private var systems: [WorkflowKind: [(String, String)]] = [:]

  package init(reference: WorkflowKind) {
    self.reference = reference
  }

  /// Takes what of the run isn't there yet.
  ///
  /// - Parameter run: older than all that were offered before.
  /// - Returns: whether anything of it was taken.
  @discardableResult
  package mutating func offer(_ run: StoredRun) -> Bool {
    var isUsed = false
    for workflow in WorkflowKind.allCases where isColdSetUp(run, of: workflow) {
      systems[workflow, default: []].append((run.record.environment.system, run.record.id))
    }
    for workflow in WorkflowKind.allCases {
      for kind in ResultKind.all {
        let slot = Slot(workflow: workflow, kind: kind)
        guard chosen[slot] == nil else { continue }
        switch holding(kind, of: workflow, in: run) {
        case .nothing: continue
        case .onlyReasons:
          if fallback[slot] == nil {
            fallback[slot] = run
            isUsed = true
          }
        case .results:
          chosen[slot] = run
          isUsed = true
        }
      }
    }
    return isUsed
  }

  package func run(_ kind: ResultKind, of workflow: WorkflowKind) -> StoredRun? {
    let slot = Slot(workflow: workflow, kind: kind)
    return chosen[slot] ?? fallback[slot]
  }

  /// Systems of further runs in which a cold set-up was completed, newest first.
  func otherSystems(_ workflow: WorkflowKind) -> [(String, String)] { systems[workflow] ?? [] }

  private enum Holding { case nothing, onlyReasons, results }

  private func isColdSetUp(_ run: StoredRun, of workflow: WorkflowKind) -> Bool {
    run.experiments.contains {
      $0.experiment == .setUp && $0.cell.workflow == workflow && $0.condition == "cold"
        && $0.outcome == .completed
    }
  }

  private func holding(
    _ kind: ResultKind, of workflow: WorkflowKind, in run: StoredRun
  ) -> Holding {
    switch kind {
    case .loop:
      run.samples.contains {
        $0.cell.workflow == workflow && $0.cell.developers == 1 && !$0.isWarmup
      } ? .results : .nothing
    case .sharing:
      run.samples.contains {
        $0.cell.workflow == workflow && $0.cell.developers > 1 && !$0.isWarmup
      } ? .results : .nothing
    case .experiment(let experiment):
      holding(experiment, of: workflow, in: run)
    }
  }

  private func holding(
    _ experiment: Experiment, of workflow: WorkflowKind, in run: StoredRun
  ) -> Holding {
    let trials = run.experiments.filter {
      $0.experiment == experiment && $0.cell.workflow == workflow
    }
    guard !trials.isEmpty else { return .nothing }
    guard experiment == .parity else {
      return trials.contains { $0.outcome != .notPossible } ? .results : .onlyReasons
    }
    // Values of environment variables are hashed with a salt of the run: facts of two runs never agree.
    let isWhole = [workflow, reference].allSatisfy { wanted in
      run.experiments.contains {
        $0.experiment == .parity && $0.cell.workflow == wanted && $0.outcome == .completed
      }
    }
    return isWhole ? .results : .onlyReasons
  }
}
