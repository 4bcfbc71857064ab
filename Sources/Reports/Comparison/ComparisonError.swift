/// Why a comparison can't be made.
package enum ComparisonError: Error, Hashable, CustomStringConvertible {
  /// No cell, or more than one, goes by the name; `cells` are those that the run has.
  case unknownBaseline(String, cells: [String])

  package var description: String {
    switch self {
    case .unknownBaseline(let name, let cells):
      let asked = "the run has no cell \"\(PlainText.line(name))\" to compare with"
      if cells.isEmpty { return asked + "; it has no cells at all" }
      return asked + "; name one of: " + cells.map { PlainText.line($0) }.joined(separator: ", ")
    }
  }
}
