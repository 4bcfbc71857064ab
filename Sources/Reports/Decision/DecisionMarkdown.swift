package import Decision
import Measurement
import ResultStore
import Statistics

/// A decision as GitHub Flavored Markdown: the answer and the ranking first, the rest folded.
package struct DecisionMarkdown: Sendable {
  package init() {}

  /// As much as a comment takes: what explains figures is left out first.
  package func render(_ report: DecisionReport) -> String {
    for detail in Detail.allCases {
      let text = render(report, detail)
      if text.utf8.count <= MarkdownText.longestComment { return text }
    }
    return render(report, .answers)
  }

  private enum Detail: CaseIterable {
    case all
    /// Without the rules of claims, and below figures only how many samples they are of, and whether of none.
    case figures
    /// Without what a page has that is folded, too.
    case answers
  }

  private func render(_ report: DecisionReport, _ detail: Detail) -> String {
    var blocks = ["## How to develop: \(inline(report.title))"]
    for notice in report.notices { blocks.append("> **\(inline(notice.uppercasedStart, 500)).**") }
    for part in report.parts { blocks += self.part(part, report, detail) }
    if detail != .all {
      blocks.append("This is shortened; `devbench choose --format html` has all.")
    }
    blocks.append("<details><summary>How this was judged</summary>")
    blocks += report.methodNotes.map { inline($0, 2_000, startsLine: true) }
    blocks.append("</details>")
    return blocks.joined(separator: "\n\n") + "\n"
  }

  private func inline(_ text: String, _ limit: Int = 300, startsLine: Bool = false) -> String {
    MarkdownText.inline(text, limit: limit, startsLine: startsLine)
  }

  /// Commands are shown as code, in which no character but the back-quote means anything.
  private func code(_ command: String) -> String {
    "<code>\(inline(command, 1_000))</code>"
  }

  private func codes(_ traces: [Trace]) -> String {
    var seen: Set<String> = []
    return traces.map(\.command).filter { seen.insert($0).inserted }.map(code)
      .joined(separator: "<br>")
  }

  private func part(
    _ part: DecisionReport.Part, _ report: DecisionReport, _ detail: Detail
  ) -> [String] {
    var blocks: [String] = []
    if report.parts.count > 1 { blocks.append("### Scenario \(inline(part.scenario))") }
    for (index, sentence) in part.answer(report).enumerated() {
      let text = inline(sentence.text, 600, startsLine: true)
      blocks.append(index == 0 ? "**\(text)**" : text)
    }
    for notice in part.evidence.notices {
      blocks.append("> **\(inline(notice.uppercasedStart, 600)).**")
    }
    blocks += ranking(part, report)
    guard detail != .answers else { return blocks }
    blocks += criteria(part, report, detail) + costs(part, report)
    blocks += claims(part, report, detail) + missing(part) + runs(part)
    return blocks
  }

  private func ranking(_ part: DecisionReport.Part, _ report: DecisionReport) -> [String] {
    let ranking = part.ranking
    guard !ranking.entries.isEmpty else { return [] }
    let names = ranking.entries.map(\.workflow.rawValue)
    var rows = [["", "weight"] + names]
    rows.append(
      ["**score**", ""] + ranking.entries.map { "**\(DecisionText.score($0.score))**" })
    rows.append(
      ["95 % interval", ""]
        + ranking.entries.map(part.intervalText))
    rows.append(["leads in", ""] + ranking.entries.map { DecisionText.share($0.leads) })
    let most = ranking.rows.map(\.weight).max() ?? 1
    for (index, row) in ranking.rows.enumerated() {
      rows.append(
        [inline(row.name), DecisionText.share(row.weight)]
          + ranking.entries.map { DecisionText.part($0.contributions[index], most: most) })
    }
    var blocks = ["### Ranking", MarkdownTable.text(rows, leftAligned: 1)]
    let notes =
      part.rankingNotes.map(\.uppercasedStart)
      + part.thresholds.map { "Threshold: \(part.thresholdText($0, report))" }
    if !notes.isEmpty {
      blocks.append(notes.map { "- \(inline($0, 600))." }.joined(separator: "\n"))
    }
    if !part.turnRows.isEmpty {
      blocks.append("<details><summary>At which weight another leads</summary>")
      blocks.append(
        MarkdownTable.text(
          [["criterion", "weight now", "the others in proportion"]]
            + part.turnRows.map { [inline($0.criterion), $0.weight, $0.turn] }, leftAligned: 1))
      blocks.append("</details>")
    }
    return blocks
  }

  private func criteria(
    _ part: DecisionReport.Part, _ report: DecisionReport, _ detail: Detail
  ) -> [String] {
    guard !part.workflows.isEmpty else { return [] }
    var rows = [["criterion"] + part.workflows.map(\.rawValue) + ["samples, or how to measure"]]
    for row in part.rows {
      let cells = row.findings.map { finding -> String in
        let text = FindingText(finding, row.criterion?.unit ?? .ratio, currency: report.currency)
        let interval = text.interval.isEmpty ? "" : "<br>\(inline(text.interval))"
        let told = detail == .all ? text.notes : Array(text.notes.prefix(1))
        let notes = told.map { inline($0, detail == .all ? 160 : 80) }.joined(separator: "; ")
        let mark = text.mark.isEmpty ? "" : " (\(text.mark))"
        return inline(text.value) + mark + interval
          + (notes.isEmpty ? "" : "<br><sub>\(notes)</sub>")
      }
      let hows = part.howToMeasure.filter { $0.criteria.contains(row.name) }.map {
        "to measure: \(code($0.command))"
      }
      let sources = [codes(row.findings.flatMap(\.traces))] + hows
      rows.append(
        [inline(row.title)] + cells + [sources.filter { !$0.isEmpty }.joined(separator: "<br>")])
    }
    return [
      "### Criteria",
      MarkdownTable.text(rows, leftAligned: 1),
      "Below a figure its 95 % interval, or in parentheses the least and the most where there are too few samples for one.",
    ]
  }

  private func costs(_ part: DecisionReport.Part, _ report: DecisionReport) -> [String] {
    var rows = [["workflow", "what", "formula", "amount", "95 % interval", "samples"]]
    var notes: [String] = []
    for cost in part.costs {
      let text = CostText(cost, team: report.decision.team)
      for line in text.lines {
        rows.append([
          text.workflow.rawValue, line.what, inline(line.formula, 400), inline(line.amount),
          inline(line.interval), codes(cost.meanLatency?.traces ?? []),
        ])
      }
      notes += text.notes.map { "- \(text.workflow.rawValue): \(inline($0, 400))." }
    }
    return [
      "### What waiting, cluster and workstations cost", MarkdownTable.text(rows, leftAligned: 3),
      notes.joined(separator: "\n"),
    ].filter { !$0.isEmpty }
  }

  private func claims(
    _ part: DecisionReport.Part, _ report: DecisionReport, _ detail: Detail
  ) -> [String] {
    var rows = [["said of", "claim", "verdict", "figure", "rule", "samples"]]
    for result in part.claims {
      let text = ClaimText(result, currency: report.currency)
      let figure = [text.figure, text.note].filter { !$0.isEmpty }.map { inline($0, 400) }
        .joined(separator: "<br>")
      rows.append([
        text.workflow, inline(text.sentence), "**\(text.verdict)**", figure,
        detail == .all ? inline(text.rule, 400) : "",
        codes(result.traces),
      ])
    }
    return ["### Claims and figures", MarkdownTable.text(rows, leftAligned: 6)]
  }

  private func missing(_ part: DecisionReport.Part) -> [String] {
    guard !part.howToMeasure.isEmpty || !part.notPossible.isEmpty else { return [] }
    return [
      "### Not measured, and how to",
      (part.notPossible.map { "- \(inline($0.uppercasedStart, 600))" }
        + part.howToMeasure.map {
          "- \(inline($0.criteria.joined(separator: ", "), 600)): \(code($0.command))"
        }).joined(separator: "\n"),
    ]
  }

  private func runs(_ part: DecisionReport.Part) -> [String] {
    [
      "### Runs that were used",
      part.evidence.runs.map { run in
        "- \(inline(run.id)), \(DateText.text(run.startedAt)), \(run.status.rawValue), \(inline(EnvironmentText.machine(run.environment), 400)): \(inline(run.uses.joined(separator: "; "), 600))"
      }.joined(separator: "\n"),
    ].filter { !$0.isEmpty }
  }
}
