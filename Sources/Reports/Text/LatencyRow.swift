import Statistics

/// A line of the table of latencies, as text. Names in it come from outside and aren't escaped.
struct LatencyRow {
  enum Kind {
    /// Over what was served.
    case served
    /// Over everything, what wasn't served behind the rest.
    case allEdits
    /// Over what every replica served.
    case allServed
  }

  let kind: Kind
  let label: String
  let served: String
  /// Whether something wasn't served that should have been.
  let isIncomplete: Bool
  let median: String
  let interval: String
  let p95: String
  let min: String
  let max: String

  /// A cell's own line, and those below it where not all was served or the app has several replicas.
  static func rows(of cell: CellResult) -> [LatencyRow] {
    let summary = cell.summary
    var rows = [
      LatencyRow(
        kind: .served, label: cell.label, served: summary.servedText,
        isIncomplete: summary.served < summary.attempted,
        median: DurationText.text(summary.median),
        interval: DurationText.range(summary.interval?.low, summary.interval?.high),
        p95: DurationText.text(summary.p95), min: DurationText.text(summary.min),
        max: DurationText.text(summary.max))
    ]
    if let all = cell.allEdits {
      rows.append(
        LatencyRow(
          kind: .allEdits, label: QuantileText.label(cell), served: summary.servedText,
          isIncomplete: false, median: QuantileText.text(all.median),
          interval: DurationText.range(all.interval?.low, all.interval?.high),
          p95: QuantileText.text(all.p95), min: DurationText.none, max: DurationText.none))
    }
    if let all = summary.allServed {
      rows.append(
        LatencyRow(
          kind: .allServed, label: ReplicaText.label(cell), served: all.servedText,
          isIncomplete: all.served < all.attempted, median: DurationText.text(all.median),
          interval: DurationText.range(all.interval?.low, all.interval?.high),
          p95: DurationText.text(all.p95), min: DurationText.text(all.min),
          max: DurationText.text(all.max)))
    }
    return rows
  }
}
