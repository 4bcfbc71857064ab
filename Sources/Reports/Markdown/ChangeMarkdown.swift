import Statistics

/// A comparison of runs as GitHub Flavored Markdown that fits a pull-request comment: regressions first, details
/// folded.
package struct ChangeMarkdown: Sendable {
  /// Cells beyond these are counted only; fewer are shown where names are long.
  private static let cellsShown = 60
  private static let phasesShown = 4

  package init() {}

  package func render(_ report: ChangeReport) -> String {
    var shown = Self.cellsShown
    while true {
      let text = render(report, cellsShown: shown)
      guard text.utf8.count > MarkdownText.longestComment, shown > 0 else { return text }
      shown /= 2
    }
  }

  private func render(_ report: ChangeReport, cellsShown: Int) -> String {
    var blocks = [
      "### \(MarkdownText.inline(report.title, startsLine: true)): "
        + MarkdownText.inline(headline(report))
    ]
    for notice in report.notices {
      blocks.append("> **\(MarkdownText.inline(notice.uppercasedStart, limit: 500))**")
    }
    blocks.append("**\(MarkdownText.inline(report.summary.uppercasedStart, startsLine: true)).**")
    let cells = Array(report.byImportance.prefix(cellsShown))
    // What asks for attention is open, the rest folded.
    let open = cells.filter { Self.isOpen($0) }
    let folded = cells.filter { !Self.isOpen($0) }
    if !open.isEmpty { blocks += [table(open)] + remarks(open) }
    if !folded.isEmpty {
      blocks.append(
        "<details><summary>\(folded.count) \(folded.count == 1 ? "cell" : "cells") without an "
          + "alarm</summary>")
      blocks += [table(folded)] + remarks(folded) + ["</details>"]
    }
    let left = report.cells.count - cells.count
    if left > 0 { blocks.append("\(left) more cells are left out.") }
    blocks += phases(open)
    blocks += [
      "<details><summary>How this was judged</summary>",
      ([report.ruleNote] + [report.calibrationNote].compactMap { $0 })
        .map { MarkdownText.inline($0, limit: 2_000, startsLine: true) }.joined(separator: " "),
      "</details>",
    ]
    blocks.append(
      "<sub>" + report.sides.map { MarkdownText.inline($0, limit: 400) }.joined(separator: "; ")
        + "</sub>")
    return blocks.joined(separator: "\n\n") + "\n"
  }

  private func headline(_ report: ChangeReport) -> String {
    switch report.outcome {
    case .fine: "no regression"
    case .regression: "regression"
    case .inconclusive: "inconclusive"
    case .nothingJudged: "nothing could be compared"
    }
  }

  private static func isOpen(_ cell: CellChange) -> Bool {
    switch cell.judgement?.verdict {
    case .regression, .improvement: true
    case .equivalent, .inconclusive, nil: false
    }
  }

  private func table(_ cells: [CellChange]) -> String {
    MarkdownTable.text(
      [["cell", "verdict", "base", "head", "ratio", "95 % interval"]]
        + cells.map { cell in
          let isBad = cell.judgement?.verdict == .regression
          return [
            MarkdownText.inline(cell.label), isBad ? "**regression**" : cell.verdictText,
            CellChange.sideText(cell.baseSummary), CellChange.sideText(cell.headSummary),
            cell.ratioText, cell.intervalText,
          ]
        }, leftAligned: 2)
  }

  private func remarks(_ cells: [CellChange]) -> [String] {
    let lines = cells.compactMap { cell in
      cell.remark.map {
        "- \(MarkdownText.inline(cell.label)): \(MarkdownText.inline($0, limit: 400))"
      }
    }
    return lines.isEmpty ? [] : [lines.joined(separator: "\n")]
  }

  private func phases(_ cells: [CellChange]) -> [String] {
    let rows = cells.flatMap { cell in
      cell.phaseShifts.prefix(Self.phasesShown).map { shift in
        [
          MarkdownText.inline(cell.label), MarkdownText.inline(shift.name),
          DurationText.text(shift.base), DurationText.text(shift.head),
        ]
      }
    }
    guard !rows.isEmpty else { return [] }
    return [
      "<details><summary>Where the change lies</summary>",
      MarkdownTable.text([["cell", "phase", "base", "head"]] + rows, leftAligned: 2), "</details>",
    ]
  }
}
