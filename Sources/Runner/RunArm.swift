import Foundation
import Link
import Measurement
import Processes
import ResultStore
import Scenarios

/// What one run measures: a scenario with its app's sources, some of its cells, and the record that the samples
/// go to. A run has one, or two that are measured in turn.
struct RunArm {
  let scenario: Scenario
  let cells: [Cell]
  var record: RunRecord

  func spec(of cell: Cell) -> PathSpec? {
    workflow(of: cell)?.paths.first { $0.path == cell.path && $0.variant == cell.variant }
  }

  func workflow(of cell: Cell) -> WorkflowSpec? {
    scenario.workflows.first { $0.kind == cell.workflow }
  }

  func link(of cell: Cell) -> LinkSpec? {
    workflow(of: cell)?.links.first { $0.name == cell.link }
  }

  /// - Parameters:
  ///   - id: of the run.
  ///   - twin: of the run that is measured in turn with it.
  init(
    _ scenario: Scenario, cells: [Cell], plan: Plan, order: Scenario.Order, id: String,
    startedAt: Date,
    purpose: RunRecord.Purpose, twin: String?
  ) async {
    self.scenario = scenario
    self.cells = cells
    record = RunRecord(
      id: id, scenario: scenario.name, scenarioText: scenario.text,
      scenarioDigest: scenario.digest, startedAt: startedAt, seed: plan.seed, order: order.rawValue,
      devbenchVersion: devbenchVersion, environment: HostFacts.environment(),
      cells: cells.map {
        RunRecord.PlannedCell(cell: $0, warmups: plan.warmups, iterations: plan.iterations)
      },
      owner: ProcessIdentity.current.description, purpose: purpose, twin: twin)
    record.links = links
    record.environment.tools = await HostFacts.versions(of: tools, in: scenario.app.source)
    record.environment.appCommit = await HostFacts.commit(of: scenario.app.source)
    record.environment.appBranch = await HostFacts.branch(of: scenario.app.source)
  }

  /// The links that the cells go over, as they are kept with the run.
  private var links: [LinkFacts] {
    var known: Set<String> = []
    return cells.compactMap(link).filter { known.insert($0.name).inserted }.map { link in
      LinkFacts(
        name: link.name, roundTrip: link.profile.rtt, jitter: link.profile.jitter,
        up: link.profile.up.map { Int($0.bitsPerSecond) },
        down: link.profile.down.map { Int($0.bitsPerSecond) })
    }
  }

  /// The commands that tell the versions of tools. A cluster's tools are in its containers: what the host has
  /// says nothing about them. They can be asked once the seat runs, and join the run by the store's
  /// `add(tools:run:)`.
  private var tools: [String: [String]] {
    var tools: [String: [String]] = [:]
    // What is installed first is asked once it is.
    for spec in cells.compactMap(spec) where spec.cluster == nil && spec.install.isEmpty {
      tools.merge(spec.tools) { first, _ in first }
      if spec.tools.isEmpty, let known = KnownTools.versionCommand(for: spec.command) {
        tools[known.name] = known.command
      }
    }
    return tools
  }
}
