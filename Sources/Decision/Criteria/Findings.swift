package import Measurement
import Statistics

/// What is known of each criterion for each workflow.
package struct Findings: Sendable {
  let evidence: Evidence
  package let team: Team
  /// Resampling takes a while, and several criteria and claims ask for them.
  package private(set) var costs: [WorkflowKind: Cost] = [:]

  package init(_ evidence: Evidence, team: Team) {
    self.evidence = evidence
    self.team = team
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
    case .recovery: time(.recovery, of: workflow, conditions: { _ in true }, 0.5)
    case .recoveryWorst: time(.recovery, of: workflow, conditions: { _ in true }, 1)
    case .recoveryAlone: word("hand", is: { $0 == "none" }, of: workflow)
    case .editsKept: word("edit made meanwhile", is: { $0 == "served" }, of: workflow)
    case .breakFix: breakFix(of: workflow)
    case .offline: offline(of: workflow)
    case .sharing: sharing(of: workflow)
    case .traffic: traffic(of: workflow)
    case .cost: cost(of: workflow)
    }
  }

  // MARK: - How to measure

  private var scenarioWord: String { ShellWord.quoted(evidence.scenario) }

  func command(_ workflow: WorkflowKind, _ experiment: Experiment?) -> String {
    if experiment == .parity { return "devbench run \(scenarioWord) --experiment parity" }
    let option = experiment.map { " --experiment \($0.rawValue)" } ?? ""
    return "devbench run \(scenarioWord) --workflow \(workflow.rawValue)\(option)"
  }

  func notMeasured(_ workflow: WorkflowKind, _ experiment: Experiment?) -> Finding {
    .notMeasured(how: command(workflow, experiment))
  }

  private func cost(of workflow: WorkflowKind) -> Finding {
    guard let cost = costs[workflow] else { return notMeasured(workflow, nil) }
    guard let total = cost.total else {
      guard cost.meanLatency != nil else { return notMeasured(workflow, nil) }
      return .notMeasured(
        how:
          "write under team in \(DecisionFile.standardPath): \(cost.missing.joined(separator: ", "))"
      )
    }
    return .measured(total)
  }
}
