import Measurement
import ResultStore

extension RunDocumentCheck {
  func experiment(
    _ fields: RunFields.ExperimentFields, _ cells: [Cell], _ field: String
  ) throws(RunDocumentFault) -> ExperimentTrial {
    let duration = try duration(fields.durationNanoseconds, field + ".durationNanoseconds")
    var trial = ExperimentTrial(
      fields.experiment.value, of: try cell(fields.cell, cells, field),
      condition: fields.condition.value,
      number: try count(fields.number, field + ".number", from: 1),
      startedOn: fields.startedOn.value, outcome: fields.outcome.value,
      reason: fields.reason?.value, duration: duration,
      bracket: try bracket(fields.bracket, field + ".bracket"),
      figures: try figures(fields, field),
      facts: fields.facts.map {
        TrialFact($0.name.value, $0.value.value, group: $0.group.value)
      },
      notes: fields.notes.map(\.value))
    if !fields.phases.isEmpty {
      try require(
        duration != nil, field + ".durationNanoseconds", "is null, and there are phases")
      trial.phases = try phases(fields.phases, of: duration ?? .zero, field + ".phases")
    }
    return trial
  }

  private func figures(
    _ fields: RunFields.ExperimentFields, _ field: String
  ) throws(RunDocumentFault) -> [Figure] {
    var figures: [Figure] = []
    for (index, figure) in fields.figures.enumerated() {
      let unit = figure.unit.value
      try require(
        figure.value.isFinite && Self.range(of: unit).contains(figure.value),
        "\(field).figures[\(index)].value",
        "is \(figure.value), which can't be a figure in “\(unit.rawValue)”")
      figures.append(
        Figure(figure.name.value, figure.value, unit, source: figure.source.value))
    }
    return figures
  }

  /// What a trial can find, generously: a thousand years of seconds, as many bytes as a 64-bit number counts.
  private static func range(of unit: Figure.Unit) -> ClosedRange<Double> {
    switch unit {
    // A clock may be behind.
    case .seconds: -3.2e10...3.2e10
    case .bytes: 0...0x1p63
    case .count: 0...0x1p53
    // So many processors.
    case .secondsPerMinute: 0...60e6
    case .share: 0...1
    }
  }

  /// What is said of the run's own cells.
  func judgements(
    _ fields: RunFields, of run: RunRecord
  ) throws(RunDocumentFault) -> RunJudgements {
    let names = Set(run.cells.map(\.cell.name))
    func cell(_ name: Text, _ field: String) throws(RunDocumentFault) -> String {
      try require(
        names.contains(name.value), field + ".cell",
        "is '\(name.value.prefix(60))', which is no cell of the run")
      return name.value
    }
    var judgements = RunJudgements()
    for (index, calibration) in (fields.calibrations ?? []).enumerated() {
      let field = "calibrations[\(index)]"
      let comparisons = try count(calibration.comparisons, field + ".comparisons", from: 1)
      try require(
        !judgements.calibrations.contains { $0.cell == calibration.cell.value }, field,
        "is of \(calibration.cell.value.prefix(60)), of which there is one already")
      try require(calibration.noise ?? 0 >= 0, field + ".noise", "is negative")
      try require(calibration.detectable ?? 0 >= 0, field + ".detectable", "is negative")
      judgements.calibrations.append(
        StoredCalibration(
          run: run.id, cell: try cell(calibration.cell, field),
          comparability: calibration.comparability.value,
          iterations: try count(calibration.iterations, field + ".iterations", from: 1),
          comparisons: comparisons,
          falseAlarms: try count(
            calibration.falseAlarms, field + ".falseAlarms", to: comparisons),
          noise: calibration.noise ?? .infinity, detectable: calibration.detectable))
    }
    for (index, blessing) in (fields.blessings ?? []).enumerated() {
      let field = "blessings[\(index)]"
      try require(
        blessing.why.value.contains { !$0.isWhitespace }, field + ".why", "is empty")
      judgements.blessings.append(
        Blessing(
          scenario: run.scenario, cell: try cell(blessing.cell, field), run: run.id,
          why: blessing.why.value, blessedAt: blessing.blessedAt.value,
          takenBackAt: blessing.takenBackAt?.value))
    }
    return judgements
  }
}
