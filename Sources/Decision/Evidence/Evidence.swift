package import Foundation
package import Measurement
package import Parity
package import ResultStore
import Scenarios

/// What the runs of one scenario say, by workflow.
package struct Evidence: Sendable {
  /// A run of which something counts.
  package struct UsedRun: Sendable, Hashable {
    package var id: String
    package var startedAt: Date
    package var status: RunRecord.Status
    package var environment: Environment
    /// What of it counts: `local-native: inner loop, parity`. Not escaped.
    package var uses: [String]
  }

  /// A workflow of which nothing is stored.
  package struct Missing: Sendable, Hashable {
    package var workflow: WorkflowKind
    /// Whether the newest scenario text that counts has it; true where that can't be told.
    package var isInScenario: Bool
  }

  package let scenario: String
  package let link: String?
  package let reference: WorkflowKind
  package let ignore: ParityIgnore
  package let hints: CommandHints
  /// Newest first.
  package let runs: [UsedRun]
  /// What keeps figures from being compared, as sentences' parts. Not escaped.
  package let notices: [String]
  /// Those that anything was measured of, in their usual order.
  package let workflows: [WorkflowKind]
  /// The others.
  package let missing: [Missing]
  /// Of all cells that runs which count have, each once.
  package let links: [String]
  let pick: RunPick

  /// - Parameters:
  ///   - runs: of one scenario, in any order.
  ///   - link: whose cells count; nil for the first of each run.
  package init(
    scenario: String, pick: RunPick, link: String?, ignore: ParityIgnore = .standard,
    hints: CommandHints = CommandHints()
  ) {
    self.scenario = scenario
    self.ignore = ignore
    self.link = link
    self.hints = hints
    self.pick = pick
    reference = pick.reference
    var used: [String: UsedRun] = [:]
    var present: [WorkflowKind] = []
    var records: [RunRecord] = []
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
            id: record.id, startedAt: record.startedAt, status: record.status,
            environment: record.environment, uses: [])
        if used[run] == nil { records.append(record) }
        entry.uses.append(
          "\(workflow.rawValue): \(group.map(\.name).joined(separator: ", "))")
        used[run] = entry
      }
    }
    runs = used.values.sorted { ($1.startedAt, $1.id) < ($0.startedAt, $0.id) }
    workflows = present
    links = Set(records.flatMap { $0.cells.map(\.cell.link) }).filter { !$0.isEmpty }.sorted()
    let newest = records.max { ($0.startedAt, $0.id) < ($1.startedAt, $1.id) }
    let defined = newest.flatMap { Self.workflows(inText: $0.scenarioText) }
    missing = WorkflowKind.allCases.filter { !present.contains($0) }.map {
      Missing(workflow: $0, isInScenario: defined?.contains($0.rawValue) ?? true)
    }
    notices = EvidenceNotices(pick, workflows: present, link: link).all
  }

  package init(
    scenario: String, runs: [StoredRun], link: String? = nil,
    reference: WorkflowKind = .remoteCluster, ignore: ParityIgnore = .standard,
    hints: CommandHints = CommandHints()
  ) {
    var pick = RunPick(reference: reference)
    for run in runs.sorted(by: {
      ($1.record.startedAt, $1.record.id) < ($0.record.startedAt, $0.record.id)
    }) { pick.offer(run) }
    self.init(scenario: scenario, pick: pick, link: link, ignore: ignore, hints: hints)
  }

  /// The keys under `workflows`; nil where there are none to read.
  private static func workflows(inText text: String) -> Set<String>? {
    let root = SettingsFile.root(of: text, faults: FaultList(file: ""))
    guard case .mapping(let entries)? = root?.content,
      case .mapping(let workflows)? = entries.first(where: { $0.key == "workflows" })?.value.content
    else { return nil }
    return Set(workflows.map(\.key))
  }

  // MARK: - What counts

  /// Samples that count, of the run that holds them, without warm-ups.
  func samples(_ kind: ResultKind, of workflow: WorkflowKind) -> (run: String, samples: [Sample])? {
    guard let run = pick.run(kind, of: workflow) else { return nil }
    return (
      run.record.id, run.samples.filter { $0.cell.workflow == workflow && !$0.isWarmup }
    )
  }

  /// Trials of the one cell that counts.
  func trials(
    _ experiment: Experiment, of workflow: WorkflowKind
  ) -> (run: String, cell: Cell, trials: [ExperimentTrial])? {
    guard let run = pick.run(.experiment(experiment), of: workflow) else { return nil }
    let (cell, trials) = trials(experiment, of: workflow, in: run)
    return cell.map { (run.record.id, $0, trials) }
  }

  /// The reference's trials in the run that counts for another workflow: only there are facts comparable.
  func referenceTrials(of workflow: WorkflowKind) -> [ExperimentTrial] {
    guard let run = pick.run(.experiment(.parity), of: workflow) else { return [] }
    return trials(.parity, of: reference, in: run).trials
  }

  private func trials(
    _ experiment: Experiment, of workflow: WorkflowKind, in run: StoredRun
  ) -> (cell: Cell?, trials: [ExperimentTrial]) {
    let all = run.experiments.filter { $0.experiment == experiment && $0.cell.workflow == workflow }
    let cell = pick.cell(of: all, link: link(of: workflow) ?? link)
    return (cell, all.filter { $0.cell == cell })
  }

  /// The link that counts for a workflow, of those that its cells have.
  ///
  /// Nil where its cells have none.
  func link(of workflow: WorkflowKind) -> String? { pick.link(of: workflow, wanted: link) }

  func environment(_ experiment: Experiment, of workflow: WorkflowKind) -> Environment? {
    pick.run(.experiment(experiment), of: workflow)?.record.environment
  }

  /// Systems on which a cold set-up was completed, each once, with a run that says so.
  func systems(setUp workflow: WorkflowKind) -> [(system: String, trace: Trace)] {
    pick.otherSystems(workflow).map { (system: $0.name, trace: trace($0.run, .setUp)) }
  }

  func trace(_ run: String, _ experiment: Experiment? = nil) -> Trace {
    var options = ""
    if experiment == .parity {
      if reference != .remoteCluster { options += " --reference \(reference.rawValue)" }
      options += ignore.patterns.map { " --ignore \(ShellWord.quoted($0))" }.joined()
    }
    return Trace(run: run, experiment: experiment, options: options + hints.databaseOption)
  }
}

extension RunPick {
  /// - Parameter wanted: the link that counts if the workflow was measured over it.
  func link(of workflow: WorkflowKind, wanted: String?) -> String? {
    let cells = run(.loop, of: workflow)?.record.cells.map(\.cell) ?? []
    let links = cells.filter { $0.workflow == workflow && !$0.link.isEmpty }.map(\.link)
    if let wanted, links.contains(wanted) { return wanted }
    return links.first
  }

  /// The cell whose trials count: of those on which anything could be tried, over the link if there is one, the
  /// first.
  func cell(of trials: [ExperimentTrial], link: String?) -> Cell? {
    let tried = trials.filter { $0.outcome != .notPossible }
    var cells: [Cell] = []
    for trial in tried.isEmpty ? trials : tried where !cells.contains(trial.cell) {
      cells.append(trial.cell)
    }
    return cells.first { $0.link == link } ?? cells.first
  }
}
