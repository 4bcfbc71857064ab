package import Measurement
package import ResultStore
package import Scenarios

/// What an invocation says beyond the scenario file.
package struct RunOptions: Sendable, Hashable {
  /// Only these; empty means all.
  package var workflows: [WorkflowKind] = []
  package var paths: [PathName] = []
  package var edits: [String] = []
  package var links: [String] = []
  /// Only these cells; nil means all.
  package var only: Set<Cell>?
  /// In place of the scenario's, of remotes; empty means those.
  package var developers: [Int] = []
  /// In place of the scenario's, where given.
  package var iterations: Int?
  package var warmups: Int?
  package var order: Scenario.Order?
  /// Below 2^53, so that JSON readers keep it; nil draws one.
  package var seed: UInt64?
  package var purpose = RunRecord.Purpose.measurement
  /// To be made in place of measuring the inner loop; empty means that it is measured.
  package var experiments: [Experiment] = []

  package static let seedLimit: UInt64 = 1 << 53

  package init() {}

  /// The cell over each link that the filters leave, with each number of developers. They say nothing about
  /// workflows without a link.
  private func circumstances(of cell: Cell, in workflow: WorkflowSpec) -> [Cell] {
    guard workflow.kind == .remoteCluster else { return [cell] }
    let names = workflow.links.isEmpty ? [""] : workflow.links.map(\.name)
    var numbers: [Int] = []
    for number in developers.isEmpty ? workflow.developers : developers
    where !numbers.contains(number) {
      numbers.append(number)
    }
    return names.filter { links.isEmpty || links.contains($0) }.flatMap { link in
      numbers.map { number in
        var cell = cell
        (cell.link, cell.developers) = (link, number)
        return cell
      }
    }
  }

  /// The scenario's cells that the filters leave, in the scenario's order.
  package func cells(of scenario: Scenario) throws(RunFailure) -> [Cell] {
    var cells: [Cell] = []
    for workflow in scenario.workflows
    where workflows.isEmpty || workflows.contains(workflow.kind) {
      for path in workflow.paths where paths.isEmpty || paths.contains(path.pathName) {
        for edit in scenario.edits where edits.isEmpty || edits.contains(edit.name) {
          let cell = Cell(
            workflow: workflow.kind, path: path.path, variant: path.variant, edit: edit.name)
          cells += circumstances(of: cell, in: workflow).filter { only?.contains($0) ?? true }
        }
      }
    }
    guard cells.isEmpty else { return experiments.isEmpty ? cells : representatives(of: cells) }
    let all = try RunOptions().cells(of: scenario).map(\.name).joined(separator: ", ")
    throw .nothingToMeasure(
      "\(filters.joined(separator: " and ")) \(filters.count == 1 ? "leaves" : "leave") nothing of "
        + "scenario \(scenario.name) to measure; it has \(all)")
  }

  /// Those that were given, as a user names them.
  private var filters: [String] {
    [
      ("--workflow", !workflows.isEmpty), ("--path", !paths.isEmpty), ("--edit", !edits.isEmpty),
      ("--link", !links.isEmpty),
      ("what is asked for", only != nil),
    ].filter(\.1).map(\.0)
  }

  /// The cells that experiments are made on: the first of each workflow, and of each path and link where those
  /// were asked for.
  private func representatives(of cells: [Cell]) -> [Cell] {
    var known: Set<Cell> = []
    return cells.filter { cell in
      var kind = Cell(workflow: cell.workflow, path: .sync, edit: "")
      if !paths.isEmpty { (kind.path, kind.variant) = (cell.path, cell.variant) }
      if !links.isEmpty { kind.link = cell.link }
      return known.insert(kind).inserted
    }
  }
}
