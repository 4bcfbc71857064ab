package import Measurement
package import Scenarios

/// What an invocation says beyond the scenario file.
package struct RunOptions: Sendable, Hashable {
  /// Only these; empty means all.
  package var workflows: [WorkflowKind] = []
  package var paths: [PathName] = []
  package var edits: [String] = []
  /// In place of the scenario's, where given.
  package var iterations: Int?
  package var warmups: Int?
  package var order: Scenario.Order?
  /// Below 2^53, so that JSON readers keep it; nil draws one.
  package var seed: UInt64?

  package static let seedLimit: UInt64 = 1 << 53

  package init() {}

  /// The scenario's cells that the filters leave, in the scenario's order.
  package func cells(of scenario: Scenario) throws(RunFailure) -> [Cell] {
    var cells: [Cell] = []
    for workflow in scenario.workflows
    where workflows.isEmpty || workflows.contains(workflow.kind) {
      for path in workflow.paths where paths.isEmpty || paths.contains(path.pathName) {
        for edit in scenario.edits where edits.isEmpty || edits.contains(edit.name) {
          cells.append(
            Cell(
              workflow: workflow.kind, path: path.path, variant: path.variant, edit: edit.name))
        }
      }
    }
    guard cells.isEmpty else { return cells }
    let all = try RunOptions().cells(of: scenario).map(\.name).joined(separator: ", ")
    throw .nothingToMeasure(
      "--workflow, --path and --edit leave nothing of scenario \(scenario.name) to measure; "
        + "it has \(all)")
  }
}
