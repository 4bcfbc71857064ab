import Link
import Measurement
import Scenarios

/// An app of a scenario that experiments are made on: one workflow, path and link, with an edit to save.
struct ExperimentSubject: Sendable {
  let scenario: Scenario
  let cell: Cell
  let workflow: WorkflowSpec
  let path: PathSpec
  let edit: Edit

  /// Nil if the scenario has no such cell.
  init?(_ cell: Cell, of scenario: Scenario) {
    guard let workflow = scenario.workflows.first(where: { $0.kind == cell.workflow }),
      let path = workflow.paths.first(where: { $0.pathName == cell.pathName }),
      let edit = scenario.edits.first(where: { $0.name == cell.edit })
    else { return nil }
    self.scenario = scenario
    self.cell = cell
    self.workflow = workflow
    self.path = path
    self.edit = edit
  }

  /// Tells subjects apart in file names: `local-cluster-sync-restart`.
  var name: String {
    "\(cell.workflow.rawValue)-\(cell.pathName)" + (cell.link.isEmpty ? "" : "-\(cell.link)")
  }

  /// That leads to the app.
  var link: LinkProfile {
    workflow.links.first { $0.name == cell.link }?.profile ?? .unshaped
  }

  /// How long anything may take until it is served.
  var limit: Duration { scenario.app.probe.timeout }
}
