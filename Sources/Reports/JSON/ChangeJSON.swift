import Clock
import Measurement
import ResultStore
import Statistics

/// A comparison of runs as JSON: the contract for scripts, as `JSONRenderer` is for one run.
package struct ChangeJSON: Sendable {
  package static let schemaVersion = 1

  package init() {}

  package func render(_ report: ChangeReport) -> String {
    let rule = JudgementRule(margin: report.margin)
    return JSONValue.object([
      ("schemaVersion", .integer(Self.schemaVersion)),
      ("scenario", .string(report.title)),
      ("outcome", .string(outcome(report.outcome))),
      ("base", side(report.base)),
      ("head", side(report.head)),
      ("paired", .bool(report.isPaired)),
      ("across", .bool(report.across)),
      (
        "rule",
        .object([
          ("margin", .double(rule.margin)), ("confidence", .double(rule.confidence)),
          ("alarmLevel", .double(rule.alarmLevel)), ("familyLevel", .double(rule.familyLevel)),
        ])
      ),
      ("notices", .array(report.notices.map { .string($0) })),
      ("cells", .array(report.cells.map(cell))),
    ]).text()
  }

  private func outcome(_ outcome: ChangeReport.Outcome) -> String {
    switch outcome {
    case .fine: "fine"
    case .regression: "regression"
    case .inconclusive: "inconclusive"
    case .nothingJudged: "nothing-judged"
    }
  }

  private func side(_ set: RunSet) -> JSONValue {
    .object([
      ("label", .string(set.label)),
      ("runs", .array(set.runs.map { .string($0.record.id) })),
    ])
  }

  private func cell(_ change: CellChange) -> JSONValue {
    let judgement = change.judgement
    var reason: Judgement.Reason?
    if case .inconclusive(let why) = judgement?.verdict { reason = why }
    let identity: [(key: String, value: JSONValue)] = [
      ("cell", .string(change.cell.name)),
      ("workflow", .string(change.cell.workflow.rawValue)),
      ("path", .string(change.cell.path.rawValue)),
      ("variant", .string(change.cell.variant)),
      ("edit", .string(change.cell.edit)),
      ("link", .optional(change.cell.link.isEmpty ? nil : change.cell.link)),
      ("developers", .integer(change.cell.developers)),
    ]
    let ratio = judgement?.ratio
    let judged: [(key: String, value: JSONValue)] = [
      ("verdict", .optional(judgement?.verdict.name)),
      ("reason", .optional(reason?.rawValue)),
      ("ratio", .double(ratio?.estimate)),
      ("low", .double(ratio?.interval?.low)),
      ("high", .double(ratio?.interval?.high)),
      ("pairs", ratio?.pairs.map { .integer($0) } ?? .null),
      ("timePValue", .double(judgement?.timePValue)),
      ("successPValue", .double(judgement?.successPValue)),
      ("moreIterations", judgement?.moreIterations.map { .integer($0) } ?? .null),
      ("noise", .double(change.calibration?.noise)),
    ]
    let phases = change.phaseShifts.map { shift in
      JSONValue.object([
        ("name", .string(shift.name)), ("base", .seconds(shift.base)),
        ("head", .seconds(shift.head)),
      ])
    }
    let sides: [(key: String, value: JSONValue)] = [
      ("differences", .array(change.differences.map { .string($0) })),
      ("leftOut", .integer(change.leftOut)),
      ("base", summary(change.baseSummary)),
      ("head", summary(change.headSummary)),
      ("phases", .array(phases)),
    ]
    return .object(identity + judged + sides)
  }

  private func summary(_ summary: CellSummary) -> JSONValue {
    .object([
      ("attempted", .integer(summary.attempted)), ("served", .integer(summary.served)),
      ("median", .seconds(summary.median)), ("low", .seconds(summary.interval?.low)),
      ("high", .seconds(summary.interval?.high)), ("p95", .seconds(summary.p95)),
      ("min", .seconds(summary.min)), ("max", .seconds(summary.max)),
    ])
  }
}
