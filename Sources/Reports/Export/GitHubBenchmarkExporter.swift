import Measurement
import ResultStore
import Statistics

/// github-action-benchmark's `customSmallerIsBetter`: two benchmarks a cell, its median and how many edits
/// weren't served, so that a cell which is never served stays in the history.
///
/// Source: the action's README and `BenchmarkResult` in its `src/extract.ts`.
struct GitHubBenchmarkExporter: RunExporter {
  private var items = JSONItems()
  private(set) var notes: [String] = []

  func begin() -> String { "[" }

  mutating func add(_ run: StoredRun) -> String {
    var text = ""
    notes += [ExportedCell.experimentsNote(run)].compactMap { $0 }
    for cell in ExportedCell.all(of: run) {
      guard !cell.samples.isEmpty else {
        notes.append(cell.emptyNote)
        continue
      }
      let summary = cell.summary
      let extra = Self.extra(cell, summary)
      if let median = summary.median {
        var members: [(String, JSONValue)] = [
          ("name", .string(cell.name)), ("unit", .string("s")), ("value", .seconds(median)),
        ]
        if let interval = summary.interval {
          members.append(("range", .string(DurationText.range(interval.low, interval.high))))
        }
        members.append(("extra", .string(extra)))
        text += items.item(JSONValue.object(members).line())
      }
      text += items.item(
        JSONValue.object([
          ("name", .string(cell.name + " (not served)")), ("unit", .string("edits")),
          ("value", .integer(summary.attempted - summary.served)), ("extra", .string(extra)),
        ]).line())
    }
    return text
  }

  func end() -> String { "\n]\n" }

  private static func extra(_ cell: ExportedCell, _ summary: CellSummary) -> String {
    let interval = summary.interval == nil ? "" : "; the range is the median's 95 % interval"
    return "served \(summary.servedText)\(interval)\nrun \(cell.run.id)"
      + (cell.run.environment.appCommit.map { "\napp \($0)" } ?? "")
  }
}
