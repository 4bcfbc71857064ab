package import Measurement
import Statistics

/// What is known of each criterion for each workflow.
package struct Findings: Sendable {
  let evidence: Evidence
  package let team: Team
  /// Resampling takes a while, and several criteria and claims ask for them.
  package private(set) var costs: [WorkflowKind: Cost] = [:]
  /// What all workflows tried that tried any: medians over different faults aren't comparable.
  private(set) var common: [Experiment: Set<String>] = [:]

  package init(_ evidence: Evidence, team: Team) {
    self.evidence = evidence
    self.team = team
    for experiment in [Experiment.recovery, .breakFix] {
      common[experiment] = Self.common(experiment, in: evidence)
    }
    for workflow in WorkflowKind.allCases { costs[workflow] = Cost(of: workflow, self) }
  }

  package subscript(criterion: Criterion, workflow: WorkflowKind) -> Finding {
    switch criterion {
    case .innerLoop: loop(of: workflow, 0.5, bestPath: true)
    case .innerLoopP90: loop(of: workflow, 0.9, bestPath: true)
    case .allPaths: loop(of: workflow, 0.5, bestPath: false)
    case .allPathsP90: loop(of: workflow, 0.9, bestPath: false)
    case .setUpCold: time(.setUp, of: workflow, conditions: { $0 == "cold" }, 0.5)
    case .setUpWarm: time(.setUp, of: workflow, conditions: { $0 == "warm" }, 0.5)
    case .memory: figure("memory", in: ["loop", "idle"], of: workflow)
    case .processor: figure("CPU", in: ["idle"], of: workflow)
    case .processorPerEdit: figure("CPU per edit", in: ["loop"], of: workflow)
    case .disk: figure("disk occupied", in: ["loop", "idle"], of: workflow)
    case .parity: parity(of: workflow)
    case .reproducibility: reproducibility(of: workflow)
    case .recovery: time(.recovery, of: workflow, conditions: counts(.recovery), 0.5)
    case .recoveryWorst: time(.recovery, of: workflow, conditions: counts(.recovery), 1)
    case .recoveryAlone: recoveryAlone(of: workflow)
    case .editsKept: editsKept(of: workflow)
    case .breakFix: breakFix(of: workflow)
    case .offline: offline(of: workflow)
    case .sharing: sharing(of: workflow)
    case .traffic: traffic(of: workflow)
    case .cost: cost(of: workflow)
    }
  }

  // MARK: - How to measure

  private var scenarioWord: String {
    ShellWord.quoted(evidence.hints.scenarios[evidence.scenario] ?? evidence.scenario)
  }

  func command(
    _ workflow: WorkflowKind, _ experiment: Experiment?, with options: String = ""
  ) -> String {
    let database = evidence.hints.databaseOption
    if experiment == .parity {
      return "devbench run \(scenarioWord) --experiment parity\(database)"
    }
    let option = experiment.map { " --experiment \($0.rawValue)" } ?? ""
    return
      "devbench run \(scenarioWord) --workflow \(workflow.rawValue)\(option)\(options)\(database)"
  }

  func notMeasured(_ workflow: WorkflowKind, _ experiment: Experiment?) -> Finding {
    .notMeasured(how: command(workflow, experiment))
  }

  private func cost(of workflow: WorkflowKind) -> Finding {
    guard let cost = costs[workflow] else { return notMeasured(workflow, nil) }
    guard let total = cost.total else {
      guard cost.meanLatency != nil else { return notMeasured(workflow, nil) }
      // One line for all workflows: what one of them lacks is written once.
      let missing = WorkflowKind.allCases.filter(evidence.workflows.contains)
        .flatMap { costs[$0]?.missing ?? [] }
      return .notMeasured(
        how:
          "write under team in \(DecisionFile.standardPath): \(orderedSet(missing).joined(separator: ", "))"
      )
    }
    return .measured(total)
  }
}
