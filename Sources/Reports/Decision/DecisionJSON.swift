package import Decision
import Measurement
import ResultStore
import Statistics

/// A decision as JSON: the contract for scripts.
package struct DecisionJSON: Sendable {
  package static let schemaVersion = 1

  package init() {}

  package func render(_ report: DecisionReport) -> String {
    JSONValue.object([
      ("schemaVersion", .integer(Self.schemaVersion)),
      ("decision", .optional(report.path)),
      ("currency", .string(report.currency)),
      ("reference", .string(report.decision.reference.rawValue)),
      (
        "weights",
        .object(report.decision.weights.map { (key: $0.name, value: .double($0.value)) })
      ),
      ("notices", strings(report.notices)),
      ("scenarios", .array(report.parts.map { part($0, report) })),
    ]).text()
  }

  private func strings(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }

  private func interval(_ interval: Interval?) -> [(key: String, value: JSONValue)] {
    [("low", .double(interval?.low)), ("high", .double(interval?.high))]
  }

  private func part(_ part: DecisionReport.Part, _ report: DecisionReport) -> JSONValue {
    .object([
      ("scenario", .string(part.scenario)),
      ("answer", strings(part.answer(report).map(\.text))),
      ("notices", strings(part.evidence.notices)),
      ("leader", .optional(part.ranking.leader?.workflow.rawValue)),
      ("tied", strings(part.ranking.tied.map(\.rawValue))),
      ("clear", .bool(part.isClear)),
      (
        "thin",
        .object([
          ("weight", .double(part.thin.weight)), ("criteria", strings(part.thin.names)),
          ("decisive", .bool(part.thin.isDecisive)),
        ])
      ),
      (
        "missing",
        .array(
          part.missing.map {
            .object([
              ("workflow", .string($0.workflow.rawValue)), ("inScenario", .bool($0.isInScenario)),
              ("how", .string($0.how)),
            ])
          })
      ),
      ("excluded", strings(part.excluded.map(\.rawValue))),
      ("criteria", .array(part.rows.map { criterion($0, part) })),
      ("ranking", ranking(part.ranking)),
      ("thresholds", .array(part.thresholds.map(threshold))),
      ("costs", .array(part.costs.map(cost))),
      ("claims", .array(part.claims.map(claim))),
      (
        "runs",
        .array(
          part.evidence.runs.map { run in
            .object([
              ("run", .string(run.id)), ("startedAt", .string(DateText.iso(run.startedAt))),
              ("status", .string(run.status.rawValue)), ("host", .string(run.environment.host)),
              ("uses", strings(run.uses)),
            ])
          })
      ),
    ])
  }

  private func criterion(
    _ row: DecisionReport.CriterionRow, _ part: DecisionReport.Part
  ) -> JSONValue {
    .object([
      ("criterion", .string(row.name)), ("unit", .string(Self.unit(row.criterion?.unit))),
      ("weight", .double(row.weight)),
      (
        "workflows",
        .array(
          zip(part.workflows, row.findings).map { workflow, finding in
            self.finding(finding, of: workflow)
          })
      ),
    ])
  }

  private static func unit(_ unit: Criterion.Unit?) -> String {
    switch unit {
    case .seconds: "s"
    case .bytes: "B"
    case .secondsPerMinute: "s/min"
    case .share, nil: "share"
    case .ratio: "ratio"
    case .money: "money"
    }
  }

  private func finding(_ finding: Finding, of workflow: WorkflowKind) -> JSONValue {
    var state = "measured"
    var reason: String?
    switch finding {
    case .measured: break
    case .byDesign(_, let why): (state, reason) = ("by-design", why)
    case .stated(_, let why): (state, reason) = ("stated", why)
    case .notMeasured(let how): (state, reason) = ("not-measured", how)
    case .notPossible(let why, _): (state, reason) = ("not-possible", why)
    case .failed(let why, _): (state, reason) = ("failed", why)
    case .notApplicable(let why): (state, reason) = ("not-applicable", why)
    }
    let measured = finding.measured
    return .object(
      [
        ("workflow", .string(workflow.rawValue)), ("state", .string(state)),
        ("value", .double(finding.value)),
        // JSON has no infinity, and null would be as though nothing were known.
        ("reached", .bool(finding.value.map(\.isFinite) ?? true)),
      ] + interval(measured?.interval) + [
        ("least", .double(measured?.range?.low)), ("most", .double(measured?.range?.high)),
        ("count", measured.map { .integer($0.count) } ?? .null),
        ("of", .optional(measured?.of)), ("notes", strings(measured?.notes ?? [])),
        ("reason", .optional(reason)), ("samples", strings(commands(finding.traces))),
      ])
  }

  private func commands(_ traces: [Trace]) -> [String] {
    var seen: Set<String> = []
    return traces.map(\.command).filter { seen.insert($0).inserted }
  }

  private func ranking(_ ranking: Ranking) -> JSONValue {
    func crossing(_ crossing: Ranking.Crossing?) -> JSONValue {
      crossing.map {
        .object([
          ("weight", .double($0.weight)), ("leader", .string($0.workflow.rawValue)),
        ])
      } ?? .null
    }
    return .object([
      (
        "workflows",
        .array(
          ranking.entries.map { entry in
            .object(
              [
                ("workflow", .string(entry.workflow.rawValue)), ("score", .double(entry.score)),
              ] + interval(entry.interval) + [
                ("leads", .double(entry.leads)),
                (
                  "contributions",
                  .object(
                    zip(ranking.rows, entry.contributions).map {
                      (key: $0.name, value: .double($1))
                    })
                ),
              ])
          })
      ),
      (
        "weights",
        .object(ranking.rows.map { (key: $0.name, value: .double($0.weight)) })
      ),
      (
        "leftOut",
        .array(
          ranking.leftOut.map {
            .object([
              ("criterion", .string($0.name)), ("weight", .double($0.weight)),
              ("unknownOf", strings($0.unknownOf.map(\.rawValue))),
              ("applicable", .bool(!$0.isInapplicable)),
            ])
          })
      ),
      (
        "turns",
        .array(
          ranking.turns.map {
            .object([
              ("criterion", .string($0.criterion)), ("weight", .double($0.weight)),
              ("below", crossing($0.below)), ("above", crossing($0.above)),
            ])
          })
      ),
      (
        "dominated",
        .array(
          ranking.dominated.map {
            .object([
              ("workflow", .string($0.workflow.rawValue)), ("by", .string($0.by.rawValue)),
              ("share", .double($0.share)),
            ])
          })
      ),
      (
        "reversals",
        .array(
          ranking.reversals.map {
            .object([
              ("without", .string($0.without.rawValue)), ("leader", .string($0.leader.rawValue)),
            ])
          })
      ),
      ("seed", .integer(Ranking.seed)), ("resamples", .integer(Ranking.resamples)),
    ])
  }

  private func threshold(_ result: ThresholdResult) -> JSONValue {
    let verdict =
      switch result.verdict {
      case .kept: "kept"
      case .missed: "missed"
      case .unknown: "unknown"
      case .notApplicable: "not-applicable"
      }
    return .object([
      ("criterion", .string(result.threshold.criterion.rawValue)),
      ("limit", .double(result.threshold.limit)), ("workflow", .string(result.workflow.rawValue)),
      ("value", .double(result.value)), ("verdict", .string(verdict)),
      ("close", .bool(result.isClose)),
    ])
  }

  private func cost(_ cost: Cost) -> JSONValue {
    func figure(_ measured: Measured?) -> JSONValue {
      measured.map {
        .object([("value", .double($0.value))] + interval($0.interval))
      } ?? .null
    }
    return .object([
      ("workflow", .string(cost.workflow.rawValue)),
      ("meanSeconds", figure(cost.meanLatency)), ("editsPerDay", .double(cost.editsPerDay)),
      ("waitingMinutesPerDay", figure(cost.waiting)),
      ("dayMedianMinutes", .double(cost.day?.median)), ("dayP90Minutes", .double(cost.day?.p90)),
      ("waitingPerMonth", figure(cost.waitingPerMonth)),
      ("clusterPerMonth", .double(cost.clusterPerMonth)),
      ("workstationsPerMonth", .double(cost.workstationsPerMonth)),
      ("totalPerMonth", figure(cost.total)), ("missing", strings(cost.missing)),
      ("samples", strings(commands(cost.meanLatency?.traces ?? []))),
    ])
  }

  private func claim(_ result: ClaimResult) -> JSONValue {
    .object([
      ("claim", .string(result.claim.rawValue)),
      ("workflow", .string(result.claim.workflow.rawValue)),
      ("sentence", .string(result.claim.sentence)), ("rule", .string(result.claim.rule)),
      ("verdict", .string(result.verdict.rawValue)),
      (
        "figures",
        .array(
          result.figures.map { figure in
            switch figure {
            case .number(let name, let value, let unit, let found):
              .object(
                [
                  ("name", .string(name)), ("value", .double(value)),
                  ("unit", .string(Self.unit(unit))),
                ] + interval(found))
            case .count(let name, let value):
              .object([
                ("name", .string(name)), ("value", .integer(value)), ("unit", .string("count")),
              ])
            case .words(let words): .object([("name", .string(words))])
            }
          })
      ),
      ("note", .optional(result.note)), ("samples", strings(commands(result.traces))),
    ])
  }
}
