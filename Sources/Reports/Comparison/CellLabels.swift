import Measurement

/// Short names for the cells of a run.
enum CellLabels {
  /// The parts of each cell's name that aren't the same for all cells; the path, if all are.
  static func labels(for cells: [Cell]) -> [String] {
    let workflowVaries = Set(cells.map(\.workflow)).count > 1
    let pathVaries = Set(cells.map(\.pathName)).count > 1
    let editVaries = Set(cells.map(\.edit)).count > 1
    let circumstancesVary = Set(cells.map(\.circumstances)).count > 1
    let nothingVaries = !workflowVaries && !pathVaries && !editVaries
    return cells.map { cell in
      var parts: [String] = []
      if workflowVaries { parts.append(cell.workflow.rawValue) }
      if pathVaries || nothingVaries { parts.append(cell.pathName.description) }
      if editVaries { parts.append(cell.edit) }
      return parts.joined(separator: "/") + (circumstancesVary ? cell.circumstances : "")
    }
  }
}
