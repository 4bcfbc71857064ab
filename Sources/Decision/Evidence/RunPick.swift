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
/// newest finished one that holds some, or where there is none the newest that wasn't finished.
package struct RunPick: Sendable {
  package struct Slot: Sendable, Hashable {
    package var workflow: WorkflowKind
    package var kind: ResultKind
  }

  package let reference: WorkflowKind
  /// Without samples and trials that don't count.
  package private(set) var chosen: [Slot: StoredRun] = [:]
  /// The newest of runs that were interrupted or failed, if it is newer than the chosen one.
  private(set) var unfinished: [Slot: StoredRun] = [:]
  /// The newest run that holds more than the chosen one, which is newer.
  private(set) var fuller: [Slot: String] = [:]
  /// Of kinds whose newest trials weren't possible: they count where there is nothing better.
  private var fallback: [Slot: StoredRun] = [:]

  private var systems: [WorkflowKind: [(name: String, run: String)]] = [:]

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
      let system = run.record.environment.system
      guard !(systems[workflow] ?? []).contains(where: { $0.name == system }) else { continue }
      systems[workflow, default: []].append((system, run.record.id))
      isUsed = true
    }
    for workflow in WorkflowKind.allCases {
      for kind in ResultKind.all where take(kind, of: workflow, from: run) { isUsed = true }
    }
    return isUsed
  }

  private mutating func take(
    _ kind: ResultKind, of workflow: WorkflowKind, from run: StoredRun
  ) -> Bool {
    let slot = Slot(workflow: workflow, kind: kind)
    switch holding(kind, of: workflow, in: run) {
    case .nothing: return false
    case .onlyReasons:
      guard chosen[slot] == nil, fallback[slot] == nil else { return false }
      fallback[slot] = run
    case .results:
      let isFinished = run.record.status == .finished
      if let taken = chosen[slot] {
        let (here, there) = (
          parts(kind, of: workflow, in: run), parts(kind, of: workflow, in: taken)
        )
        guard isFinished, fuller[slot] == nil, here.isStrictSuperset(of: there) else {
          return false
        }
        fuller[slot] = run.record.id
      } else if isFinished {
        chosen[slot] = run
      } else {
        guard unfinished[slot] == nil else { return false }
        unfinished[slot] = run
      }
    }
    return true
  }

  package func run(_ kind: ResultKind, of workflow: WorkflowKind) -> StoredRun? {
    let slot = Slot(workflow: workflow, kind: kind)
    return chosen[slot] ?? unfinished[slot] ?? fallback[slot]
  }

  /// Systems of further runs in which a cold set-up was completed, newest first.
  func otherSystems(_ workflow: WorkflowKind) -> [(name: String, run: String)] {
    systems[workflow] ?? []
  }

  private enum Holding { case nothing, onlyReasons, results }

  private func isColdSetUp(_ run: StoredRun, of workflow: WorkflowKind) -> Bool {
    run.experiments.contains {
      $0.experiment == .setUp && $0.cell.workflow == workflow && $0.condition == "cold"
        && $0.outcome == .completed
    }
  }

  /// What tells how much of a kind a run holds: its cells, and what was tried on them.
  private func parts(
    _ kind: ResultKind, of workflow: WorkflowKind, in run: StoredRun
  ) -> Set<String> {
    switch kind {
    case .loop, .sharing:
      Set(
        run.samples.filter {
          $0.cell.workflow == workflow && !$0.isWarmup
            && ($0.cell.developers > 1) == (kind == .sharing)
        }.map(\.cell.name))
    case .experiment(let experiment):
      Set(
        run.experiments.filter {
          $0.experiment == experiment && $0.cell.workflow == workflow && $0.outcome != .notPossible
        }.map { "\($0.cell.setUpName) \($0.condition)" })
    }
  }

  private func holding(
    _ kind: ResultKind, of workflow: WorkflowKind, in run: StoredRun
  ) -> Holding {
    switch kind {
    case .loop, .sharing: parts(kind, of: workflow, in: run).isEmpty ? .nothing : .results
    case .experiment(let experiment): holding(experiment, of: workflow, in: run)
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
