package import Measurement
package import Scenarios

/// The workflow and the path that `devbench dev` follows.
package struct DevChoice: Sendable, Hashable {
  package var workflow: WorkflowSpec
  package var path: PathSpec

  /// What was asked for, and in its absence the scenario's first; on a cluster `sync`, if it has it.
  ///
  /// - Parameter path: the path's name in the scenario.
  /// - Throws: what the scenario has instead.
  package init(
    from scenario: Scenario, workflow kind: WorkflowKind?, path name: String?
  ) throws(RunFailure) {
    let kinds = scenario.workflows.map(\.kind.rawValue).joined(separator: ", ")
    guard
      let workflow = scenario.workflows.first(where: { kind == nil || $0.kind == kind })
    else {
      throw .nothingToFollow(
        "scenario \(scenario.name) has no workflow \(kind?.rawValue ?? ""); it has \(kinds)")
    }
    let preferred = name ?? (workflow.kind == .localNative ? nil : UpdatePath.sync.rawValue)
    let named = workflow.paths.first { $0.pathName.description == preferred }
    guard let path = named ?? (name == nil ? workflow.paths.first : nil) else {
      let names = workflow.paths.map(\.pathName.description).joined(separator: ", ")
      throw .nothingToFollow(
        "workflow \(workflow.kind.rawValue) of scenario \(scenario.name) has no path "
          + "\(name ?? ""); it has \(names)")
    }
    self.workflow = workflow
    self.path = path
  }
}
