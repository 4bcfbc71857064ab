import Measurement
import Statistics

/// A comparison of runs as one self-contained HTML file: no network, no script, plots as SVG.
package struct ChangeHTML: Sendable {
  package init() {}

  /// - Throws: a template's parse error, which only a mistake in this room can bring about.
  package func render(_ report: ChangeReport) throws -> String {
    try HTMLRenderer.render(Self.values(report), withTemplate: "change")
  }

  private static let phasesShown = 8

  private static func values(_ report: ChangeReport) -> [String: Any] {
    let forest = ForestPlot(report.cells, margin: report.margin)
    let cells = report.byImportance
    return [
      "title": PlainText.line(report.title),
      "sides": report.sides.map { PlainText.line($0, limit: 600) },
      "notices": report.notices.map { ["notice": PlainText.line($0.uppercasedStart, limit: 600)] },
      "summary": report.summary.uppercasedStart + ".",
      "conclusions": cells.compactMap { cell in
        cell.remark.map { UnitText.joined(PlainText.line("\(cell.label): \($0).", limit: 600)) }
      },
      "hasCells": !cells.isEmpty,
      "rows": cells.enumerated().map { index, cell in row(cell, forest, index) },
      "axis": forest.axis(),
      "margin": ChangeReport.percent(report.margin),
      "hasNoise": cells.contains { $0.noise > report.margin },
      "rule": report.ruleNote,
      "calibration": PlainText.line(report.calibrationNote ?? "", limit: 600),
      "details": cells.enumerated().filter { $0.element.judgement != nil }.map {
        details($1, index: $0)
      },
    ]
  }

  private static func row(
    _ cell: CellChange, _ forest: ForestPlot, _ index: Int
  ) -> [String: Any] {
    [
      "label": PlainText.line(cell.label),
      "fullName": PlainText.line(cell.cell.name),
      "verdict": cell.verdictText,
      "verdictClass": ForestPlot.style(of: cell) == "slower" ? "bad" : "",
      "base": CellChange.sideText(cell.baseSummary),
      "head": CellChange.sideText(cell.headSummary),
      "ratio": cell.ratioText,
      "interval": cell.intervalText,
      "forest": forest.svg(of: cell, identifier: "forest\(index)"),
    ]
  }

  private static func details(_ cell: CellChange, index: Int) -> [String: Any] {
    let (base, head) = (cell.baseSummary, cell.headSummary)
    let axis = PlotAxis(values: [base.min, base.max, head.min, head.max].compactMap { $0 })
    let plot = StripPlot(
      axis: axis,
      hasMargin: base.served < base.attempted || head.served < head.attempted)
    return [
      "label": PlainText.line(cell.label),
      "strips": [("base", cell.base, base), ("head", cell.head, head)].map {
        side, samples, summary in
        [
          "side": side, "figures": figures(summary),
          "svg": plot.svg(
            label: "\(cell.label), \(side)", samples: samples, summary: summary,
            identifier: "\(side)\(index)"),
        ]
      },
      "phaseRows": cell.phaseShifts.prefix(phasesShown).map { shift in
        [
          "phase": PlainText.line(shift.name), "base": DurationText.text(shift.base),
          "head": DurationText.text(shift.head),
          "difference": (shift.difference > 0 ? "+" : "") + DurationText.text(shift.difference),
        ]
      },
    ]
  }

  private static func figures(_ summary: CellSummary) -> String {
    guard summary.median != nil else { return "served \(summary.servedText)" }
    let interval = summary.interval.map { " (\(DurationText.range($0.low, $0.high)))" } ?? ""
    return "median \(DurationText.text(summary.median))\(interval), served \(summary.servedText)"
  }
}
