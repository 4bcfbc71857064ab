/// Collects the faults of one file, so that all of them are reported at once.
package final class FaultList {
  let file: String
  private var found: Set<ScenarioFault> = []

  package init(file: String) {
    self.file = file
  }

  package var isEmpty: Bool { found.isEmpty }

  /// The same fault in the same place counts once, however many aliases lead to it.
  package func report(_ message: String, at position: Position) {
    found.insert(
      ScenarioFault(
        file: file, line: position.line, column: position.column, message: message))
  }

  /// In the file's order; faults in one place by their text.
  package var sorted: [ScenarioFault] {
    found.sorted { ($0.line, $0.column, $0.message) < ($1.line, $1.column, $1.message) }
  }
}
