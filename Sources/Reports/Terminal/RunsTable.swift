import Measurement
package import ResultStore

/// The runs of a database as a table for a terminal.
package struct RunsTable: Sendable {
  package var colour: Bool
  package var width: Int

  package init(colour: Bool = false, width: Int = 80) {
    self.colour = colour
    self.width = max(width, 40)
  }

  package func render(_ runs: [RunListing]) -> String {
    var page = TerminalPage(colour: colour, width: width)
    guard !runs.isEmpty else {
      page.paragraph("There are no runs yet.")
      return page.text
    }
    var table = TextTable([
      .init("run"), .init("started (UTC)"), .init("scenario", wraps: true), .init("status"),
      .init("served", .right),
    ])
    for run in runs {
      table.add([
        .init(run.id), .init(DateText.minutes(run.startedAt)), .init(Self.scenario(run)),
        .init(run.status.rawValue, emphasis(run.status)), Self.count(run),
      ])
    }
    page.table(table)
    return page.text
  }

  /// `flask-hello: parity, recovery`.
  private static func scenario(_ run: RunListing) -> String {
    let name = PlainText.line(run.scenario)
    let experiments = run.experiments.map(\.experiment.rawValue).joined(separator: ", ")
    return experiments.isEmpty ? name : "\(name): \(experiments)"
  }

  /// Edits; of a run that has experiments alone, its completed trials.
  private static func count(_ run: RunListing) -> TextTable.Cell {
    guard run.attempted == 0, !run.experiments.isEmpty else {
      return .init("\(run.served) of \(run.attempted)", run.served < run.attempted ? .bad : nil)
    }
    let trials = run.experiments.reduce(0) { $0 + $1.trials }
    let completed = run.experiments.reduce(0) { $0 + $1.completed }
    return .init("\(completed) of \(trials) trials")
  }

  private func emphasis(_ status: RunRecord.Status) -> Emphasis? {
    switch status {
    case .finished: nil
    case .running: .good
    case .interrupted, .failed, .abandoned: .bad
    }
  }
}
