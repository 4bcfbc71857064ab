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
        .init(run.id), .init(DateText.minutes(run.startedAt)), .init(PlainText.line(run.scenario)),
        .init(run.status.rawValue, emphasis(run.status)),
        .init(
          "\(run.served) of \(run.attempted)", run.served < run.attempted ? .bad : nil),
      ])
    }
    page.table(table)
    return page.text
  }

  private func emphasis(_ status: RunRecord.Status) -> Emphasis? {
    switch status {
    case .finished: nil
    case .running: .good
    case .interrupted, .failed, .abandoned: .bad
    }
  }
}
