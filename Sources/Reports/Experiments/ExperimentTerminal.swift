/// What experiments came to as text for a terminal.
struct ExperimentTerminal {
  /// Whether tables have all their rows.
  var isWhole = false
  /// Of each table.
  private static let rowsShown = 48
  private static let problemsShown = 8

  func add(_ report: ExperimentReport, to page: inout TerminalPage) {
    for section in report.sections {
      page.heading(section.title.uppercasedStart)
      page.paragraph(section.intro, .faint)
      for remark in section.remarks { page.paragraph(remark.uppercasedStart + ".") }
      for table in section.tables { add(table, to: &page) }
      for problem in section.problems.prefix(Self.problemsShown) {
        page.paragraph(problem.title, problem.isBad ? .bad : nil)
        page.quote(Excerpt.lines(of: problem.reason, lines: 6), indent: 4)
      }
      let more = section.problems.count - Self.problemsShown
      if more > 0 { page.paragraph("and \(more) other reasons") }
      page.paragraph(report.samplesNote(section), .faint)
    }
  }

  /// How the runtimes of a run differ, without the trials themselves.
  func add(parityOf report: ExperimentReport, to page: inout TerminalPage) {
    guard let parity = report.parity else { return }
    for remark in parity.remarks { page.paragraph(remark.uppercasedStart + ".") }
    for table in parity.tables { add(table, to: &page) }
  }

  private func add(_ table: ReportTable, to page: inout TerminalPage) {
    let narrow = (isWhole ? table : table.short).narrow
    let rowsShown = isWhole ? Int.max : Self.rowsShown
    page.blank()
    page.paragraph(narrow.title, .heading)
    var text = TextTable(
      narrow.columns.map {
        .init(
          PlainText.line($0.title), $0.kind == .figure ? .right : .left, wraps: true)
      })
    let shown = ReportTable(
      narrow.title, narrow.columns, Array(narrow.rows.prefix(rowsShown))
    ).withoutRepeats
    for row in shown.rows {
      text.add(
        zip(row.texts, narrow.columns).map { value, column in
          .init(
            // A number and its unit stay on one line.
            column.kind == .figure
              ? PlainText.line(value).replacing(" ", with: "\u{A0}")
              : PlainText.line(value, limit: 160),
            row.isBad && column.title == "completed" ? .bad : nil)
        })
    }
    page.table(text)
    let more = narrow.rows.count - min(rowsShown, narrow.rows.count)
    if more > 0 {
      page.paragraph("and \(more) more: devbench report --format html, or markdown")
    }
    if !table.note.isEmpty { page.paragraph(table.note, .faint) }
  }
}
