import Clock
import Foundation
import Measurement
import ResultStore

/// A directory that is gone when the last reference is.
final class TemporaryDirectory: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "devbench-store-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      print("\(path) stays: \(error)")
    }
  }

  func file(_ name: String = "results.sqlite") -> String { path + "/" + name }
}

/// Values that tests store; each parameter is what some test varies.
enum Fixture {
  static let reload = Cell(workflow: .localNative, path: .reload, edit: "message")
  static let restart = Cell(workflow: .localNative, path: .restart, edit: "message")

  static let environment = Environment(
    host: "bench", system: "Debian GNU/Linux 12 (bookworm)", kernel: "Linux 6.1.0",
    architecture: "x86_64", processor: "AMD EPYC", cores: 2, memoryBytes: 8_123_456_789,
    loadBefore: [0.25, 0.1, 1.0 / 3], tools: [.init(name: "python3", version: "3.11.2")],
    appCommit: "0f3c2ab-dirty")

  static func date(_ seconds: Double) -> Date { Date(timeIntervalSince1970: seconds) }

  static func run(
    id: String = "20261121-031500-9f3c", startedAt: Date = date(1_795_231_200.123),
    status: RunRecord.Status = .running, seed: UInt64 = 7, owner: String = "1:2:boot",
    environment: Environment = environment, text: String = "name: flask-hello\n",
    cells: [Cell] = [reload, restart]
  ) -> RunRecord {
    RunRecord(
      id: id, scenario: "flask-hello", scenarioText: text,
      scenarioDigest: "digest of \(text.utf8.count) bytes", startedAt: startedAt, status: status,
      seed: seed, order: "interleaved", devbenchVersion: "0.1.0", environment: environment,
      cells: cells.map { .init(cell: $0, warmups: 2, iterations: 10) }, owner: owner)
  }

  static func sample(
    _ iteration: Int = 1, cell: Cell = reload, isWarmup: Bool = false,
    outcome: Outcome = .served, reason: String? = nil, milliseconds: Int64 = 1200,
    bracket: Bracket? = nil
  ) -> Sample {
    let duration = Duration.milliseconds(milliseconds)
    let phases = [
      Phase(name: "detect", duration: duration / 4),
      Phase(name: "reload", duration: duration / 2),
      Phase(name: Phase.unattributed, duration: duration / 4),
    ]
    return Sample(
      cell: cell, iteration: iteration, isWarmup: isWarmup, block: iteration,
      token: "devbench-\(iteration)", savedAt: MonotonicInstant(nanoseconds: 123_456_789_012),
      savedOn: date(1_795_231_201.5), outcome: outcome, reason: reason, duration: duration,
      bracket: bracket, phases: phases, probes: 240)
  }

  /// A trial with everything that one can have.
  static func experiment(
    _ number: Int = 1, _ experiment: Experiment = .recovery, cell: Cell = reload,
    outcome: TrialOutcome = .completed
  ) -> ExperimentTrial {
    ExperimentTrial(
      experiment, of: cell, condition: "process-killed", number: number,
      startedOn: date(1_795_231_202.25), outcome: outcome,
      reason: outcome == .completed ? nil : "it \(outcome.rawValue)",
      duration: .nanoseconds(1_000_000_007),
      bracket: Bracket(low: .seconds(1), high: .nanoseconds(1_000_000_007), lastOld: .seconds(1)),
      phases: [
        Phase(name: "notice", duration: .seconds(1), traffic: Traffic(up: 7, down: .max)),
        Phase(name: Phase.unattributed, duration: .nanoseconds(7)),
      ],
      figures: [
        Figure("memory", 1.0 / 3, .bytes, source: "cgroup memory.current"),
        Figure("clock offset", -1e-9, .seconds, source: "RFC 5905"),
      ],
      facts: [TrialFact("hand", "none"), TrialFact("LANG", "C", group: "environment")],
      notes: ["it was gone\nand came back"])
  }

  /// A closed database with one finished run of two cells, four outcomes among its samples.
  static func filled(_ path: String) throws -> StoredRun {
    let store = try ResultStore.open(path: path)
    let record = run()
    try store.insert(run: record)
    var samples: [Sample] = []
    for iteration in 1...8 {
      for cell in [reload, restart] {
        let outcome = iteration < 5 ? .served : Outcome.allCases[iteration - 5]
        samples.append(
          sample(
            iteration, cell: cell, isWarmup: iteration < 3, outcome: outcome,
            reason: outcome == .served ? nil : "it \(outcome.rawValue)",
            milliseconds: Int64(400 * iteration)))
      }
    }
    for sample in samples {
      try store.insert(sample: sample, run: record.id)
    }
    let finishedAt = record.startedAt + 60
    try store.finish(run: record.id, status: .finished, at: finishedAt, loadAfter: [1, 2, 3])
    let stored = try store.storedRun(id: record.id)
    try store.close()
    return stored
  }
}
