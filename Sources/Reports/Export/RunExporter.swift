package import ResultStore

/// Writes runs in a format, one after another: what it has written of a run it need not keep.
package protocol RunExporter {
  /// What comes before the first run.
  func begin() -> String
  /// What is to be written now that this run has come; runs come in the order of measuring.
  mutating func add(_ run: StoredRun) -> String
  /// What comes after the last run.
  func end() -> String
  /// What the format can't carry, in sentences for the user.
  var notes: [String] { get }
}

extension RunExporter {
  package func begin() -> String { "" }
  package func end() -> String { "" }
  package var notes: [String] { [] }
}

/// JSON Lines of whole runs.
struct DocumentExporter: RunExporter {
  func add(_ run: StoredRun) -> String { RunDocument.line(run) }
}
