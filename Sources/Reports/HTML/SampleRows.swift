import Clock
import Measurement

/// Every sample of a cell, for the table behind the fold.
struct SampleRows {
  let values: [String: Any]

  init(_ cell: CellResult) {
    var names: [String] = []
    var known: Set<String> = []
    for phase in cell.samples.flatMap(\.phases) where known.insert(phase.name).inserted {
      names.append(phase.name)
    }
    let hasReasons = cell.samples.contains { $0.outcome != .served || $0.reason != nil }
    let hasReplicas = cell.samples.contains { $0.replicas > 1 }
    values = [
      "label": PlainText.line(cell.label),
      "count": cell.samples.count == 1 ? "1 sample" : "\(cell.samples.count) samples",
      "columns": names.map { PlainText.line($0) },
      "hasReasons": hasReasons,
      "hasReplicas": hasReplicas,
      "sampleRows": cell.samples.map {
        Self.row($0, names: names, hasReasons: hasReasons, hasReplicas: hasReplicas)
      },
      "isEmpty": cell.samples.isEmpty,
    ]
  }

  private static func row(
    _ sample: Sample, names: [String], hasReasons: Bool, hasReplicas: Bool
  ) -> [String: Any] {
    var seconds: [String: Double] = [:]
    for phase in sample.phases { seconds[phase.name, default: 0] += phase.duration.seconds }
    // One text for all cells of figures: a template takes its time over each value.
    let figures =
      [sample.duration.seconds] + (hasReplicas ? [sample.allServed?.seconds] : [])
      + [sample.bracket?.width.seconds] + names.map { seconds[$0] }
    return [
      "number": "\(sample.iteration)",
      "outcome": sample.isWarmup ? "\(sample.outcome.rawValue), warm-up" : sample.outcome.rawValue,
      "kind": sample.outcome != .served ? "bad" : sample.isWarmup ? "faint" : "",
      "figures": figures.map { "<td>\(HTMLText.escape(DurationText.text($0)))</td>" }.joined(),
      "reason": sample.outcome == .served && sample.reason == nil
        ? ""
        : Excerpt.lines(of: sample.reason ?? "no reason was given", lines: 2, columns: 120)
          .joined(separator: " ↵ "),
      "withReason": hasReasons,
    ]
  }
}
