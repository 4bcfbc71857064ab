/// A trend as text for a terminal.
package struct TrendTerminal: Sendable {
  package var colour: Bool
  /// Display columns to keep to.
  package var width: Int
  private static let sparkline = 24
  private static let remarksShown = 40

  package init(colour: Bool = false, width: Int = 80) {
    self.colour = colour
    self.width = max(width, 40)
  }

  package func render(_ report: TrendReport) -> String {
    var page = TerminalPage(colour: colour, width: width)
    for part in report.parts {
      page.heading(part.scenario)
      page.paragraph(part.sentence.uppercasedStart)
      for alarm in part.alarms { page.paragraph(alarm.uppercasedStart, .bad) }
      for note in part.notes { page.paragraph(note.uppercasedStart, .faint) }
      guard !part.series.isEmpty else { continue }
      page.blank()
      page.table(table(part))
      remarks(part, on: &page)
    }
    page.blank()
    page.paragraph(
      report.summary.uppercasedStart + ".", report.regressions.isEmpty ? .good : .bad)
    page.paragraph(report.ruleNote, .faint)
    return page.text
  }

  private func table(_ part: TrendReport.Part) -> TextTable {
    var table = TextTable([
      .init("cell", wraps: true), .init("runs", .right), .init("level", .right),
      .init("changes", .right), .init("newest \(Self.sparkline)"), .init("status"),
    ])
    for series in part.series {
      let label = PlainText.line(series.label)
      let note = part.keyNote(of: series).map { "\(label) (\(PlainText.line($0, limit: 60)))" }
      table.add([
        .init(note ?? label), .init("\(series.points.count)"),
        .init(DurationText.text(series.level), .heading), .init("\(series.changes.count)"),
        .init(series.sparkline(Self.sparkline)),
        .init(series.statusText, emphasis(series.status)),
      ])
    }
    return table
  }

  private func emphasis(_ status: TrendSeries.Status) -> Emphasis? {
    switch status {
    case .regression, .gradual: .bad
    case .drift: .bad
    case .steady: .good
    case .tooShort, .ended: .faint
    }
  }

  private func remarks(_ part: TrendReport.Part, on page: inout TerminalPage) {
    var shown = 0
    var left = 0
    for series in part.series {
      for (index, remark) in part.remarks(of: series).enumerated() {
        guard series.status != .tooShort || index > 0 else { continue }
        guard shown < Self.remarksShown else {
          left += 1
          continue
        }
        if shown == 0 { page.blank() }
        shown += 1
        let isAlarm = index == 0 && series.statusText == "regression"
        page.paragraph("\(series.label): \(remark)", isAlarm ? .bad : nil)
      }
    }
    if left > 0 { page.paragraph("and \(left) remarks more: devbench trend --format html", .faint) }
  }
}
