import Measurement
import ResultStore

extension RunDocumentWriter {
  func experiment(_ trial: ExperimentTrial) -> JSONValue {
    .object([
      ("cell", integer(places[trial.cell])),
      ("experiment", .string(trial.experiment.rawValue)),
      ("condition", .string(trial.condition)),
      ("number", .exact(trial.number)),
      ("startedOn", .string(StoredDate.text(trial.startedOn))),
      ("outcome", .string(trial.outcome.rawValue)),
      ("reason", .optional(trial.reason)),
      ("durationNanoseconds", nanoseconds(trial.duration)),
      ("bracket", bracket(trial.bracket)),
      ("phases", .array(trial.phases.map(phase))),
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
      (
        "facts",
        .array(
          trial.facts.map {
            .object([
              ("group", .string($0.group)), ("name", .string($0.name)),
              ("value", .string($0.value)),
            ])
          })
      ),
      ("notes", .array(trial.notes.map { .string($0) })),
    ])
  }

  func calibration(_ calibration: StoredCalibration) -> JSONValue {
    .object([
      ("cell", .string(calibration.cell)),
      ("comparability", .string(calibration.comparability)),
      ("iterations", .exact(calibration.iterations)),
      ("comparisons", .exact(calibration.comparisons)),
      ("falseAlarms", .exact(calibration.falseAlarms)),
      ("noise", .double(calibration.noise)),
      ("detectable", .double(calibration.detectable)),
    ])
  }

  func blessing(_ blessing: Blessing) -> JSONValue {
    .object([
      ("cell", .string(blessing.cell)),
      ("why", .string(blessing.why)),
      ("blessedAt", .string(StoredDate.text(blessing.blessedAt))),
      ("takenBackAt", .optional(blessing.takenBackAt.map(StoredDate.text))),
    ])
  }
}
