import Measurement
import ResultStore

/// What keeps figures of runs from being compared, as sentences' parts.
struct EvidenceNotices {
  private let pick: RunPick
  private let workflows: [WorkflowKind]
  private let link: String?
  /// One a workflow and kind of results.
  private let slots: [(workflow: WorkflowKind, kind: ResultKind, run: RunRecord)]

  init(_ pick: RunPick, workflows: [WorkflowKind], link: String?) {
    self.pick = pick
    self.workflows = workflows
    self.link = link
    slots = workflows.flatMap { workflow in
      ResultKind.all.compactMap { kind in
        pick.run(kind, of: workflow).map {
          (workflow: workflow, kind: kind, run: $0.record)
        }
      }
    }
  }

  /// Not escaped.
  var all: [String] {
    [machines, engines, loops, conditions, hosts, unfinished, fuller, links, places].flatMap { $0 }
  }

  // MARK: - What isn't alike

  private var machines: [String] {
    // What is alike for all workflows of one machine: engines, clusters and links differ among workflows.
    let keys = slots.map { key(of: $0.run, $0.workflow) }
    return ["processor", "cores", "memory", "kernel", "scenario"].compactMap { name -> String? in
      let values = Set(keys.map { key in key.parts.first { $0.name == name }?.value ?? "" })
      guard values.count > 1 else { return nil }
      return name == "scenario"
        ? "the scenario's text differs between runs (\(values.count) versions): the figures aren't of the same app or settings"
        : "the \(name) differs between runs (\(values.sorted().joined(separator: "; "))): the figures aren't of one machine"
    }
  }

  private func key(of run: RunRecord, _ workflow: WorkflowKind) -> ComparabilityKey {
    ComparabilityKey(
      environment: run.environment, scenarioDigest: run.scenarioDigest,
      cell: Cell(workflow: workflow, path: .reload, edit: ""), links: [])
  }

  private var engines: [String] {
    workflows.flatMap { workflow in
      ["engine", "cluster"].compactMap { fact -> String? in
        let own = Set(
          slots.filter { $0.workflow == workflow }.compactMap { slot in
            key(of: slot.run, workflow).parts.first { $0.name == fact }?.value
          })
        return own.count > 1
          ? "the \(fact) of \(workflow.rawValue) differs between runs (\(own.sorted().joined(separator: "; ")))"
          : nil
      }
    }
  }

  private var loops: [String] {
    var notices: [String] = []
    let runs = Set(workflows.compactMap { pick.run(.loop, of: $0)?.record.id })
    if runs.count > 1 {
      notices.append(
        "the inner loops were measured in \(runs.count) runs, not in turn: what the machine did meanwhile may differ"
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
    return notices
  }

  private var conditions: [String] {
    [Experiment.recovery, .breakFix].compactMap { experiment -> String? in
      let tried = workflows.compactMap { workflow -> (name: String, conditions: [String])? in
        let conditions = Set(
          trials(experiment, of: workflow).filter { $0.outcome != .notPossible }.map(\.condition))
        return conditions.isEmpty ? nil : (workflow.rawValue, conditions.sorted())
      }
      guard Set(tried.map(\.conditions)).count > 1 else { return nil }
      let list = tried.map { "\($0.name): \($0.conditions.joined(separator: ", "))" }
      return
        "\(experiment.rawValue) was tried with different conditions (\(list.joined(separator: "; "))): what all were tried with is compared, if there is any"
    }
  }

  private func trials(_ experiment: Experiment, of workflow: WorkflowKind) -> [ExperimentTrial] {
    pick.run(.experiment(experiment), of: workflow)?.experiments.filter {
      $0.experiment == experiment && $0.cell.workflow == workflow
    } ?? []
  }

  private var hosts: [String] {
    let hosts = Set(slots.map(\.run.environment.host))
    return hosts.count > 1
      ? ["runs of \(hosts.count) hosts are used: \(hosts.sorted().joined(separator: ", "))"] : []
  }

  // MARK: - Runs that aren't whole

  private var unfinished: [String] {
    var notices: [String] = []
    let used = Dictionary(
      grouping: slots.filter { $0.run.status != .finished }, by: \.run.id)
    for (id, slots) in used.sorted(by: { $0.key < $1.key }) {
      notices.append(
        "run \(id) \(Self.words(slots[0].run.status)), and no finished one has its \(Self.list(slots.map { ($0.workflow, $0.kind) })): what it has counts"
      )
    }
    let passed = Dictionary(
      grouping: pick.unfinished.filter { pick.chosen[$0.key] != nil }, by: \.value.record.id)
    for (id, slots) in passed.sorted(by: { $0.key < $1.key }) {
      notices.append(
        "the newer run \(id) \(Self.words(slots[0].value.record.status)): of \(Self.list(slots.map { ($0.key.workflow, $0.key.kind) })) an older, finished one counts"
      )
    }
    return notices
  }

  private var fuller: [String] {
    let groups = Dictionary(grouping: pick.fuller, by: \.value)
    return groups.sorted { $0.key < $1.key }.map { id, slots in
      "the older run \(id) has more cells or conditions of \(Self.list(slots.map { ($0.key.workflow, $0.key.kind) })) than the newer one that counts: name the runs to have it counted"
    }
  }

  private static func words(_ status: RunRecord.Status) -> String {
    switch status {
    case .running: "is still going"
    case .finished: "was finished"
    case .interrupted: "was interrupted"
    case .failed: "was ended by a failure"
    case .abandoned: "was ended by force"
    }
  }

  /// `local-native: inner loop, recovery; remote-cluster: parity`.
  private static func list(_ slots: [(WorkflowKind, ResultKind)]) -> String {
    WorkflowKind.allCases.compactMap { workflow in
      let kinds = ResultKind.all.filter { kind in
        slots.contains { $0.0 == workflow && $0.1 == kind }
      }
      return kinds.isEmpty
        ? nil : "\(workflow.rawValue): \(kinds.map(\.name).joined(separator: ", "))"
    }.joined(separator: "; ")
  }

  // MARK: - Links and paths

  private var links: [String] {
    guard let link else { return [] }
    return workflows.compactMap { workflow -> String? in
      let own = pick.link(of: workflow, wanted: link)
      let cells = pick.run(.loop, of: workflow)?.record.cells.map(\.cell) ?? []
      guard cells.contains(where: { $0.workflow == workflow && !$0.link.isEmpty }), let own,
        own != link
      else { return nil }
      return "\(workflow.rawValue) wasn't measured over \(link): its figures are over \(own)"
    }
  }

  /// Experiments that were tried over another link, or on a path that the loop wasn't measured on.
  private var places: [String] {
    workflows.compactMap { workflow -> String? in
      guard let loop = pick.run(.loop, of: workflow) else { return nil }
      let link = pick.link(of: workflow, wanted: link) ?? ""
      let paths = Set(
        loop.record.cells.map(\.cell).filter { $0.workflow == workflow && $0.link == link }
          .map(\.pathName))
      let apart = Experiment.allCases.compactMap { experiment -> String? in
        let cell = pick.cell(of: trials(experiment, of: workflow), link: link)
        guard let cell, cell.link != link || !paths.contains(cell.pathName) else { return nil }
        return "\(experiment.rawValue) on \(cell.setUpName)"
      }
      guard !apart.isEmpty, !paths.isEmpty else { return nil }
      let list = paths.map(\.description).sorted().joined(separator: ", ")
      return
        "experiments of \(workflow.rawValue) weren't made where the inner loop was measured (\(list)\(link.isEmpty ? "" : " over \(link)")): \(apart.joined(separator: ", "))"
    }
  }
}
