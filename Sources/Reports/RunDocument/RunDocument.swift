package import ResultStore

/// A run as one line of JSON, with all that the database has of it: what `devbench export` writes and
/// `devbench import` reads. docs/json.md is the contract.
///
/// Times are whole nanoseconds, and integers that a reader of JSON might round are strings of digits, so that a
/// run comes back as it was.
package enum RunDocument {
  /// What `devbench` says in every document.
  static let kind = "run"

  /// Raised when a reader would misunderstand a document, not for fields that it may ignore.
  package static let version = 1

  /// The run on one line, with the end of it.
  package static func line(_ run: StoredRun) -> String {
    RunDocumentWriter(cells: run.record.cells.map(\.cell)).document(run).line() + "\n"
  }
}
