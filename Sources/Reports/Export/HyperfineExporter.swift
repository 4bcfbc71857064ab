import Clock
import Measurement
import ResultStore
import Statistics

/// hyperfine's `--export-json`: a result a cell, in seconds.
///
/// `times` and `exit_codes` have every iteration but warm-ups, in the order of measuring; the figures are over
/// those that were served, as in every report. `user` and `system` are null: devbench doesn't take the app's
/// processor time, and 0 would be a figure.
///
/// Source of the names: hyperfine's `src/benchmark/benchmark_result.rs`.
struct HyperfineExporter: RunExporter {
  private var items = JSONItems()
  private(set) var notes: [String] = []

  func begin() -> String { "{\"results\": [" }

  mutating func add(_ run: StoredRun) -> String {
    var text = ""
    notes += [ExportedCell.experimentsNote(run)].compactMap { $0 }
    for cell in ExportedCell.all(of: run) {
      guard !cell.samples.isEmpty else {
        notes.append(cell.emptyNote)
        continue
      }
      if cell.served < cell.samples.count {
        notes.append(
          "\(PlainText.line(cell.cell.name)) of run \(PlainText.line(run.record.id)): served "
            + "\(cell.served) of \(cell.samples.count). The others have exit codes other than 0, and "
            + "their times are in no mean, median, min or max.")
      }
      text += items.item(Self.result(cell).line())
    }
    return text
  }

  func end() -> String { "\n]}\n" }

  private static func result(_ exported: ExportedCell) -> JSONValue {
    let cell = exported.cell
    let seconds = exported.samples.filter { $0.outcome == .served }.map(\.duration.seconds)
    let mean = seconds.isEmpty ? nil : seconds.reduce(0, +) / Double(seconds.count)
    var parameters = [
      ("run", exported.run.id), ("scenario", exported.run.scenario),
      ("workflow", cell.workflow.rawValue), ("path", cell.pathName.description),
      ("edit", cell.edit),
    ]
    if !cell.link.isEmpty { parameters.append(("link", cell.link)) }
    if cell.developers > 1 { parameters.append(("developers", "\(cell.developers)")) }
    return .object([
      ("command", .string(cell.name)),
      ("mean", .seconds(mean)),
      ("stddev", .seconds(mean.flatMap { deviation(seconds, mean: $0) })),
      ("median", .seconds(Quantile.median(seconds))),
      ("user", .null),
      ("system", .null),
      ("min", .seconds(seconds.min())),
      ("max", .seconds(seconds.max())),
      (
        "times",
        .array(
          exported.samples.map { .seconds(nanoseconds: $0.duration.wholeNanoseconds) })
      ),
      ("exit_codes", .array(exported.samples.map { .integer($0.outcome.exitCode) })),
      ("parameters", .object(parameters.map { ($0.0, .string($0.1)) })),
    ])
  }

  /// With n − 1, as hyperfine's; nil for fewer than two values.
  private static func deviation(_ values: [Double], mean: Double) -> Double? {
    guard values.count > 1 else { return nil }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - 1)).squareRoot()
  }
}

extension Outcome {
  /// What a command in the app's place could have ended with.
  fileprivate var exitCode: Int {
    switch self {
    case .served: 0
    case .failed: 1
    case .wrong: 2
    // As timeout(1) has it.
    case .timedOut: 124
    }
  }
}
