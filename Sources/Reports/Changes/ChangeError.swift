/// Why two sets of runs can't be compared.
package enum ChangeError: Error, Hashable, CustomStringConvertible {
  /// A side without any run.
  case noRuns(String)
  /// Names of the scenarios.
  case otherScenario(base: String, head: String)
  /// A run on both sides.
  case sameRun(String)

  package var description: String {
    switch self {
    case .noRuns(let side):
      "there is no run for \(PlainText.line(side)); `devbench runs` lists them"
    case .otherScenario(let base, let head):
      "base measured the scenario \(PlainText.line(base)), head \(PlainText.line(head)); runs of one "
        + "scenario can be compared, and the cells of one run with each other by `devbench report`"
    case .sameRun(let id):
      "run \(PlainText.line(id)) is on both sides; name two different ones (`devbench runs`), or "
        + "measure again"
    }
  }
}
