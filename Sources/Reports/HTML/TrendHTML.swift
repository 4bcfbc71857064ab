import Foundation
import Measurement
import ResultStore

/// A trend as one self-contained HTML file: no network, plots as SVG, a small script for what lies below the
/// pointer.
package struct TrendHTML: Sendable {
  package init() {}

  /// - Throws: a template's parse error, which only a mistake in this room can bring about.
  package func render(_ report: TrendReport) throws -> String {
    let title =
      report.parts.count == 1 ? report.parts[0].scenario : "\(report.parts.count) scenarios"
    return try HTMLRenderer.render(
      [
        "title": PlainText.line(title),
        "summary": report.summary.uppercasedStart + ".",
        "summaryClass": report.regressions.isEmpty ? "" : "bad",
        "alarms": report.parts.flatMap { part in
          part.series.filter { $0.isAlarm }.compactMap { series in
            part.remarks(of: series).first.map {
              PlainText.line("\(series.label): \($0)", limit: 600)
            }
          }
        },
        "rule": report.ruleNote,
        "parts": report.parts.enumerated().map { Self.part($1, index: $0) },
        "script": HTMLScript.text,
        "scriptHash": HTMLScript.hash,
      ], withTemplate: "trend")
  }

  private static func part(_ part: TrendReport.Part, index: Int) -> [String: Any] {
    let plot = TrendPlot(part)
    let runs = "runs\(index)"
    return [
      "scenario": PlainText.line(part.scenario),
      "sentence": UnitText.joined(PlainText.line(part.sentence.uppercasedStart)),
      "notes": part.notes.map { ["note": PlainText.line($0.uppercasedStart, limit: 400)] },
      "notices": part.alarms.map { ["notice": PlainText.line($0.uppercasedStart, limit: 400)] },
      "runsID": runs,
      "runs": part.runs.map { run in
        let commit = run.environment.appCommit.map { word(CommitText.short($0)) } ?? ""
        return "\(word(run.id)) \(DurationText.fixed(plot.place(of: run.startedAt), 2)) "
          + "\(DateText.minutes(run.startedAt).replacing(" ", with: "T")) \(commit)"
      }.joined(separator: "\n"),
      "series": part.series.enumerated().map { place, series in
        [
          "label": PlainText.line(series.label),
          "note": PlainText.line(part.keyNote(of: series) ?? "", limit: 200),
          "status": series.statusText,
          "statusClass": series.isAlarm ? "bad" : "",
          "level": DurationText.text(series.level),
          "runs": "\(series.points.count)",
          "served": series.servedText,
          "changes": "\(series.changes.count)",
          "missing": "\(series.missing)",
          "anchor": "s\(index)-\(place)",
          "svg": plot.svg(of: series, identifier: "t\(index)-\(place)", runs: runs),
          "said": "t\(index)-\(place)-s",
          "remarks": part.remarks(of: series).map { PlainText.line($0, limit: 600) },
        ] as [String: Any]
      },
    ]
  }

  /// Without white space, which parts the words of a run's line.
  private static func word(_ text: String) -> String {
    String(PlainText.line(text, limit: 80).map { $0.isWhitespace ? "-" : $0 })
  }
}

extension TrendSeries {
  var isAlarm: Bool {
    switch status {
    case .regression, .gradual, .drift: true
    case .steady, .tooShort, .ended: false
    }
  }
}
