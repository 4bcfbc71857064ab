import Clock
import Foundation
import Measurement
import ResultStore
import Statistics

/// Runs that could have been measured, drawn from a seed: every outcome, hostile text, replicas, links, trials of
/// faults, and integers that a Double would round.
struct RandomRun {
  private var generator: SeededGenerator

  static func make(seed: UInt64) -> StoredRun {
    var maker = RandomRun(generator: SeededGenerator(seed: seed))
    return maker.run(id: "20261121-031500-\(seed)")
  }

  /// In place of SHA-256.
  static func digest(_ text: String) -> String {
    let hash = text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3
    }
    return String(hash, radix: 16)
  }

  private mutating func below(_ bound: Int) -> Int { Int(generator.uniform(below: UInt64(bound))) }
  private mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
  private mutating func pick<Value>(_ values: [Value]) -> Value { values[below(values.count)] }

  private mutating func maybe<Value>(_ make: (inout RandomRun) -> Value) -> Value? {
    chance(50) ? make(&self) : nil
  }

  /// A NUL has been made visible by whoever stored it.
  private mutating func text() -> String {
    let text = chance(40) ? pick(Hostile.texts) : pick(["message", "é\u{301}", "日本語", "", " a "])
    return text.replacing("\0", with: "␀")
  }

  /// Nanoseconds or bytes, often more than 2⁵³.
  private mutating func large() -> Int64 {
    chance(30)
      ? Int64(truncatingIfNeeded: generator.next() >> 1) : Int64(below(2_000_000_000))
  }

  private mutating func moment() -> Date {
    Date(timeIntervalSince1970: Double(1_700_000_000_000 + below(200_000_000_000)) / 1000)
  }

  private mutating func run(id: String) -> StoredRun {
    let links = (0..<below(3)).map { "link \($0) " + text() }
    var cells: [RunRecord.PlannedCell] = []
    for index in 0..<below(5) {
      let cell = Cell(
        workflow: pick(WorkflowKind.allCases), path: pick(UpdatePath.allCases),
        variant: pick(["", "restart", "plain_2.0"]), edit: "\(index) " + text(),
        link: links.isEmpty || chance(50) ? "" : pick(links), developers: 1 + below(3))
      cells.append(.init(cell: cell, warmups: below(3), iterations: below(10)))
    }
    let status = pick(RunRecord.Status.allCases)
    let isOpen = status == .running || status == .abandoned
    let scenarioText = "name: " + text()
    let facts = links.map { name in
      LinkFacts(
        name: name, roundTrip: .nanoseconds(large()), jitter: .nanoseconds(large()),
        up: maybe { Int($0.large()) }, down: maybe { Int($0.large()) })
    }
    let record = RunRecord(
      id: id, scenario: text(), scenarioText: scenarioText,
      scenarioDigest: Self.digest(scenarioText), startedAt: moment(),
      finishedAt: isOpen ? nil : moment(), status: status, statusReason: maybe { $0.text() },
      seed: generator.next(), order: pick(["interleaved", "sequential"]), devbenchVersion: text(),
      environment: environment(isOpen: isOpen), cells: cells, links: facts, owner: text(),
      purpose: pick(RunRecord.Purpose.allCases), twin: maybe { $0.text() })
    let samples = cells.isEmpty ? [] : (0..<below(20)).map { _ in sample(pick(cells).cell) }
    let trials = cells.isEmpty ? [] : (0..<below(3)).map { _ in trial(pick(cells).cell) }
    let experiments = cells.isEmpty ? [] : (0..<below(4)).map { _ in experiment(pick(cells).cell) }
    return StoredRun(
      record: record, samples: samples, trials: trials, experiments: experiments,
      judgements: judgements(of: record))
  }

  private mutating func environment(isOpen: Bool) -> Environment {
    Environment(
      host: text(), system: text(), kernel: text(), architecture: text(), processor: text(),
      cores: below(256), memoryBytes: large(), loadBefore: [generator.unit(), 1.0 / 3, 1e-9],
      loadAfter: isOpen ? nil : maybe { [$0.generator.unit() * 64, 0, .leastNonzeroMagnitude] },
      tools: (0..<below(3)).map { _ in .init(name: text(), version: text()) },
      appCommit: maybe { $0.text() }, appBranch: maybe { $0.text() })
  }

  private mutating func sample(_ cell: Cell) -> Sample {
    let phases = (0..<below(4)).map { _ in
      Phase(
        name: text(), duration: .nanoseconds(large() / 4),
        traffic: maybe { Traffic(up: Int($0.large()), down: Int($0.large())) })
    }
    let duration = phases.reduce(Duration.zero) { $0 + $1.duration }
    var sample = Sample(
      cell: cell, developer: 1 + below(cell.developers), iteration: 1 + below(1_000),
      isWarmup: chance(20), block: below(100) - 1, token: text(),
      savedAt: MonotonicInstant(nanoseconds: large()), savedOn: moment(),
      outcome: pick(Outcome.allCases), reason: maybe { $0.text() }, duration: duration,
      bracket: nil, phases: phases, probes: below(1_000))
    if sample.outcome != .timedOut {
      sample.bracket = Bracket(
        low: .nanoseconds(duration.wholeNanoseconds / Int64(1 + below(9))), high: duration,
        lastOld: maybe { .nanoseconds($0.large()) })
    }
    if chance(40) {
      sample.replicas = 2 + below(3)
      sample.replicasServed = maybe { $0.below(3) }
      sample.allServed = maybe { .nanoseconds($0.large()) }
    }
    return sample
  }

  private mutating func experiment(_ cell: Cell) -> ExperimentTrial {
    var trial = ExperimentTrial(
      pick(Experiment.allCases), of: cell, condition: text(), number: 1 + below(9),
      startedOn: moment(), outcome: pick(TrialOutcome.allCases), reason: maybe { $0.text() },
      duration: maybe { .nanoseconds($0.large()) })
    if chance(50) {
      trial.phases = (0..<1 + below(3)).map { _ in
        Phase(
          name: text(), duration: .nanoseconds(large() / 4),
          traffic: maybe { Traffic(up: Int($0.large()), down: Int($0.large())) })
      }
      trial.duration = trial.phases.reduce(Duration.zero) { $0 + $1.duration }
    }
    if chance(50) {
      let low = large() / 2
      trial.bracket = Bracket(
        low: .nanoseconds(low), high: .nanoseconds(low + large() / 2),
        lastOld: maybe { .nanoseconds($0.large()) })
    }
    trial.figures = (0..<below(4)).map { _ in
      let unit = pick(Figure.Unit.allCases)
      let own: [Double] =
        switch unit {
        case .seconds: [-1e-9, -0.25, 3e10]
        case .bytes, .count: [9_007_199_254_740_992]
        case .secondsPerMinute: [59.999_999_999_9]
        case .share: [1, 0.1 + 0.2]
        }
      return Figure(
        text(), pick([generator.unit(), 1.0 / 3, 0, .leastNonzeroMagnitude] + own), unit,
        source: text())
    }
    trial.facts = (0..<below(5)).map { _ in TrialFact(text(), text(), group: text()) }
    trial.notes = (0..<below(3)).map { _ in text() }
    return trial
  }

  /// As the database has them: calibrations by the bytes of names, no blessing twice.
  private mutating func judgements(of run: RunRecord) -> RunJudgements {
    var judgements = RunJudgements()
    for planned in run.cells where chance(40) {
      judgements.calibrations.append(
        StoredCalibration(
          run: run.id, cell: planned.cell.name, comparability: text(), iterations: 1 + below(99),
          comparisons: 2_000, falseAlarms: below(2_001),
          noise: pick([generator.unit(), 1.0 / 3, .infinity]),
          detectable: maybe { $0.generator.unit() }))
    }
    judgements.calibrations.sort { $0.cell.utf8.lexicographicallyPrecedes($1.cell.utf8) }
    for number in 0..<(run.cells.isEmpty ? 0 : below(3)) {
      judgements.blessings.append(
        Blessing(
          scenario: run.scenario, cell: pick(run.cells).cell.name, run: run.id,
          why: "\(number) " + text(), blessedAt: moment(), takenBackAt: maybe { $0.moment() }))
    }
    return judgements
  }

  private mutating func trial(_ cell: Cell) -> FaultTrial {
    let spans = (0..<below(3)).map { _ in
      let from = large() / 2
      return FaultSpan(
        link: text(), from: .nanoseconds(from), to: .nanoseconds(from + large() / 2))
    }
    let edits = (0..<below(4)).map { _ in
      let outcome = pick(FaultOutcome.allCases)
      return FaultEdit(
        token: text(), savedAt: .nanoseconds(large()), outcome: outcome,
        servedAt: outcome == .served ? .nanoseconds(large()) : nil)
    }
    return FaultTrial(
      cell: cell, spans: spans, edits: edits, difference: maybe { $0.text() },
      notes: (0..<below(3)).map { _ in text() })
  }
}
