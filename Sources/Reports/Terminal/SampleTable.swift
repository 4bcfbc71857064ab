import Clock
package import Measurement
package import Parity
package import ResultStore

/// Every sample of a run as a table for a terminal, in the order in which they were measured.
package struct SampleTable: Sendable {
  package var colour: Bool
  package var width: Int
  /// What a command that reads the run needs besides: ` --db hub.sqlite`, or nothing for the usual database.
  package var databaseOption: String
  private static let reasonLines = 4

  package init(colour: Bool = false, width: Int = 80, databaseOption: String = "") {
    self.colour = colour
    self.databaseOption = databaseOption
    self.width = max(width, 40)
  }

  package func render(_ run: StoredRun) -> String {
    var page = TerminalPage(colour: colour, width: width)
    page.paragraph(run.record.scenario, .heading)
    page.paragraph(
      "run \(run.record.id), \(DateText.text(run.record.startedAt)), \(run.record.status.rawValue)")
    page.blank()
    guard !run.samples.isEmpty else {
      if run.experiments.isEmpty { page.paragraph("The run has no samples.") }
      experiments(run, on: &page)
      return page.text
    }
    page.table(table(run))
    page.paragraph(
      "Bracket: from the last request that proved the old code to the first response with the new. "
        + "For an edit that was never served, the time is when it was given up on.", .faint)
    for sentence in outliers(run) { page.paragraph(sentence) }
    experiments(run, on: &page)
    return page.text
  }

  /// The trials of one experiment, with all that they found; of parity how the runtimes differ.
  ///
  /// - Parameter reference: of parity, the workflow that others are compared with; nil for the usual one.
  package func render(
    _ run: StoredRun, only experiment: Experiment, reference: WorkflowKind? = nil,
    ignoring ignore: ParityIgnore = .standard
  ) -> String {
    var page = TerminalPage(colour: colour, width: width)
    page.paragraph(run.record.scenario, .heading)
    page.paragraph(
      "run \(run.record.id), \(DateText.text(run.record.startedAt)), \(run.record.status.rawValue)")
    page.blank()
    var one = run
    one.experiments = run.experiments.filter { $0.experiment == experiment }
    guard !one.experiments.isEmpty else {
      page.paragraph("The run has no trial of \(experiment.rawValue).")
      return page.text
    }
    ExperimentTrialTable(databaseOption: databaseOption, isWhole: true).add(one, to: &page)
    if experiment == .parity {
      ExperimentTerminal(isWhole: true)
        .add(parityOf: ExperimentReport(one, reference: reference, ignoring: ignore), to: &page)
    }
    return page.text
  }

  private func experiments(_ run: StoredRun, on page: inout TerminalPage) {
    guard !run.experiments.isEmpty else { return }
    if !run.samples.isEmpty { page.heading(ExperimentReport.title) }
    ExperimentTrialTable(databaseOption: databaseOption).add(run, to: &page)
  }

  /// Of each cell that has some, warm-ups left out.
  private func outliers(_ run: StoredRun) -> [String] {
    let cells = cells(run)
    return zip(cells, CellLabels.labels(for: cells)).compactMap { cell, label in
      let served = run.samples.filter {
        $0.cell == cell && !$0.isWarmup && $0.outcome == .served
      }
      return Outliers(served.map(\.duration.seconds)).text.map { "\(label): \($0)." }
    }
  }

  private func cells(_ run: StoredRun) -> [Cell] {
    var known: Set<Cell> = []
    return (run.record.cells.map(\.cell) + run.samples.map(\.cell)).filter {
      known.insert($0).inserted
    }
  }

  private func table(_ run: StoredRun) -> TextTable {
    let cells = cells(run)
    let labels = Dictionary(
      zip(cells, CellLabels.labels(for: cells)), uniquingKeysWith: { first, _ in first })
    var table = TextTable([
      .init("cell", wraps: true), .init("#", .right), .init("outcome"), .init("time", .right),
      .init("bracket", .right), .init("phases or reason", wraps: true),
    ])
    for sample in run.samples {
      table.add([
        .init(PlainText.line(labels[sample.cell] ?? sample.cell.name)),
        .init("\(sample.iteration)"),
        .init(
          sample.isWarmup ? "\(sample.outcome.rawValue), warm-up" : sample.outcome.rawValue,
          sample.outcome == .served ? sample.isWarmup ? .faint : nil : .bad),
        .init(DurationText.text(sample.duration.seconds)),
        .init(DurationText.text(sample.bracket?.width.seconds)), .init(details(sample)),
      ])
    }
    return table
  }

  private func details(_ sample: Sample) -> String {
    let phases = sample.phases.map {
      "\(PlainText.line($0.name)) \(DurationText.text($0.duration.seconds))"
    }.joined(separator: ", ")
    if let reason = sample.reason, sample.outcome == .served {
      return Excerpt.lines(of: reason, lines: Self.reasonLines, columns: 160)
        .joined(separator: "\n") + "\n" + phases
    }
    guard sample.outcome != .served else {
      return [ReplicaText.text(sample), phases].compactMap { $0 }.joined(separator: "\n")
    }
    let reason = Excerpt.lines(
      of: sample.reason ?? "no reason was given", lines: Self.reasonLines, columns: 160)
    return (reason + [phases]).filter { !$0.isEmpty }.joined(separator: "\n")
  }
}
