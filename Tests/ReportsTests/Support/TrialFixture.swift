import Clock
import Foundation
import Measurement
import ResultStore

/// Runs of experiments for tests.
enum TrialFixture {
  static let native = Cell(workflow: .localNative, path: .reload, edit: "message")
  static let local = Cell(workflow: .localCluster, path: .sync, edit: "message")
  static let remote = Cell(workflow: .remoteCluster, path: .sync, edit: "message", link: "lte")

  static func trial(
    _ experiment: Experiment, _ cell: Cell = native, _ condition: String = "process-killed",
    _ number: Int = 1, milliseconds: Int64? = nil, outcome: TrialOutcome = .completed,
    reason: String? = nil, figures: [Figure] = [], facts: [TrialFact] = []
  ) -> ExperimentTrial {
    var trial = ExperimentTrial(
      experiment, of: cell, condition: condition, number: number,
      startedOn: RunFixture.startedAt.addingTimeInterval(Double(number)), outcome: outcome,
      reason: reason, duration: milliseconds.map { .milliseconds($0) }, figures: figures,
      facts: facts)
    if let milliseconds {
      trial.phases = [
        Phase(name: "notice", duration: .milliseconds(milliseconds / 4)),
        Phase(
          name: Phase.unattributed, duration: .milliseconds(milliseconds - milliseconds / 4)),
      ]
      if cell.workflow == .remoteCluster {
        for index in trial.phases.indices {
          trial.phases[index].traffic = Traffic(up: 1_200 * number, down: 34)
        }
      }
    }
    return trial
  }

  static func run(_ trials: [ExperimentTrial], status: RunRecord.Status = .finished) -> StoredRun {
    var record = RunFixture.record(cells: [native, local, remote], iterations: 0, status: status)
    for index in record.cells.indices { record.cells[index].warmups = 0 }
    record.purpose = .experiment
    return StoredRun(record: record, samples: [], experiments: trials)
  }

  static let memory = "cgroup memory.current of the container"

  /// Of everything some.
  static let everything: StoredRun = {
    var trials: [ExperimentTrial] = []
    for (index, time) in ([410, 380, 520, 390, 450, 405, 397] as [Int64]).enumerated() {
      trials.append(
        trial(
          .recovery, native, "process-killed", index + 1, milliseconds: time,
          facts: [TrialFact("hand", "none"), TrialFact("edit made meanwhile", "served")]))
    }
    trials.append(
      trial(
        .recovery, native, "process-killed", 8, milliseconds: 60_000, outcome: .timedOut,
        reason: "not served within 60 s; the app's last lines:\nTraceback\nboom",
        facts: [TrialFact("hand", "it had to be started again")]))
    for number in 1...3 {
      trials.append(
        trial(.recovery, remote, "link-cut", number, milliseconds: Int64(900 + number * 10)))
      trials.append(
        trial(
          .recovery, native, "container-killed", number, outcome: .notPossible,
          reason: "local-native has no container"))
      trials.append(
        trial(
          .footprint, local, "idle", number, milliseconds: 20_000,
          figures: [
            Figure("memory", 31e6 + Double(number) * 1e6, .bytes, source: memory),
            Figure("CPU", 0.085, .secondsPerMinute, source: "cgroup cpu.stat"),
          ], facts: [TrialFact("requests fit", "yes")]))
    }
    let facts: [(Cell, [TrialFact])] = [
      (native, parityFacts(python: "3.11.7", package: "2.3")), (local, parityFacts()),
      (remote, parityFacts()),
    ]
    for (cell, facts) in facts {
      trials.append(trial(.parity, cell, "facts", milliseconds: 300, facts: facts))
    }
    return run(trials)
  }()

  static func parityFacts(python: String = "3.11.2", package: String = "2.2.2") -> [TrialFact] {
    [
      TrialFact("python3", python, group: "runtime"),
      TrialFact("python/flask", package, group: "packages"),
      TrialFact("python/click", "8.1.3", group: "packages"),
      TrialFact("os", "debian", group: "system"), TrialFact("release", "12", group: "system"),
      TrialFact(
        "PATH", "sha256:" + String(repeating: python.last == "7" ? "7" : "2", count: 64),
        group: "environment"),
      TrialFact("hostname", python, group: "network"),
    ]
  }
}
