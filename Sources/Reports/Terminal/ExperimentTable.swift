import Clock
package import Measurement
package import ResultStore

/// Every trial of a run's experiments as a table for a terminal, in the order in which they were made.
package struct ExperimentTable: Sendable {
  package var colour: Bool
  package var width: Int
  /// A parity trial has hundreds.
  private static let factsShown = 8

  package init(colour: Bool = false, width: Int = 80) {
    self.colour = colour
    self.width = max(width, 40)
  }

  /// - Parameter experiment: the only one to show, with all its facts; nil for all, with some.
  package func render(_ run: StoredRun, only experiment: Experiment? = nil) -> String {
    var page = TerminalPage(colour: colour, width: width)
    let trials = run.experiments.filter { experiment == nil || $0.experiment == experiment }
    page.paragraph(run.record.scenario, .heading)
    page.paragraph(
      "run \(run.record.id), \(DateText.text(run.record.startedAt)), \(run.record.status.rawValue)")
    page.blank()
    guard !trials.isEmpty else {
      page.paragraph(
        experiment.map { "The run has no trial of \($0.rawValue)." } ?? "The run has no trials.")
      return page.text
    }
    var table = TextTable([
      .init("experiment", wraps: true), .init("tried on", wraps: true), .init("#", .right),
      .init("outcome", wraps: true), .init("time", .right),
      .init("phases, figures and facts", wraps: true),
    ])
    for trial in trials {
      table.add([
        .init("\(trial.experiment.rawValue)/\(PlainText.line(trial.condition))"),
        .init(PlainText.line(trial.cell.setUpName)), .init("\(trial.number)"),
        .init(trial.outcome.rawValue, trial.outcome == .completed ? nil : .bad),
        .init(DurationText.text(trial.duration?.seconds)),
        .init(details(trial, all: experiment != nil)),
      ])
    }
    page.table(table)
    return page.text
  }

  private func details(_ trial: ExperimentTrial, all: Bool) -> String {
    var lines: [String] = []
    if let reason = trial.reason { lines.append(PlainText.line(reason, limit: 400)) }
    if !trial.phases.isEmpty {
      lines.append(
        trial.phases.map {
          "\(PlainText.line($0.name)) \(DurationText.text($0.duration.seconds))"
        }.joined(separator: ", "))
    }
    lines += trial.figures.map {
      "\(PlainText.line($0.name)): \(Self.value($0)) (\(PlainText.line($0.source)))"
    }
    let facts = all ? trial.facts[...] : trial.facts.prefix(Self.factsShown)
    lines += facts.map { fact in
      let group = fact.group.isEmpty ? "" : "\(PlainText.line(fact.group))/"
      return "\(group)\(PlainText.line(fact.name)): \(PlainText.line(fact.value))"
    }
    if facts.count < trial.facts.count {
      lines.append(
        "\(trial.facts.count - facts.count) more facts: --experiment \(trial.experiment.rawValue)")
    }
    lines += trial.notes.map { PlainText.line($0, limit: 400) }
    return lines.joined(separator: "\n")
  }

  private static func value(_ figure: Figure) -> String {
    switch figure.unit {
    case .seconds: DurationText.text(figure.value)
    case .bytes: ByteText.text(Int(min(max(0, figure.value), 9e18).rounded()))
    case .secondsPerMinute: "\(DurationText.text(figure.value)) a minute"
    case .share: DurationText.fixed(figure.value * 100, 1) + " %"
    case .count: DurationText.fixed(figure.value, figure.value == figure.value.rounded() ? 0 : 1)
    }
  }
}
