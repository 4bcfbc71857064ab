import Clock
import Measurement
import ResultStore
import Statistics

/// A comparison as JSON: the contract for scripts.
///
/// Times are numbers of seconds, exact to the nanosecond, so that a sample's phases add up to its
/// total; null stands for what isn't there. A seed from 2⁵³ on is a string of digits, because many
/// readers of JSON would round the number. Keys may be added to a schema version, never renamed.
package struct JSONRenderer: Sendable {
  package static let schemaVersion = 1

  package init() {}

  package func render(_ comparison: Comparison) -> String {
    JSONValue.object([
      ("schemaVersion", .integer(Self.schemaVersion)),
      ("run", run(comparison)),
      ("baseline", .optional(comparison.baselineCell?.cell.name)),
      ("answers", .array(comparison.answers.map(answer))),
      ("cells", .array(comparison.cells.map(cell))),
      ("faultTrials", .array(comparison.trials.map { trial($0.trial) })),
      ("experiments", .array(comparison.experiments.summaries.map(ExperimentJSON.summary))),
      ("parity", ExperimentJSON.parity(comparison.experiments.parity)),
    ]).text()
  }

  private func answer(_ answer: Answer) -> JSONValue {
    .object([
      ("edit", .string(answer.edit)),
      ("fastest", .optional(answer.fastest?.cell.cell.name)),
      (
        "others",
        .array(
          answer.places.dropFirst().map { place in
            .object([
              ("cell", .string(place.cell.cell.name)), ("slower", .bool(place.isSlower)),
              ("ratio", .double(place.ratio?.estimate)),
              ("low", .double(place.ratio?.interval?.low)),
              ("high", .double(place.ratio?.interval?.high)),
              ("pairs", place.ratio?.pairs.map { .integer($0) } ?? .null),
            ])
          })
      ),
    ])
  }

  private func run(_ comparison: Comparison) -> JSONValue {
    let run = comparison.run
    return .object([
      ("id", .string(run.id)),
      ("scenario", .string(run.scenario)),
      ("scenarioDigest", .string(run.scenarioDigest)),
      ("startedAt", .string(DateText.iso(run.startedAt))),
      ("finishedAt", .optional(run.finishedAt.map(DateText.iso))),
      ("status", .string(run.status.rawValue)),
      ("purpose", .string(run.purpose.rawValue)),
      ("statusReason", .optional(run.statusReason)),
      ("measured", .integer(comparison.measured)),
      ("planned", .integer(comparison.plannedIterations)),
      ("seed", run.seed < 1 << 53 ? .integer(run.seed) : .string(String(run.seed))),
      ("order", .string(run.order)),
      ("devbenchVersion", .string(run.devbenchVersion)),
      ("environment", environment(run.environment)),
      ("links", .array(run.links.map(link))),
    ])
  }

  private func link(_ link: LinkFacts) -> JSONValue {
    .object([
      ("name", .string(link.name)),
      ("rttSeconds", .seconds(nanoseconds: link.roundTrip.wholeNanoseconds)),
      ("jitterSeconds", .seconds(nanoseconds: link.jitter.wholeNanoseconds)),
      ("upBitsPerSecond", link.up.map { .integer($0) } ?? .null),
      ("downBitsPerSecond", link.down.map { .integer($0) } ?? .null),
    ])
  }

  private func environment(_ environment: Environment) -> JSONValue {
    .object([
      ("host", .string(environment.host)),
      ("system", .string(environment.system)),
      ("kernel", .string(environment.kernel)),
      ("architecture", .string(environment.architecture)),
      ("processor", .string(environment.processor)),
      ("cores", .integer(environment.cores)),
      ("memoryBytes", .integer(environment.memoryBytes)),
      ("loadBefore", .array(environment.loadBefore.map { .double($0) })),
      ("loadAfter", environment.loadAfter.map { .array($0.map { .double($0) }) } ?? .null),
      ("appCommit", .optional(environment.appCommit)),
      ("appBranch", .optional(environment.appBranch)),
      (
        "tools",
        .array(
          environment.tools.map {
            .object([("name", .string($0.name)), ("version", .string($0.version))])
          })
      ),
    ])
  }

  private func cell(_ cell: CellResult) -> JSONValue {
    .object([
      ("workflow", .string(cell.cell.workflow.rawValue)),
      ("path", .string(cell.cell.path.rawValue)),
      ("variant", .string(cell.cell.variant)),
      ("edit", .string(cell.cell.edit)),
      ("link", .optional(cell.cell.link.isEmpty ? nil : cell.cell.link)),
      ("developers", .integer(cell.cell.developers)),
      ("summary", summary(cell.summary)),
      ("allEdits", allEdits(cell)),
      ("ratio", ratio(cell.ratio)),
      ("samples", .array(cell.samples.map(sample))),
    ])
  }

  private func allEdits(_ cell: CellResult) -> JSONValue {
    var members: [(key: String, value: JSONValue)] = []
    if let all = cell.allEdits {
      let (median, p95) = (seconds(all.median), seconds(all.p95))
      members += [
        ("median", median.reached), ("medianBeyond", median.beyond),
        ("low", .seconds(all.interval?.low)), ("high", .seconds(all.interval?.high)),
        ("p95", p95.reached), ("p95Beyond", p95.beyond),
      ]
    }
    if let mean = cell.restrictedMean {
      members.append(
        (
          "restrictedMean",
          .object([
            ("mean", .seconds(mean.mean)), ("low", .seconds(mean.interval?.low)),
            ("high", .seconds(mean.interval?.high)), ("limit", .seconds(mean.tau)),
          ])
        ))
    }
    return members.isEmpty ? .null : .object(members)
  }

  /// One of the two is null, and both are where no wait would be long enough.
  private func seconds(
    _ quantile: KaplanMeier.Quantile
  ) -> (reached: JSONValue, beyond: JSONValue) {
    switch quantile {
    case .reached(let seconds): (.seconds(seconds), .null)
    case .beyond(let limit): (.null, .seconds(limit.isFinite ? limit : nil))
    }
  }

  private func outliers(_ outliers: Outliers) -> JSONValue {
    .object(
      TukeyFences.Class.allCases.filter { $0 != .inside }.map {
        ($0.rawValue, .integer(outliers.counts[$0] ?? 0))
      })
  }

  private func trial(_ trial: FaultTrial) -> JSONValue {
    .object([
      ("workflow", .string(trial.cell.workflow.rawValue)),
      ("path", .string(trial.cell.path.rawValue)),
      ("variant", .string(trial.cell.variant)),
      ("edit", .string(trial.cell.edit)),
      ("link", .optional(trial.cell.link.isEmpty ? nil : trial.cell.link)),
      ("lost", .integer(trial.lost)),
      ("difference", .optional(trial.difference)),
      ("notes", .array(trial.notes.map { .string($0) })),
      (
        "faults",
        .array(
          trial.spans.map { span in
            .object([
              ("link", .string(span.link)),
              ("fromSeconds", .seconds(nanoseconds: span.from.wholeNanoseconds)),
              ("toSeconds", .seconds(nanoseconds: span.to.wholeNanoseconds)),
              ("saved", .integer(trial.saved(during: span).count)),
              ("served", .integer(trial.served(during: span).count)),
              (
                "backSeconds",
                trial.back(after: span).map { .seconds(nanoseconds: $0.wholeNanoseconds) } ?? .null
              ),
            ])
          })
      ),
      (
        "edits",
        .array(
          trial.edits.map { edit in
            .object([
              ("savedSeconds", .seconds(nanoseconds: edit.savedAt.wholeNanoseconds)),
              ("outcome", .string(edit.outcome.rawValue)),
              (
                "servedSeconds",
                edit.servedAt.map { .seconds(nanoseconds: $0.wholeNanoseconds) } ?? .null
              ),
            ])
          })
      ),
    ])
  }

  private func summary(_ summary: CellSummary) -> JSONValue {
    .object([
      ("attempted", .integer(summary.attempted)),
      ("served", .integer(summary.served)),
      ("median", .seconds(summary.median)),
      ("low", .seconds(summary.interval?.low)),
      ("high", .seconds(summary.interval?.high)),
      ("p95", .seconds(summary.p95)),
      ("min", .seconds(summary.min)),
      ("max", .seconds(summary.max)),
      ("outliers", outliers(summary.outliers)),
      ("bytesUp", summary.traffic.map { .integer($0.up) } ?? .null),
      ("bytesDown", summary.traffic.map { .integer($0.down) } ?? .null),
      ("allServed", allServed(summary.allServed)),
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
    ])
  }

  private func allServed(_ summary: AllServedSummary?) -> JSONValue {
    guard let summary else { return .null }
    return .object([
      ("replicas", .integer(summary.replicas)),
      ("attempted", .integer(summary.attempted)),
      ("served", .integer(summary.served)),
      ("median", .seconds(summary.median)),
      ("low", .seconds(summary.interval?.low)),
      ("high", .seconds(summary.interval?.high)),
      ("p95", .seconds(summary.p95)),
      ("min", .seconds(summary.min)),
      ("max", .seconds(summary.max)),
    ])
  }

  private func ratio(_ ratio: MedianRatio?) -> JSONValue {
    guard let ratio else { return .null }
    return .object([
      ("estimate", .double(ratio.estimate)),
      ("low", .double(ratio.interval?.low)),
      ("high", .double(ratio.interval?.high)),
      ("pairs", ratio.pairs.map { .integer($0) } ?? .null),
      ("verdict", .string(Verdict(ratio).rawValue)),
    ])
  }

  private func sample(_ sample: Sample) -> JSONValue {
    .object([
      ("developer", .integer(sample.developer)),
      ("iteration", .integer(sample.iteration)),
      ("warmup", .bool(sample.isWarmup)),
      ("block", .integer(sample.block)),
      ("outcome", .string(sample.outcome.rawValue)),
      ("reason", .optional(sample.reason)),
      ("savedOn", .string(DateText.iso(sample.savedOn))),
      ("seconds", .seconds(nanoseconds: sample.duration.wholeNanoseconds)),
      (
        "bracketSeconds",
        sample.bracket.map { .seconds(nanoseconds: $0.width.wholeNanoseconds) } ?? .null
      ),
      ("probes", .integer(sample.probes)),
      ("replicas", .integer(sample.replicas)),
      ("replicasServed", sample.replicasServed.map { .integer($0) } ?? .null),
      (
        "allServedSeconds",
        sample.allServed.map { .seconds(nanoseconds: $0.wholeNanoseconds) } ?? .null
      ),
      (
        "phases",
        .array(
          sample.phases.map {
            .object([
              ("name", .string($0.name)),
              ("seconds", .seconds(nanoseconds: $0.duration.wholeNanoseconds)),
              ("bytesUp", $0.traffic.map { .integer($0.up) } ?? .null),
              ("bytesDown", $0.traffic.map { .integer($0.down) } ?? .null),
            ])
          })
      ),
    ])
  }
}
