package import ResultStore

/// What `devbench export` writes. The raw value is its name on the command line; docs/export.md says what maps
/// to what.
package enum ExportFormat: String, Sendable, Hashable, CaseIterable {
  /// devbench's own, with everything; what `devbench import` reads.
  case json
  /// A row a sample, for spreadsheets and data frames.
  case csv
  case hyperfine
  /// Bencher Metric Format.
  case bmf
  /// github-action-benchmark's `customSmallerIsBetter`.
  case githubBenchmark = "github-benchmark"
  case junit, openmetrics

  /// Whether a benchmark's name may have one figure only, so that of a scenario one run fits in.
  package var takesOneRunPerScenario: Bool { self == .bmf || self == .githubBenchmark }

  /// Whether it is for figures that are followed over time, which runs of another purpose are no part of.
  package var isHistory: Bool { self != .json && self != .csv }

  /// Whether runs of a purpose are taken that nobody named.
  package func takes(_ purpose: RunRecord.Purpose) -> Bool {
    switch purpose {
    case .measurement: true
    case .confirmation, .calibration: !isHistory
    // It has no samples, and only the whole document has a place for anything else.
    case .experiment: self == .json
    }
  }

  /// - Parameter runs: how many will be added.
  package func exporter(runs: Int) -> any RunExporter {
    switch self {
    case .json: DocumentExporter()
    case .csv: CSVExporter()
    case .hyperfine: HyperfineExporter()
    case .bmf: BencherExporter()
    case .githubBenchmark: GitHubBenchmarkExporter()
    case .junit: JUnitExporter()
    case .openmetrics: OpenMetricsExporter(hasTimestamps: runs > 1)
    }
  }
}
