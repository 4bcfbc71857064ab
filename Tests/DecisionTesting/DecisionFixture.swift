import Clock
package import Foundation
package import Measurement
package import ResultStore

/// Stored runs from which a decision can be made: nothing of them is drawn.
package enum DecisionFixture {
  package static let native = Cell(workflow: .localNative, path: .reload, edit: "message")
  package static let slowNative = Cell(workflow: .localNative, path: .restart, edit: "message")
  package static let local = Cell(workflow: .localCluster, path: .sync, edit: "message")
  package static let remote = Cell(
    workflow: .remoteCluster, path: .sync, edit: "message", link: "lan")
  package static let crowded = Cell(
    workflow: .remoteCluster, path: .sync, edit: "message", link: "lan", developers: 4)
  /// 2026-11-21 03:15:00 UTC.
  package static let startedAt = Date(timeIntervalSince1970: 1_795_230_900)

  /// Around 200 ms, with a spread of two in a hundred.
  package static let steady: [Int64] = [200, 199, 201, 202, 198, 203, 197, 204, 196, 200]

  package static func times(_ factor: Double) -> [Int64] {
    steady.map { Int64((Double($0) * factor).rounded()) }
  }

  package static func cell(_ workflow: WorkflowKind) -> Cell {
    switch workflow {
    case .localNative: native
    case .localCluster: local
    case .remoteCluster: remote
    }
  }

  package static func record(
    _ id: String, cells: [Cell], scenario: String = "shop", days: Double = 0,
    kernel: String = "Linux 6.12.0", host: String = "box",
    status: RunRecord.Status = .finished, purpose: RunRecord.Purpose = .measurement
  ) -> RunRecord {
    RunRecord(
      id: id, scenario: scenario, scenarioText: "name: \(scenario)\n",
      scenarioDigest: String(repeating: scenario == "shop" ? "ab" : "cd", count: 32),
      startedAt: startedAt + days * 86_400, finishedAt: startedAt + days * 86_400 + 60,
      status: status, seed: 42, order: "interleaved", devbenchVersion: "0.1.0",
      environment: Environment(
        host: host, system: "Debian GNU/Linux 12", kernel: kernel, architecture: "x86_64",
        processor: "Example CPU", cores: 2, memoryBytes: 16_000_000_000, loadBefore: [0, 0, 0]),
      cells: cells.map { .init(cell: $0, warmups: 1, iterations: 10) },
      links: cells.contains { !$0.link.isEmpty }
        ? [LinkFacts(name: "lan", roundTrip: .milliseconds(1))] : [],
      owner: "1:2:3", purpose: purpose)
  }

  /// Samples of each cell; a time below 0 is an edit that was given up on after so long.
  package static func loop(
    _ id: String, _ takes: [(cell: Cell, milliseconds: [Int64])],
    scenario: String = "shop",
    days: Double = 0, kernel: String = "Linux 6.12.0", host: String = "box",
    status: RunRecord.Status = .finished
  ) -> StoredRun {
    let samples = takes.flatMap { cell, times in
      // A warm-up that would change everything.
      [sample(cell, 1, 90_000, isWarmup: true)]
        + times.enumerated().map { sample(cell, $0 + 2, $1, isWarmup: false) }
    }
    return StoredRun(
      record: record(
        id, cells: takes.map(\.cell), scenario: scenario, days: days, kernel: kernel, host: host,
        status: status), samples: samples)
  }

  package static func loop(
    _ takes: [(cell: Cell, milliseconds: [Int64])], scenario: String = "shop"
  ) -> StoredRun {
    loop("loop", takes, scenario: scenario)
  }

  package static func trials(
    _ trials: [ExperimentTrial], scenario: String = "shop"
  ) -> StoredRun {
    self.trials("tried", trials, scenario: scenario)
  }

  private static func sample(
    _ cell: Cell, _ iteration: Int, _ milliseconds: Int64, isWarmup: Bool
  ) -> Sample {
    let duration = Duration.milliseconds(abs(milliseconds))
    let traffic = cell.link.isEmpty ? nil : Traffic(up: 1_000 + iteration, down: 200)
    return Sample(
      cell: cell, iteration: iteration, isWarmup: isWarmup, block: iteration,
      token: "t\(iteration)", savedAt: MonotonicInstant(nanoseconds: Int64(iteration) * 1_000_000),
      savedOn: startedAt, outcome: milliseconds < 0 ? .timedOut : .served,
      reason: milliseconds < 0 ? "late" : nil, duration: duration, bracket: nil,
      phases: [Phase(name: "transfer", duration: duration, traffic: traffic)], probes: 3)
  }

  package static func trials(
    _ id: String, _ trials: [ExperimentTrial], scenario: String = "shop",
    days: Double = 0.5, kernel: String = "Linux 6.12.0",
    status: RunRecord.Status = .finished, system: String? = nil
  ) -> StoredRun {
    var cells: [Cell] = []
    for trial in trials where !cells.contains(trial.cell) { cells.append(trial.cell) }
    var run = record(
      id, cells: cells, scenario: scenario, days: days, kernel: kernel, status: status,
      purpose: .experiment)
    if let system {
      run.environment = Environment(
        host: "box", system: system, kernel: kernel, architecture: "x86_64",
        processor: "Example CPU", cores: 2, memoryBytes: 16_000_000_000, loadBefore: [0, 0, 0])
    }
    return StoredRun(record: run, samples: [], experiments: trials)
  }

  package static func trial(
    _ experiment: Experiment, _ workflow: WorkflowKind, _ condition: String, number: Int = 1,
    seconds: Double? = nil, outcome: TrialOutcome = .completed, reason: String? = nil,
    figures: [Figure] = [], facts: [TrialFact] = [], notes: [String] = [], width: Double? = nil
  ) -> ExperimentTrial {
    func duration(_ seconds: Double) -> Duration { .nanoseconds(Int64((seconds * 1e9).rounded())) }
    return ExperimentTrial(
      experiment, of: cell(workflow), condition: condition, number: number, startedOn: startedAt,
      outcome: outcome, reason: reason, duration: seconds.map(duration),
      bracket: width.map {
        Bracket(low: duration((seconds ?? 0) - $0), high: duration(seconds ?? 0), lastOld: nil)
      }, figures: figures, facts: facts, notes: notes)
  }

  /// A fault that was made, and what a person had to do.
  package static func recovery(
    _ workflow: WorkflowKind, _ condition: String = "process-killed", number: Int = 1,
    seconds: Double? = 1, outcome: TrialOutcome = .completed, hand: String = "none",
    meanwhile: String = "served", notes: [String] = [], width: Double? = nil
  ) -> ExperimentTrial {
    trial(
      .recovery, workflow, condition, number: number, seconds: seconds, outcome: outcome,
      reason: outcome == .completed ? nil : "it never came back",
      facts: [TrialFact("hand", hand), TrialFact("edit made meanwhile", meanwhile)], notes: notes,
      width: width)
  }

  /// Edits that were saved while the link was down, or where `down` is 0 for as long without one.
  package static func offline(
    _ workflow: WorkflowKind, saved: Double, meanwhile: Double, afterwards: Double = 0,
    lost: Double = 0, down: Double = 5, number: Int = 1, outcome: TrialOutcome = .completed
  ) -> ExperimentTrial {
    trial(
      .offline, workflow, "link-down", number: number, outcome: outcome,
      reason: outcome == .completed ? nil : "in the end the files differ",
      figures: [
        ("edits saved", saved), ("edits served meanwhile", meanwhile),
        ("edits served afterwards", afterwards), ("edits lost", lost),
      ].map { Figure($0.0, $0.1, .count, source: "the trial") } + [
        Figure("time down", down, .seconds, source: "the clock")
      ])
  }

  /// Everything of all workflows: native is fast and unlike the reference, the local cluster takes memory, the
  /// remote one is slow and the reference.
  ///
  /// - Parameter text: what every text from outside says.
  package static func everything(_ text: String = "plain", scenario: String = "shop") -> [StoredRun]
  {
    let loops = loop(
      [
        (native, times(1)), (slowNative, times(3)), (local, times(2)), (remote, times(4)),
        (crowded, times(4.4)),
      ].map { (cell: $0.0, milliseconds: $0.1) }, scenario: scenario)
    return [loops, trials(WorkflowKind.allCases.flatMap { all(of: $0, text) }, scenario: scenario)]
  }

  private static func all(of workflow: WorkflowKind, _ text: String) -> [ExperimentTrial] {
    let place = Double(WorkflowKind.allCases.firstIndex(of: workflow) ?? 0)
    func figure(_ name: String, _ value: Double, _ unit: Figure.Unit) -> Figure {
      Figure(name, value, unit, source: text)
    }
    var trials: [ExperimentTrial] = []
    for number in 1...3 {
      let spread = Double(number) / 100
      trials.append(
        trial(
          .setUp, workflow, "cold", number: number, seconds: 10 * (place + 1) + spread,
          facts: ["python3", "podman", "kubectl"].prefix(Int(place) + 1).map {
            TrialFact($0, text, group: "tools")
          }))
      trials.append(
        trial(.setUp, workflow, "warm", number: number, seconds: place + 1 + spread))
      trials.append(
        trial(
          .footprint, workflow, "idle", number: number, seconds: 60,
          figures: [
            figure("memory", 1e9 * (place + 1), .bytes),
            figure("disk occupied", 1e9 * (place + 1), .bytes),
            figure("CPU", 0.5 * (place + 1), .secondsPerMinute),
          ]))
      trials.append(
        trial(
          .footprint, workflow, "loop", number: number, seconds: 60,
          figures: [
            figure("memory", 2e9 * (place + 1) + spread, .bytes),
            figure("CPU per edit", 0.1 * (place + 1), .seconds),
          ]))
      for condition in ["process-killed", "container-killed"] {
        trials.append(
          trial(
            .recovery, workflow, condition, number: number, seconds: place + 0.5 + spread,
            facts: [
              TrialFact("hand", workflow == .localNative && number == 1 ? text : "none"),
              TrialFact("edit made meanwhile", number == 3 ? "lost" : "served"),
            ]))
      }
      trials.append(
        trial(
          .breakFix, workflow, "syntax", number: number, seconds: place + 0.4 + spread,
          facts: [TrialFact("seen in", "log"), TrialFact("stuck", "no")]))
    }
    trials.append(
      trial(
        .reproducibility, workflow, "twice",
        figures: [
          figure("facts equal", 1, .share), figure("files equal", place == 0 ? 0.9 : 1, .share),
        ], facts: [TrialFact("image", place == 0 ? text : "same")]))
    trials.append(trial(.parity, workflow, "facts", seconds: 1, facts: facts(of: workflow, text)))
    let isRemote = workflow == .remoteCluster
    for number in 1...2 {
      trials.append(
        trial(
          .offline, workflow, "link-down", number: number, seconds: isRemote ? 3 : nil,
          figures: [
            figure("edits saved", 4, .count),
            figure("edits served meanwhile", isRemote ? 1 : 3, .count),
            figure("edits served afterwards", isRemote ? 3 : 1, .count),
            figure("edits lost", 0, .count), figure("time down", isRemote ? 5 : 0, .seconds),
          ] + (isRemote ? [] : [figure("bytes sent by this machine", 2_000, .bytes)])))
    }
    return trials
  }

  /// Four facts, of which native shares one with the remote, and the local cluster three.
  private static func facts(of workflow: WorkflowKind, _ text: String) -> [TrialFact] {
    let isNative = workflow == .localNative
    return [
      TrialFact("architecture", "x86_64", group: "system"),
      TrialFact("version", isNative ? "3.12 \(text)" : "3.11", group: "runtime"),
      TrialFact("flask", isNative ? "3.1" : "2.2", group: "packages"),
      TrialFact(
        "zone", workflow == .remoteCluster ? "UTC" : "Europe/Berlin", group: "time"),
    ]
  }
}
