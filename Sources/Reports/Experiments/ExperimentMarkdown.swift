/// What experiments came to as GitHub Flavored Markdown.
enum ExperimentMarkdown {
  /// Of each table; a comment of GitHub's takes 65,536 characters.
  private static let rowsShown = 40
  private static let problemsShown = 5

  static func blocks(of report: ExperimentReport) -> [String] {
    report.sections.flatMap { section in
      var blocks = [
        "#### \(MarkdownText.inline(section.title, startsLine: true))",
        MarkdownText.inline(section.intro, limit: 300),
      ]
      blocks += section.remarks.map {
        MarkdownText.inline($0.uppercasedStart + ".", limit: 400, startsLine: true)
      }
      for (index, table) in section.tables.map(\.short).enumerated() {
        let blocksOfTable = [
          text(table), table.note.isEmpty ? nil : MarkdownText.inline(table.note, limit: 400),
        ].compactMap { $0 }
        // The first table is read, the others are looked up.
        blocks +=
          index == 0
          ? blocksOfTable
          : ["<details><summary>\(MarkdownText.inline(table.title))</summary>"] + blocksOfTable
            + ["</details>"]
      }
      for problem in section.problems.prefix(problemsShown) {
        let title = MarkdownText.inline(problem.title, limit: 300, startsLine: true)
        blocks.append(problem.isBad ? "**\(title)**" : title)
        blocks.append(
          MarkdownText.fenced(Excerpt.lines(of: problem.reason, lines: 8, columns: 160)))
      }
      let more = section.problems.count - problemsShown
      if more > 0 { blocks.append("And \(more) other reasons.") }
      blocks.append("<sub>\(MarkdownText.inline(report.samplesNote(section), limit: 400))</sub>")
      return blocks
    }
  }

  private static func text(_ table: ReportTable) -> String {
    let shown = table.rows.prefix(rowsShown).map { row in
      zip(row.texts, table.columns).map { value, column in
        let text = MarkdownText.inline(value, limit: 160)
        return row.isBad && column.title == "completed" ? "**\(text)**" : text
      }
    }
    let header = table.columns.map { MarkdownText.inline($0.title) }
    let texts = table.columns.prefix { $0.kind != .figure }.count
    let more = table.rows.count - rowsShown
    return MarkdownTable.text([header] + shown, leftAligned: texts)
      + (more > 0 ? "\n\nAnd \(more) more." : "")
  }
}
