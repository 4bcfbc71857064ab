package import ResultStore

/// One side of a comparison of runs: one run, or several taken together.
package struct RunSet: Sendable, Hashable {
  /// As a reader would say it: `run 20261121-031500-9f3c`, `commit 0f3c2ab`. Not escaped.
  package let label: String
  /// Oldest first.
  package let runs: [StoredRun]

  package init(label: String, runs: [StoredRun]) {
    self.label = label
    self.runs = runs
  }

  /// The one run that it is; nil for several.
  var only: StoredRun? { runs.count == 1 ? runs[0] : nil }
}
