package import Decision
import Measurement
import ResultStore
import Statistics

/// A decision as text for a terminal.
package struct DecisionTerminal: Sendable {
  package var colour: Bool
  /// Display columns to keep to.
  package var width: Int
  private static let barWidth = 20

  package init(colour: Bool = false, width: Int = 80) {
    self.colour = colour
    self.width = max(width, 40)
  }

  package func render(_ report: DecisionReport) -> String {
    var page = TerminalPage(colour: colour, width: width)
    page.paragraph("How to develop: \(report.title)", .heading)
    for notice in report.notices { page.paragraph(notice.uppercasedStart + ".", .bad) }
    for part in report.parts { self.part(part, report, on: &page) }
    page.heading("How this was judged")
    for note in report.methodNotes { page.paragraph(note, .faint) }
    return page.text
  }

  private func part(
    _ part: DecisionReport.Part, _ report: DecisionReport, on page: inout TerminalPage
  ) {
    if report.parts.count > 1 { page.heading("Scenario \(part.scenario)") }
    page.blank()
    for (index, sentence) in part.answer(report).enumerated() {
      page.paragraph(sentence.text, sentence.isBad ? .bad : index == 0 ? .heading : nil)
    }
    for notice in part.evidence.notices { page.paragraph(notice.uppercasedStart + ".", .bad) }
    criteria(part, report, on: &page)
    ranking(part, report, on: &page)
    costs(part, report, on: &page)
    claims(part, report, on: &page)
    missing(part, on: &page)
    runs(part, on: &page)
  }

  private func criteria(
    _ part: DecisionReport.Part, _ report: DecisionReport, on page: inout TerminalPage
  ) {
    guard !part.workflows.isEmpty else { return }
    page.heading("Criteria")
    var sources: [String] = []
    var table = TextTable(
      [.init("criterion", wraps: true)]
        + part.workflows.map { .init($0.rawValue, .right, wraps: true) })
    for row in part.rows where row.weight > 0 || row.findings.contains(where: { $0.value != nil }) {
      table.add(
        [.init(PlainText.line(row.title))]
          + row.findings.map { finding in
            let text = FindingText(
              finding, row.criterion?.unit ?? .ratio, currency: report.currency)
            let marks = finding.traces.map { trace -> String in
              if !sources.contains(trace.command) { sources.append(trace.command) }
              return " [\((sources.firstIndex(of: trace.command) ?? 0) + 1)]"
            }
            let lines = [text.mark, text.interval].filter { !$0.isEmpty }.map { "\n\($0)" }
            return .init(
              PlainText.clean(text.value + marks.joined()) + lines.joined(),
              text.isMissing ? .faint : nil)
          })
    }
    page.table(table)
    page.paragraph(
      "Below a figure its 95 % interval, or in parentheses the least and the most where there are too few samples for one. "
        + "The number in brackets says which command lists the samples:", .faint)
    for (index, source) in sources.enumerated() {
      page.command(source, after: "[\(index + 1)] ", indent: 2)
    }
    notes(part, report, on: &page)
  }

  /// Of how many samples each figure is, and what else is to be known of it.
  private func notes(
    _ part: DecisionReport.Part, _ report: DecisionReport, on page: inout TerminalPage
  ) {
    page.blank()
    page.paragraph("What the figures rest on:", .faint)
    for row in part.rows where row.weight > 0 || row.findings.contains(where: { $0.value != nil }) {
      let known = zip(part.workflows, row.findings).compactMap { workflow, finding -> String? in
        let text = FindingText(finding, row.criterion?.unit ?? .ratio, currency: report.currency)
        // Reasons stand under what isn't measured.
        guard !text.isMissing || !finding.isApplicable, !text.notes.isEmpty else { return nil }
        let notes = text.notes.map { PlainText.line($0, limit: 160) }
        return "\(workflow.rawValue): \(notes.joined(separator: ", "))"
      }
      guard !known.isEmpty else { continue }
      page.paragraph(row.name, indent: 2)
      for line in known { page.paragraph(line, .faint, indent: 4) }
    }
  }

  private func ranking(
    _ part: DecisionReport.Part, _ report: DecisionReport, on page: inout TerminalPage
  ) {
    guard !part.ranking.entries.isEmpty else { return }
    page.heading("Ranking")
    var table = TextTable([
      .init("workflow"), .init("score", .right), .init("95 % interval", .right),
      .init("leads", .right), .init(""),
    ])
    for entry in part.ranking.entries {
      table.add([
        .init(entry.workflow.rawValue), .init(DecisionText.score(entry.score), .heading),
        .init(part.intervalText(entry)), .init(DecisionText.share(entry.leads)),
        .init(DecisionText.bar(entry.score, of: Self.barWidth), .faint),
      ])
    }
    page.table(table)
    page.paragraph("“leads”: the part of the resamples in which it comes first.", .faint)
    page.blank()
    var parts = TextTable(
      [.init("what it is made of", wraps: true), .init("weight", .right)]
        + part.ranking.entries.map { .init($0.workflow.rawValue, .right) })
    let most = part.ranking.rows.map(\.weight).max() ?? 1
    for (index, row) in part.ranking.rows.enumerated() {
      parts.add(
        [.init(PlainText.line(row.name)), .init(DecisionText.share(row.weight))]
          + part.ranking.entries.map {
            .init(DecisionText.part($0.contributions[index], most: most))
          })
    }
    page.table(parts)
    page.paragraph(
      "Beside each part a bar: all of it is the largest weight, \(DecisionText.share(most)).",
      .faint)
    for note in part.rankingNotes { page.paragraph(note.uppercasedStart + ".") }
    for result in part.thresholds {
      page.paragraph(
        "Threshold: \(part.thresholdText(result, report)).", result.verdict == .missed ? .bad : nil)
    }
    guard !part.turnRows.isEmpty else { return }
    page.heading("At which weight another leads")
    var turns = TextTable([
      .init("criterion", wraps: true), .init("weight now", .right),
      .init("the others in proportion", wraps: true),
    ])
    for row in part.turnRows {
      turns.add([.init(PlainText.line(row.criterion)), .init(row.weight), .init(row.turn)])
    }
    page.table(turns)
  }

  private func costs(
    _ part: DecisionReport.Part, _ report: DecisionReport, on page: inout TerminalPage
  ) {
    page.heading("What waiting, cluster and workstations cost")
    for cost in part.costs {
      let text = CostText(cost, team: report.decision.team)
      page.paragraph(text.workflow.rawValue, .heading)
      for line in text.lines {
        let interval = line.interval.isEmpty ? "" : " (\(line.interval))"
        page.paragraph("\(line.what): \(line.amount)\(interval)", indent: 2)
        page.paragraph("= \(line.formula)", .faint, indent: 4)
      }
      for trace in cost.meanLatency?.traces ?? [] {
        page.command(trace.command, after: "samples: ", .faint, indent: 4)
      }
      for note in text.notes { page.paragraph(note.uppercasedStart + ".", indent: 2) }
    }
  }

  private func claims(
    _ part: DecisionReport.Part, _ report: DecisionReport, on page: inout TerminalPage
  ) {
    page.heading("Claims and figures")
    var workflow = ""
    for result in part.claims {
      let text = ClaimText(result, currency: report.currency)
      if text.workflow != workflow {
        workflow = text.workflow
        page.paragraph("Of \(workflow):", .heading)
      }
      let emphasis: Emphasis? =
        switch result.verdict {
        case .holds: .good
        case .doesNotHold: .bad
        case .undecided, .stated: nil
        case .notMeasured: .faint
        }
      page.paragraph("\(text.sentence): \(text.verdict.uppercased())", emphasis, indent: 2)
      if !text.figure.isEmpty { page.paragraph(text.figure, indent: 4) }
      if !text.note.isEmpty { page.command(text.note, indent: 4) }
      page.paragraph("rule: \(text.rule)", .faint, indent: 4)
      for command in text.commands {
        page.command(command, after: "samples: ", .faint, indent: 4)
      }
    }
  }

  private func missing(_ part: DecisionReport.Part, on page: inout TerminalPage) {
    let missing = part.howToMeasure
    guard !missing.isEmpty || !part.notPossible.isEmpty else { return }
    page.heading("Not measured, and how to")
    for sentence in part.notPossible { page.paragraph(sentence.uppercasedStart) }
    for entry in missing {
      page.paragraph("\(entry.criteria.joined(separator: ", ")):")
      page.command(entry.command, indent: 4)
    }
  }

  private func runs(_ part: DecisionReport.Part, on page: inout TerminalPage) {
    page.heading("Runs that were used")
    for run in part.evidence.runs {
      page.paragraph(
        "\(run.id), \(DateText.text(run.startedAt)), \(run.status.rawValue), \(EnvironmentText.machine(run.environment))"
      )
      for use in run.uses { page.paragraph(use, indent: 4) }
    }
  }
}
