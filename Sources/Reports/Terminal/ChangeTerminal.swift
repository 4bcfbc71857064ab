import Statistics

/// A comparison of runs as text for a terminal.
package struct ChangeTerminal: Sendable {
  package var colour: Bool
  /// Display columns to keep to.
  package var width: Int

  package init(colour: Bool = false, width: Int = 80) {
    self.colour = colour
    self.width = max(width, 40)
  }

  package func render(_ report: ChangeReport) -> String {
    var page = TerminalPage(colour: colour, width: width)
    page.paragraph(report.title, .heading)
    for side in report.sides { page.paragraph(side) }
    for notice in report.notices { page.paragraph(notice.uppercasedStart, .bad) }
    page.blank()
    if !report.cells.isEmpty { page.table(table(report)) }
    page.blank()
    page.paragraph(report.summary.uppercasedStart + ".", emphasis(report.outcome))
    for cell in report.byImportance {
      guard let remark = cell.remark else { continue }
      page.paragraph("\(cell.label): \(remark).", Self.emphasis(cell.judgement?.verdict), indent: 2)
    }
    page.paragraph(report.ruleNote, .faint)
    if let note = report.calibrationNote { page.paragraph(note, .faint) }
    return page.text
  }

  private func table(_ report: ChangeReport) -> TextTable {
    var table = TextTable([
      .init("cell", wraps: true), .init("base", .right, wraps: true),
      .init("head", .right, wraps: true),
      .init("ratio", .right), .init("95 % interval", .right), .init("verdict"),
    ])
    for cell in report.byImportance {
      table.add([
        .init(PlainText.line(cell.label)), .init(Self.side(cell.baseSummary)),
        .init(Self.side(cell.headSummary)), .init(cell.ratioText, .heading),
        .init(cell.intervalText),
        .init(cell.verdictText, Self.emphasis(cell.judgement?.verdict)),
      ])
    }
    return table
  }

  /// `0.349 s (9/10)`: shorter than elsewhere, for both sides have to fit.
  private static func side(_ summary: CellSummary) -> String {
    CellChange.sideText(summary).replacing(" of ", with: "/")
  }

  private func emphasis(_ outcome: ChangeReport.Outcome) -> Emphasis? {
    switch outcome {
    case .fine: .good
    case .regression, .nothingJudged: .bad
    case .inconclusive: nil
    }
  }

  private static func emphasis(_ verdict: Judgement.Verdict?) -> Emphasis? {
    switch verdict {
    case .regression: .bad
    case .improvement, .equivalent: .good
    case .inconclusive, nil: nil
    }
  }
}
