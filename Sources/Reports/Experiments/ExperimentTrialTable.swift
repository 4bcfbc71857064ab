import Clock
import Measurement
import ResultStore

/// Every trial of a run as a table for a terminal, in the order in which they were made.
struct ExperimentTrialTable {
  /// ` --db hub.sqlite`, or nothing for the usual database.
  var databaseOption = ""
  /// Whether all is listed that trials found, with where each figure was read.
  var isWhole = false
  private static let reasonLines = 4
  /// A trial with more facts than these has a number of them in their place.
  private static let factsShown = 12

  func add(_ run: StoredRun, to page: inout TerminalPage) {
    var table = TextTable([
      .init("trial", wraps: true), .init("cell", wraps: true), .init("outcome", wraps: true),
      .init("time", .right), .init("what was found, or the reason", wraps: true),
    ])
    for trial in run.experiments {
      table.add([
        .init(
          "\(trial.experiment.rawValue), \(PlainText.line(trial.condition)) #\(trial.number)"),
        .init(PlainText.line(trial.cell.setUpName)),
        .init(trial.outcome.words, trial.outcome.isFailure ? .bad : nil),
        .init(DurationText.text(trial.duration?.seconds)), .init(details(trial)),
      ])
    }
    page.table(table)
    if isWhole { lists(run, on: &page) }
    let hasFacts = run.experiments.contains {
      $0.facts.count > Self.factsShown || $0.experiment == .parity
    }
    page.paragraph(
      "For a trial that didn't complete, the time is when it was given up on. "
        + (hasFacts ? "All facts, and where" : "Where")
        + " each figure was read: devbench export \(run.record.id) --format json\(databaseOption)",
      .faint)
  }

  /// What a column has no room for.
  private func lists(_ run: StoredRun, on page: inout TerminalPage) {
    for trial in run.experiments {
      let facts = trial.experiment == .parity || !isLong(trial) ? [] : trial.facts
      let notes = trial.notes.dropFirst(Self.reasonLines)
      guard !trial.figures.isEmpty || !facts.isEmpty || !notes.isEmpty else { continue }
      page.blank()
      page.paragraph(
        "\(PlainText.line(trial.condition)) #\(trial.number), \(PlainText.line(trial.cell.setUpName))",
        .heading)
      for figure in trial.figures {
        page.paragraph(
          "\(PlainText.line(figure.name)) \(FigureText.text(figure.value, figure.unit)), read from \(PlainText.line(figure.source))",
          indent: 2)
      }
      for fact in facts { page.paragraph(Self.text(fact), indent: 2) }
      for note in notes { page.paragraph("note: " + PlainText.line(note, limit: 400), indent: 2) }
    }
  }

  private func isLong(_ trial: ExperimentTrial) -> Bool { trial.facts.count > Self.factsShown }

  private static func text(_ fact: TrialFact) -> String {
    PlainText.line((fact.group.isEmpty ? "" : fact.group + "/") + "\(fact.name): \(fact.value)")
  }

  private func details(_ trial: ExperimentTrial) -> String {
    var lines: [String] = []
    if trial.outcome != .completed || trial.reason != nil {
      lines += Excerpt.lines(
        of: trial.reason ?? "no reason was given", lines: Self.reasonLines, columns: 160)
    }
    // Each once: what is unattributed lies between the others.
    let phases = PhaseSummary.summaries(of: [trial.phases], total: 0)
    lines.append(list(phases.map { ($0.name, DurationText.text($0.median)) }))
    lines.append(list(trial.figures.map { ($0.name, FigureText.text($0.value, $0.unit)) }))
    lines.append(
      isLong(trial) || trial.experiment == .parity && !trial.facts.isEmpty
        ? "\(trial.facts.count) facts" : trial.facts.map(Self.text).joined(separator: "\n"))
    if let bracket = trial.bracket {
      lines.append("bracket " + DurationText.text(bracket.width.seconds))
    }
    lines += trial.notes.prefix(Self.reasonLines).map { "note: " + PlainText.line($0) }
    if trial.notes.count > Self.reasonLines {
      lines.append("and \(trial.notes.count - Self.reasonLines) more notes")
    }
    return lines.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// A number and its unit stay on one line.
  private func list(_ values: [(name: String, text: String)]) -> String {
    values.map { "\(PlainText.line($0.name)) \($0.text.replacing(" ", with: "\u{A0}"))" }
      .joined(separator: ", ")
  }
}
