import Measurement
import Reports
import ResultStore

/// Runs for the tests of export formats.
enum ExportFixture {
  /// What the format makes of runs.
  static func text(_ format: ExportFormat, _ runs: [StoredRun]) -> String {
    notedText(format, runs).text
  }

  static func notedText(
    _ format: ExportFormat, _ runs: [StoredRun]
  ) -> (text: String, notes: [String]) {
    var exporter = format.exporter(runs: runs.count)
    var text = exporter.begin()
    for run in runs { text += exporter.add(run) }
    return (text + exporter.end(), exporter.notes)
  }

  /// A run with the one cell `local-native/reload/message`, and a warm-up that no figure may hold.
  static func run(_ milliseconds: [Int64], outcomes: [Outcome] = []) -> StoredRun {
    let warmup = RunFixture.sample(
      RunFixture.reload, 1, milliseconds: 9_000, block: 0, isWarmup: true)
    let samples = milliseconds.enumerated().map { index, time in
      let outcome = outcomes.indices.contains(index) ? outcomes[index] : .served
      return RunFixture.sample(
        RunFixture.reload, index + 2, milliseconds: time, outcome: outcome,
        reason: outcome == .served ? nil : "it \(outcome.rawValue)")
    }
    return StoredRun(
      record: RunFixture.record(cells: [RunFixture.reload], iterations: milliseconds.count),
      samples: milliseconds.isEmpty ? [] : [warmup] + samples)
  }

  static let one = run([500])
  static let failing = run(
    [500, 60_000, 0, 700], outcomes: [.served, .timedOut, .failed, .served])
  /// Six with their two smallest and two largest alike: the interval of the median reaches from 0.5 to 0.7 s.
  static let six = run([500, 500, 600, 600, 700, 700])
  static let timeOuts = run([60_000, 60_000], outcomes: [.timedOut, .timedOut])

  /// Two replicas, a link, two developers, a trial in which an edit was lost.
  static func remote() -> StoredRun {
    let cell = Cell(
      workflow: .remoteCluster, path: .sync, variant: "restart", edit: "message", link: "lte",
      developers: 2)
    var run = run([500, 700])
    run.record.cells = [.init(cell: cell, warmups: 1, iterations: 1)]
    for index in run.samples.indices {
      run.samples[index].cell = cell
      run.samples[index].replicas = 2
      run.samples[index].replicasServed = 2
      run.samples[index].allServed = run.samples[index].duration + .milliseconds(100)
      run.samples[index].phases[0].traffic = Traffic(up: 1_000, down: 20)
    }
    run.trials = [
      FaultTrial(
        cell: cell, spans: [FaultSpan(link: "offline", from: .seconds(1), to: .seconds(2))],
        edits: [FaultEdit(token: "t", savedAt: .seconds(1), outcome: .lost, servedAt: nil)])
    ]
    return run
  }
}
