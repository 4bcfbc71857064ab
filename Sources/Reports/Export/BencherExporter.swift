import Measurement
import ResultStore
import Statistics

/// Bencher Metric Format: a benchmark a cell, with the built-in measure `latency`, which is in nanoseconds, and
/// the share of edits that were served.
///
/// Source: bencher.dev/docs/reference/bencher-metric-format, and Bencher's `measure/built_in.rs` for the unit.
struct BencherExporter: RunExporter {
  private var items = JSONItems()
  private(set) var notes: [String] = []

  func begin() -> String { "{" }

  mutating func add(_ run: StoredRun) -> String {
    var text = ""
    notes += [ExportedCell.experimentsNote(run)].compactMap { $0 }
    for cell in ExportedCell.all(of: run) {
      guard !cell.samples.isEmpty else {
        notes.append(cell.emptyNote)
        continue
      }
      let summary = cell.summary
      var measures: [(String, JSONValue)] = []
      if let median = summary.median {
        measures.append(("latency", Self.metric(median, summary.interval)))
      }
      if let all = summary.allServed, let median = all.median {
        measures.append(("latency-all-served", Self.metric(median, all.interval)))
      }
      let rate = Double(summary.served) / Double(summary.attempted)
      measures.append(("success-rate", .object([("value", .double(rate))])))
      text += items.item(
        JSONValue.string(cell.name).line() + ": " + JSONValue.object(measures).line())
    }
    return text
  }

  func end() -> String { "\n}\n" }

  private static func metric(_ median: Double, _ interval: Interval?) -> JSONValue {
    func nanoseconds(_ seconds: Double) -> JSONValue { .integer(Int64((seconds * 1e9).rounded())) }
    var members: [(String, JSONValue)] = [("value", nanoseconds(median))]
    if let interval {
      members.append(("lower_value", nanoseconds(interval.low)))
      members.append(("upper_value", nanoseconds(interval.high)))
    }
    return .object(members)
  }
}
