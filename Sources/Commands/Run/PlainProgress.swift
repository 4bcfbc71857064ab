import Clock
import Measurement
import Reports
import ResultStore
import Runner
import Scenarios

/// One line an iteration, for logs and pipes.
struct PlainProgress: RunProgress {
  /// Where the lines go; a command whose result is standard output has them elsewhere.
  var write: @Sendable (String) -> Void = { Console.print($0) }

  func show(_ event: RunEvent) {
    switch event {
    case .started(let record):
      write("\(PlainText.line(record.scenario)): run \(record.id), seed \(record.seed)")
    case .starting(let kind, let path):
      write("starting \(kind.rawValue)/\(path)")
    case .measuring:
      break
    case .measured(let sample, _, let done, let total):
      write("[\(done)/\(total)] " + Self.line(sample))
    case .trying(let cell, let faults):
      write(
        "trying \(PlainText.line(cell.name)) while the link fails: \(Self.list(faults))")
    case .tried(let trial):
      write(PlainText.line(trial.cell.name) + ": " + FaultText.sentence(trial))
    case .experimenting(let experiment, let cell, let condition, let number):
      write(Self.title(experiment, cell, condition, number))
    case .experimented(let trial):
      write("  " + ExperimentText.sentence(trial))
    case .note(let text), .leftBehind(let text):
      Console.error(PlainText.clean(text))
    case .finished(let record):
      write("run \(record.id) \(record.status.rawValue)")
    }
  }

  func end() {}

  /// `recovery local-cluster/sync: container-killed #1`
  static func title(
    _ experiment: Experiment, _ cell: Cell, _ condition: String, _ number: Int
  ) -> String {
    "\(experiment.rawValue) \(PlainText.line(cell.setUpName)): \(PlainText.line(condition)) #\(number)"
  }

  /// `offline for 5s from 10s`
  static func list(_ faults: [LinkFault]) -> String {
    faults.map {
      "\($0.name) for \(DurationText.text($0.lasting.seconds)) from "
        + DurationText.text($0.at.seconds)
    }.joined(separator: ", ")
  }

  /// `local-native/reload/message 3 served 0.532 s (detect 0.210 s, reload 0.322 s)`; of several replicas
  /// `served 0.532 s, all 3 at 0.610 s`.
  static func line(_ sample: Sample) -> String {
    let phases = sample.phases.map { "\($0.name) \(DurationText.text($0.duration.seconds))" }
    let isWhole = sample.outcome == .served && sample.reason == nil
    let detail = isWhole ? phases.joined(separator: ", ") : brief(sample.reason)
    let number = sample.isWarmup ? "warm-up \(sample.iteration)" : "#\(sample.iteration)"
    return "\(PlainText.line(sample.cell.name)) \(number) \(sample.outcome.rawValue) "
      + ([DurationText.text(sample.duration.seconds), ReplicaText.text(sample)].compactMap { $0 })
      .joined(separator: ", ") + (detail.isEmpty ? "" : " (\(detail))")
  }

  /// What failed and, of what the app printed about it, the last line: that is where tracebacks say why.
  private static func brief(_ reason: String?) -> String {
    let lines = (reason ?? "").split(whereSeparator: \.isNewline).map(String.init)
    guard let first = lines.first else { return "" }
    guard let last = lines.dropFirst().last else { return PlainText.line(first) }
    return PlainText.line(first.replacing("; its last lines:", with: "") + ": " + last)
  }
}
