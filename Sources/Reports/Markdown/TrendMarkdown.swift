/// A trend as GitHub Flavored Markdown: what got worse first, the rest folded.
package struct TrendMarkdown: Sendable {
  /// Series and remarks of a table beyond these are counted only; fewer are shown where there are many tables,
  /// or names are long.
  private struct Limits {
    var series = 100
    var remarks = 60
  }

  private static let sparkline = 20

  package init() {}

  package func render(_ report: TrendReport) -> String {
    var limits = Limits()
    while true {
      let text = render(report, limits)
      guard text.utf8.count > MarkdownText.longestComment, limits.series > 0 else { return text }
      limits = Limits(series: limits.series / 2, remarks: limits.remarks / 2)
    }
  }

  private func render(_ report: TrendReport, _ limits: Limits) -> String {
    var blocks = ["**\(MarkdownText.inline(report.summary.uppercasedStart, startsLine: true)).**"]
    for part in report.parts { blocks += self.part(part, limits) }
    blocks += [
      "<details><summary>How this was judged</summary>",
      MarkdownText.inline(report.ruleNote, limit: 2_000, startsLine: true), "</details>",
    ]
    return blocks.joined(separator: "\n\n") + "\n"
  }

  private func part(_ part: TrendReport.Part, _ limits: Limits) -> [String] {
    var blocks = [
      "### \(MarkdownText.inline(part.scenario, startsLine: true))",
      MarkdownText.inline(part.sentence.uppercasedStart, startsLine: true),
    ]
    for alarm in part.alarms {
      blocks.append("> **\(MarkdownText.inline(alarm.uppercasedStart, limit: 500))**")
    }
    for note in part.notes {
      blocks.append(MarkdownText.inline(note.uppercasedStart, limit: 500, startsLine: true))
    }
    let open = part.series.filter { Self.isOpen($0) }
    let folded = part.series.filter { !Self.isOpen($0) }
    if !open.isEmpty { blocks += table(open, part, limits) }
    if !folded.isEmpty {
      blocks.append("<details><summary>\(folded.count) series without an alarm</summary>")
      blocks += table(folded, part, limits) + ["</details>"]
    }
    return blocks
  }

  private static func isOpen(_ series: TrendSeries) -> Bool {
    switch series.status {
    case .regression, .gradual, .drift: true
    case .steady, .tooShort, .ended: false
    }
  }

  private func table(
    _ series: [TrendSeries], _ part: TrendReport.Part, _ limits: Limits
  ) -> [String] {
    let rows = series.prefix(limits.series).map { one in
      let note = part.keyNote(of: one).map { " (\($0))" } ?? ""
      let status = one.statusText
      return [
        MarkdownText.inline(one.label + note),
        status == "regression" ? "**regression**" : status, one.sparkline(Self.sparkline),
        "\(one.points.count)", DurationText.text(one.level), "\(one.changes.count)",
      ]
    }
    var blocks = [
      MarkdownTable.text(
        [["cell", "status", "newest \(Self.sparkline)", "runs", "level", "changes"]] + rows,
        leftAligned: 3)
    ]
    if series.count > rows.count {
      blocks.append("\(series.count - rows.count) more are left out.")
    }
    let remarks = series.flatMap { one in
      part.remarks(of: one).map {
        "- \(MarkdownText.inline(one.label)): \(MarkdownText.inline($0, limit: 500))"
      }
    }
    if !remarks.isEmpty, limits.remarks > 0 {
      blocks.append(remarks.prefix(limits.remarks).joined(separator: "\n"))
    }
    if remarks.count > limits.remarks {
      blocks.append("\(remarks.count - limits.remarks) more remarks are left out.")
    }
    return blocks
  }
}
