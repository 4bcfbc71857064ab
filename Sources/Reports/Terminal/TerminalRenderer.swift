import Measurement
import ResultStore
import Statistics

/// A comparison as text for a terminal.
package struct TerminalRenderer: Sendable {
  package var colour: Bool
  /// Display columns to keep to.
  package var width: Int
  private static let barWidth = 24
  private static let failuresShown = 5

  package init(colour: Bool = false, width: Int = 80) {
    self.colour = colour
    self.width = max(width, 40)
  }

  package func render(_ comparison: Comparison) -> String {
    var page = TerminalPage(colour: colour, width: width)
    header(comparison, on: &page)
    guard !comparison.cells.isEmpty else {
      if comparison.isOfExperiments { page.blank() }
      answer(comparison, on: &page)
      experiments(comparison, on: &page)
      return page.text
    }
    page.blank()
    answer(comparison, on: &page)
    page.blank()
    page.table(latencies(comparison))
    page.paragraph(comparison.latencyNote, .faint)
    if let note = comparison.allEditsNote { page.paragraph(note, .faint) }
    if let note = comparison.replicasNote { page.paragraph(note, .faint) }
    if let note = comparison.namesNote { page.paragraph(note, .faint) }
    compare(comparison, on: &page)
    phases(comparison, on: &page)
    trials(comparison, on: &page)
    failures(comparison, on: &page)
    experiments(comparison, on: &page)
    return page.text
  }

  private func experiments(_ comparison: Comparison, on page: inout TerminalPage) {
    guard !comparison.experiments.isEmpty else { return }
    ExperimentTerminal().add(comparison.experiments, to: &page)
  }

  private func header(_ comparison: Comparison, on page: inout TerminalPage) {
    let run = comparison.run
    page.paragraph(run.scenario, .heading)
    page.paragraph("run \(run.id), \(DateText.text(run.startedAt))")
    page.paragraph(
      EnvironmentText.machine(run.environment)
        + (comparison.isOfExperiments ? "" : "; \(run.order), seed \(run.seed)"))
    for sentence in comparison.linkSentences { page.paragraph(PlainText.line(sentence)) }
    for notice in comparison.notices { page.paragraph(notice.uppercasedStart, .bad) }
  }

  private func answer(_ comparison: Comparison, on page: inout TerminalPage) {
    for (index, sentence) in comparison.answerSentences.enumerated() {
      page.paragraph(sentence.text, sentence.isBad ? .bad : index == 0 ? .heading : nil)
    }
  }

  private func latencies(_ comparison: Comparison) -> TextTable {
    var table = TextTable([
      .init("cell", wraps: true), .init("served", .right), .init("median", .right),
      .init("95 % interval", .right), .init("p95", .right), .init("min", .right),
      .init("max", .right),
    ])
    for row in comparison.cells.flatMap(LatencyRow.rows) {
      table.add([
        .init(PlainText.line(row.label)), .init(row.served, row.isIncomplete ? .bad : nil),
        .init(row.median, .heading), .init(row.interval), .init(row.p95), .init(row.min),
        .init(row.max),
      ])
    }
    return table
  }

  private func compare(_ comparison: Comparison, on page: inout TerminalPage) {
    guard let base = comparison.baselineCell, comparison.cells.count > 1 else { return }
    page.heading("Compared with \(base.label)")
    for conclusion in comparison.conclusions {
      page.paragraph(conclusion.text, emphasis(conclusion))
    }
    if let note = comparison.ratioNote { page.paragraph(note, .faint) }
  }

  private func emphasis(_ conclusion: Conclusion) -> Emphasis? {
    switch conclusion.verdict {
    case .faster where !conclusion.isBad: .good
    case .slower: .bad
    default: conclusion.isBad ? .bad : nil
    }
  }

  private func phases(_ comparison: Comparison, on page: inout TerminalPage) {
    let cells = comparison.cells.filter { !$0.summary.phases.isEmpty }
    guard !cells.isEmpty else { return }
    page.heading("Where the time goes")
    let hasTraffic = comparison.hasTraffic
    var columns: [TextTable.Column] = [
      .init("cell", wraps: true), .init("phase", wraps: true), .init("median", .right),
      .init("share", .right),
    ]
    if hasTraffic { columns += [.init("up", .right), .init("down", .right)] }
    var table = TextTable(columns + [.init("")])
    let barWidth = hasTraffic ? Self.barWidth / 2 : Self.barWidth
    for cell in cells {
      for (index, phase) in cell.summary.phases.enumerated() {
        var row: [TextTable.Cell] = [
          .init(index == 0 ? PlainText.line(cell.label) : ""), .init(PlainText.line(phase.name)),
          .init(DurationText.text(phase.median)), .init(ShareText.text(phase.share)),
        ]
        if hasTraffic {
          row += [
            .init(ByteText.text(phase.traffic?.up)), .init(ByteText.text(phase.traffic?.down)),
          ]
        }
        table.add(row + [.init(bar(phase.share, width: barWidth), .faint)])
      }
    }
    page.table(table)
    if let sentence = comparison.trafficSentence { page.paragraph(sentence) }
    page.paragraph(comparison.phasesNote, .faint)
  }

  private func trials(_ comparison: Comparison, on page: inout TerminalPage) {
    guard !comparison.trials.isEmpty else { return }
    page.heading(Comparison.trialsTitle)
    let columns = TrialResult.Row.columns
    var table = TextTable([
      .init(columns[0], wraps: true), .init(columns[1], wraps: true), .init(columns[2], .right),
      .init(columns[3], .right), .init(columns[4], wraps: true),
    ])
    for row in comparison.trials.flatMap(\.rows) {
      table.add([
        .init(PlainText.line(row.label)), .init(PlainText.line(row.fault)), .init(row.served),
        .init(row.back, .heading),
        .init(PlainText.line(row.edits, limit: 200), row.isBad ? .bad : nil),
      ])
    }
    page.table(table)
    page.paragraph(comparison.trialsNote, .faint)
    for note in comparison.trialNotes.prefix(Self.failuresShown) {
      page.paragraph(PlainText.line(note, limit: 400))
    }
    let more = comparison.trialNotes.count - Self.failuresShown
    if more > 0 { page.paragraph("and \(more) more, in the database") }
  }

  private func bar(_ share: Double, width: Int) -> String {
    let eighths = Int((share * Double(width) * 8).rounded())
    let partial = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
    return String(repeating: "█", count: eighths / 8) + partial
  }

  private func failures(_ comparison: Comparison, on page: inout TerminalPage) {
    let cells = comparison.cells.filter { !$0.failures.isEmpty }
    guard !cells.isEmpty else { return }
    page.heading("Not served")
    for cell in cells {
      for failure in cell.failures.prefix(Self.failuresShown) {
        page.paragraph("\(cell.label): \(failure.title)")
        page.quote(Excerpt.lines(of: failure.reason ?? "no reason was given"), indent: 4)
      }
      let more = cell.failures.count - Self.failuresShown
      if more > 0 { page.paragraph("\(cell.label): and for \(more) other reasons") }
    }
  }
}
