package import Foundation
package import Measurement
package import ResultStore

/// What the runs of one scenario say, by workflow.
package struct Evidence: Sendable {
  /// A run of which something counts.
  package struct UsedRun: Sendable, Hashable {
    package var id: String
    package var startedAt: Date
    package var environment: Environment
    /// What of it counts: `local-native: inner loop, parity`. Not escaped.
    package var uses: [String]
  }

  package let scenario: String
  package let link: String?
  package let reference: WorkflowKind
  /// Newest first.
  package let runs: [UsedRun]
  /// What keeps figures from being compared, as sentences' parts. Not escaped.
  package let notices: [String]
  /// Those that anything was measured of, in their usual order.
  package let workflows: [WorkflowKind]
  private let pick: RunPick

  /// - Parameters:
  ///   - runs: of one scenario, in any order.
  ///   - link: whose cells count; nil for the first of each run.
  package init(scenario: String, pick: RunPick, link: String?) {
    self.scenario = scenario
    self.link = link
    self.pick = pick
    reference = pick.reference
    var used: [String: UsedRun] = [:]
    var present: [WorkflowKind] = []
    for workflow in WorkflowKind.allCases {
      var kinds: [(run: StoredRun, name: String)] = []
      for kind in ResultKind.all {
        if let run = pick.run(kind, of: workflow) { kinds.append((run, kind.name)) }
      }
      if !kinds.isEmpty { present.append(workflow) }
      for (run, group) in Dictionary(grouping: kinds, by: \.run.record.id) {
        let record = group[0].run.record
        var entry =
          used[run]
          ?? UsedRun(
            id: record.id, startedAt: record.startedAt, environment: record.environment, uses: [])
        entry.uses.append(
          "\(workflow.rawValue): \(group.map(\.name).joined(separator: ", "))")
        used[run] = entry
      }
    }
    runs = used.values.sorted { ($1.startedAt, $1.id) < ($0.startedAt, $0.id) }
    workflows = present
    notices = Self.notices(pick, workflows: present)
  }

  package init(
    scenario: String, runs: [StoredRun], link: String? = nil,
    reference: WorkflowKind = .remoteCluster
  ) {
    var pick = RunPick(reference: reference)
    for run in runs.sorted(by: {
      ($1.record.startedAt, $1.record.id) < ($0.record.startedAt, $0.record.id)
    }) { pick.offer(run) }
    self.init(scenario: scenario, pick: pick, link: link)
  }

  /// Samples that count, of the run that holds them, without warm-ups.
  func samples(_ kind: ResultKind, of workflow: WorkflowKind) -> (run: String, samples: [Sample])? {
    guard let run = pick.run(kind, of: workflow) else { return nil }
    return (
      run.record.id, run.samples.filter { $0.cell.workflow == workflow && !$0.isWarmup }
    )
  }

  func trials(
    _ experiment: Experiment, of workflow: WorkflowKind
  ) -> (run: String, trials: [ExperimentTrial])? {
    guard let run = pick.run(.experiment(experiment), of: workflow) else { return nil }
    return (
      run.record.id,
      run.experiments.filter { $0.experiment == experiment && $0.cell.workflow == workflow }
    )
  }

  /// All trials of an experiment in the run that counts for a workflow.
  func wholeRun(_ experiment: Experiment, of workflow: WorkflowKind) -> [ExperimentTrial] {
    pick.run(.experiment(experiment), of: workflow)?.experiments.filter {
      $0.experiment == experiment
    } ?? []
  }

  /// The link that counts for a workflow, of those that its cells have.
  ///
  /// Nil where its cells have none.
  func link(of workflow: WorkflowKind) -> String? {
    let cells = pick.run(.loop, of: workflow)?.record.cells.map(\.cell) ?? []
    let links = cells.filter { $0.workflow == workflow && !$0.link.isEmpty }.map(\.link)
    if let link, links.contains(link) { return link }
    return links.first
  }

  func environment(of workflow: WorkflowKind) -> Environment? {
    ResultKind.all.lazy.compactMap { pick.run($0, of: workflow)?.record.environment }.first
  }

  /// Systems on which a cold set-up was completed, each once, with a run that says so.
  func systems(setUp workflow: WorkflowKind) -> [(system: String, trace: Trace)] {
    guard let run = pick.run(.experiment(.setUp), of: workflow),
      run.experiments.contains(where: {
        $0.experiment == .setUp && $0.cell.workflow == workflow && $0.condition == "cold"
          && $0.outcome == .completed
      })
    else { return [] }
    let found = [(run.record.environment.system, run.record.id)] + pick.otherSystems(workflow)
    var seen: Set<String> = []
    return found.filter { seen.insert($0.0).inserted }.map {
      (system: $0.0, trace: Trace(run: $0.1, experiment: .setUp))
    }
  }

  // MARK: - What isn't alike

  private static func notices(_ pick: RunPick, workflows: [WorkflowKind]) -> [String] {
    var notices: [String] = []
    let slots = workflows.flatMap { workflow in
      ResultKind.all.compactMap { kind in
        pick.run(kind, of: workflow).map { (workflow: workflow, run: $0.record) }
      }
    }
    // What is alike for all workflows of one machine: engines, clusters and links differ among workflows.
    let keys = slots.map { slot in
      ComparabilityKey(
        environment: slot.run.environment, scenarioDigest: slot.run.scenarioDigest,
        cell: Cell(workflow: slot.workflow, path: .reload, edit: ""), links: [])
    }
    for name in ["processor", "cores", "memory", "kernel", "scenario"] {
      let values = Set(keys.map { key in key.parts.first { $0.name == name }?.value ?? "" })
      guard values.count > 1 else { continue }
      notices.append(
        name == "scenario"
          ? "the scenario's text differs between runs (\(values.count) versions): the figures aren't of the same app or settings"
          : "the \(name) differs between runs (\(values.sorted().joined(separator: "; "))): the figures aren't of one machine"
      )
    }
    for workflow in workflows {
      for fact in ["engine", "cluster"] {
        let own = zip(slots, keys).filter { $0.0.workflow == workflow }.compactMap { pair in
          pair.1.parts.first { $0.name == fact }?.value
        }
        guard Set(own).count > 1 else { continue }
        notices.append(
          "the \(fact) of \(workflow.rawValue) differs between runs (\(Set(own).sorted().joined(separator: "; ")))"
        )
      }
    }
    let loops = Set(workflows.compactMap { pick.run(.loop, of: $0)?.record.id })
    if loops.count > 1 {
      notices.append(
        "the inner loops were measured in \(loops.count) runs, not in turn: what the machine did meanwhile may differ"
      )
    }
    let edits = workflows.compactMap { workflow -> Set<String>? in
      guard let run = pick.run(.loop, of: workflow) else { return nil }
      return Set(
        run.samples.filter { $0.cell.workflow == workflow && !$0.isWarmup }.map(\.cell.edit))
    }
    if Set(edits).count > 1 {
      notices.append("the workflows were measured with different edits")
    }
    for experiment in [Experiment.recovery, .breakFix] {
      let tried = workflows.compactMap { workflow -> (name: String, conditions: [String])? in
        guard let run = pick.run(.experiment(experiment), of: workflow) else { return nil }
        let conditions = Set(
          run.experiments.filter {
            $0.experiment == experiment && $0.cell.workflow == workflow
              && $0.outcome != .notPossible
          }.map(\.condition))
        return conditions.isEmpty ? nil : (workflow.rawValue, conditions.sorted())
      }
      guard Set(tried.map(\.conditions)).count > 1 else { continue }
      let list = tried.map { "\($0.name): \($0.conditions.joined(separator: ", "))" }
      notices.append(
        "\(experiment.rawValue) was tried with different conditions (\(list.joined(separator: "; "))): medians and worst are over what was tried"
      )
    }
    let hosts = Set(slots.map(\.run.environment.host))
    if hosts.count > 1 {
      notices.append(
        "runs of \(hosts.count) hosts are used: \(hosts.sorted().joined(separator: ", "))")
    }
    return notices
  }
}
