import Clock
import Measurement
import ResultStore

/// Makes JSON of a run; samples and trials name their cells by place.
struct RunDocumentWriter {
  let places: [Cell: Int]

  init(cells: [Cell]) {
    places = Dictionary(zip(cells, cells.indices)) { first, _ in first }
  }

  func document(_ run: StoredRun) -> JSONValue {
    .object([
      ("devbench", .string(RunDocument.kind)),
      ("version", .integer(RunDocument.version)),
      ("run", record(run.record)),
      ("cells", .array(run.record.cells.map(planned))),
      ("samples", .array(run.samples.map(sample))),
      ("faultTrials", .array(run.trials.map(trial))),
      ("experiments", .array(run.experiments.map(experiment))),
      ("calibrations", .array(run.judgements.calibrations.map(calibration))),
      ("blessings", .array(run.judgements.blessings.map(blessing))),
    ])
  }

  private func record(_ run: RunRecord) -> JSONValue {
    .object([
      ("id", .string(run.id)),
      ("scenario", .string(run.scenario)),
      ("scenarioText", .string(run.scenarioText)),
      ("scenarioDigest", .string(run.scenarioDigest)),
      ("startedAt", .string(StoredDate.text(run.startedAt))),
      ("finishedAt", .optional(run.finishedAt.map(StoredDate.text))),
      ("status", .string(run.status.rawValue)),
      ("statusReason", .optional(run.statusReason)),
      ("purpose", .string(run.purpose.rawValue)),
      ("twin", .optional(run.twin)),
      ("seed", .exact(run.seed)),
      ("order", .string(run.order)),
      ("devbenchVersion", .string(run.devbenchVersion)),
      ("owner", .string(run.owner)),
      ("environment", environment(run.environment)),
      ("links", .array(run.links.map(link))),
    ])
  }

  private func environment(_ environment: Environment) -> JSONValue {
    .object([
      ("host", .string(environment.host)),
      ("system", .string(environment.system)),
      ("kernel", .string(environment.kernel)),
      ("architecture", .string(environment.architecture)),
      ("processor", .string(environment.processor)),
      ("cores", .exact(environment.cores)),
      ("memoryBytes", .exact(environment.memoryBytes)),
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

  private func link(_ link: LinkFacts) -> JSONValue {
    .object([
      ("name", .string(link.name)),
      ("rttNanoseconds", nanoseconds(link.roundTrip)),
      ("jitterNanoseconds", nanoseconds(link.jitter)),
      ("upBitsPerSecond", integer(link.up)),
      ("downBitsPerSecond", integer(link.down)),
    ])
  }

  private func planned(_ planned: RunRecord.PlannedCell) -> JSONValue {
    .object([
      ("workflow", .string(planned.cell.workflow.rawValue)),
      ("path", .string(planned.cell.path.rawValue)),
      ("variant", .string(planned.cell.variant)),
      ("edit", .string(planned.cell.edit)),
      ("link", .string(planned.cell.link)),
      ("developers", .exact(planned.cell.developers)),
      ("warmups", .exact(planned.warmups)),
      ("iterations", .exact(planned.iterations)),
    ])
  }

  private func sample(_ sample: Sample) -> JSONValue {
    .object([
      ("cell", integer(places[sample.cell])),
      ("developer", .exact(sample.developer)),
      ("iteration", .exact(sample.iteration)),
      ("warmup", .bool(sample.isWarmup)),
      ("block", .exact(sample.block)),
      ("token", .string(sample.token)),
      ("savedAtNanoseconds", .exact(sample.savedAt.nanoseconds)),
      ("savedOn", .string(StoredDate.text(sample.savedOn))),
      ("outcome", .string(sample.outcome.rawValue)),
      ("reason", .optional(sample.reason)),
      ("durationNanoseconds", nanoseconds(sample.duration)),
      ("bracket", bracket(sample.bracket)),
      ("phases", .array(sample.phases.map(phase))),
      ("probes", .exact(sample.probes)),
      ("replicas", .exact(sample.replicas)),
      ("replicasServed", integer(sample.replicasServed)),
      ("allServedNanoseconds", nanoseconds(sample.allServed)),
    ])
  }

  func bracket(_ bracket: Bracket?) -> JSONValue {
    guard let bracket else { return .null }
    return .object([
      ("lowNanoseconds", nanoseconds(bracket.low)),
      ("highNanoseconds", nanoseconds(bracket.high)),
      ("lastOldNanoseconds", nanoseconds(bracket.lastOld)),
    ])
  }

  func phase(_ phase: Phase) -> JSONValue {
    .object([
      ("name", .string(phase.name)),
      ("nanoseconds", nanoseconds(phase.duration)),
      ("bytesUp", integer(phase.traffic?.up)),
      ("bytesDown", integer(phase.traffic?.down)),
    ])
  }

  private func trial(_ trial: FaultTrial) -> JSONValue {
    .object([
      ("cell", integer(places[trial.cell])),
      ("difference", .optional(trial.difference)),
      ("notes", .array(trial.notes.map { .string($0) })),
      (
        "faults",
        .array(
          trial.spans.map { span in
            .object([
              ("link", .string(span.link)),
              ("fromNanoseconds", nanoseconds(span.from)),
              ("toNanoseconds", nanoseconds(span.to)),
            ])
          })
      ),
      (
        "edits",
        .array(
          trial.edits.map { edit in
            .object([
              ("token", .string(edit.token)),
              ("savedNanoseconds", nanoseconds(edit.savedAt)),
              ("outcome", .string(edit.outcome.rawValue)),
              ("servedNanoseconds", nanoseconds(edit.servedAt)),
            ])
          })
      ),
    ])
  }

  func nanoseconds(_ duration: Duration?) -> JSONValue {
    duration.map { .exact($0.wholeNanoseconds) } ?? .null
  }

  func integer(_ value: Int?) -> JSONValue {
    value.map { .exact($0) } ?? .null
  }
}
