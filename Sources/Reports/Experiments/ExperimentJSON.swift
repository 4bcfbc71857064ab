import Clock
import Measurement
import Parity
import Statistics

/// What experiments came to, for the report's JSON; docs/json.md is the contract.
enum ExperimentJSON {
  static func summary(_ summary: ExperimentSummary) -> JSONValue {
    .object(
      [("experiment", .string(summary.experiment.rawValue))] + cell(summary.cell) + [
        ("condition", .string(summary.condition)),
        (
          "outcomes",
          .object(TrialOutcome.allCases.map { ($0.rawValue, .integer(summary[$0])) })
        ),
        ("median", .seconds(summary.median)),
        ("low", .seconds(summary.interval?.low)),
        ("high", .seconds(summary.interval?.high)),
        ("min", .seconds(summary.min)),
        ("max", .seconds(summary.max)),
        (
          "phases",
          .array(
            summary.phases.map {
              .object([
                ("name", .string($0.name)), ("median", .seconds($0.median)),
                ("share", .double($0.share)),
                ("bytesUp", $0.traffic.map { .integer($0.up) } ?? .null),
                ("bytesDown", $0.traffic.map { .integer($0.down) } ?? .null),
              ])
            })
        ),
        (
          "figures",
          .array(
            summary.figures.map { figure in
              .object([
                ("name", .string(figure.name)), ("unit", .string(figure.unit.rawValue)),
                ("median", .double(figure.median)), ("min", .double(figure.min)),
                ("max", .double(figure.max)), ("trials", .integer(figure.count)),
                ("sources", .array(figure.sources.map { .string($0) })),
              ])
            })
        ),
        (
          "facts",
          .array(
            summary.facts.map { fact in
              .object([
                ("group", .string(fact.group)), ("name", .string(fact.name)),
                (
                  "values",
                  .array(
                    fact.values.map {
                      .object([("value", .string($0.text)), ("trials", .integer($0.trials))])
                    })
                ),
              ])
            })
        ),
        ("trials", .array(summary.trials.map(trial))),
      ])
  }

  private static func trial(_ trial: ExperimentTrial) -> JSONValue {
    .object([
      ("number", .integer(trial.number)),
      ("startedOn", .string(DateText.iso(trial.startedOn))),
      ("outcome", .string(trial.outcome.rawValue)),
      ("reason", .optional(trial.reason)),
      ("seconds", seconds(trial.duration)),
      ("bracketSeconds", seconds(trial.bracket?.width)),
      (
        "phases",
        .array(
          trial.phases.map {
            .object([
              ("name", .string($0.name)), ("seconds", seconds($0.duration)),
              ("bytesUp", $0.traffic.map { .integer($0.up) } ?? .null),
              ("bytesDown", $0.traffic.map { .integer($0.down) } ?? .null),
            ])
          })
      ),
      (
        "figures",
        .array(
          trial.figures.map {
            .object([
              ("name", .string($0.name)), ("value", .double($0.value)),
              ("unit", .string($0.unit.rawValue)), ("source", .string($0.source)),
            ])
          })
      ),
      ("notes", .array(trial.notes.map { .string($0) })),
    ])
  }

  static func parity(_ report: ParityReport?) -> JSONValue {
    guard let report else { return .null }
    return .object([
      ("reference", .string(report.reference.setUpName)),
      ("remark", .optional(report.remark)),
      (
        "runtimes",
        .array(
          report.sides.map { side in
            let summary = side.summary
            return .object(
              cell(side.cell) + [
                ("same", .integer(summary.same)), ("compared", .integer(summary.compared)),
                ("meanShare", .double(summary.meanShare)),
                ("groups", .array(summary.groups.map(group))),
                ("findings", .array(side.difference.findings.map(finding))),
                (
                  "ignored",
                  .array(
                    side.difference.ignored.map {
                      .object([
                        ("group", .string($0.key.group.rawValue)), ("name", .string($0.key.name)),
                        ("reason", .string($0.reason)),
                      ])
                    })
                ),
              ])
          })
      ),
    ])
  }

  private static func group(_ group: ParitySummary.Group) -> JSONValue {
    .object([
      ("group", .string(group.group.rawValue)), ("same", .integer(group.same)),
      ("compared", .integer(group.compared)), ("share", .double(group.share)),
      ("unknown", .integer(group[.unknown])), ("ignored", .integer(group.ignored)),
    ])
  }

  private static func finding(_ entry: ParityDifference.Entry) -> JSONValue {
    let (value, reference, reason): (String?, String?, String?) =
      switch entry.verdict {
      case .same(let value): (value, value, nil)
      case .different(let value, let reference): (value, reference, nil)
      case .onlyHere(let value): (value, nil, nil)
      case .onlyInReference(let reference): (nil, reference, nil)
      case .unknown(let value, let reference, let reason): (value, reference, reason)
      }
    return .object([
      ("group", .string(entry.key.group.rawValue)), ("name", .string(entry.key.name)),
      ("kind", .string(entry.kind.rawValue)), ("value", .optional(value)),
      ("reference", .optional(reference)), ("reason", .optional(reason)),
    ])
  }

  private static func cell(_ cell: Cell) -> [(key: String, value: JSONValue)] {
    [
      ("workflow", .string(cell.workflow.rawValue)),
      ("path", .string(cell.path.rawValue)),
      ("variant", .string(cell.variant)),
      ("edit", .string(cell.edit)),
      ("link", .optional(cell.link.isEmpty ? nil : cell.link)),
      ("developers", .integer(cell.developers)),
    ]
  }

  private static func seconds(_ duration: Duration?) -> JSONValue {
    duration.map { .seconds(nanoseconds: $0.wholeNanoseconds) } ?? .null
  }
}
