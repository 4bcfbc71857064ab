import Clock
import Foundation
import GRDB
import Measurement
import ResultStore
import Testing

@Suite("Trials of experiments in the database")
struct ExperimentTrialTests {
  let directory: TemporaryDirectory
  let store: ResultStore

  init() throws {
    directory = try TemporaryDirectory()
    store = try ResultStore.open(path: directory.file())
  }

  static let trials: [ExperimentTrial] = {
    var bare = Fixture.experiment()
    (bare.duration, bare.bracket) = (nil, nil)
    (bare.phases, bare.figures, bare.facts, bare.notes) = ([], [], [], [])
    var untimed = Fixture.experiment()
    (untimed.duration, untimed.bracket, untimed.phases) = (nil, nil, [])
    var whole = Fixture.experiment()
    whole.phases = []
    var unseen = Fixture.experiment()
    unseen.bracket?.lastOld = nil
    var wide = Fixture.experiment()
    wide.condition = "ünï 🐘 'quoted'; DROP TABLE experimentTrial; --"
    wide.reason = "\u{1B}[31mTraceback\u{1B}[0m\nline two"
    wide.figures = Figure.Unit.allCases.map {
      Figure("e\u{301} \($0.rawValue)", $0 == .bytes ? 1.7e308 : -0.1, $0, source: "")
    }
    wide.figures += [
      Figure("the least", .leastNonzeroMagnitude, .seconds, source: "s"),
      Figure("a third", 1.0 / 3, .share, source: "s"), Figure("none", 0, .count, source: "s"),
    ]
    wide.facts = [
      // The same name twice, as facts that couldn't be told for two reasons have.
      TrialFact("a", "1", group: "unknown packages"),
      TrialFact("a", "2", group: "unknown packages"),
      TrialFact("", "", group: ""), TrialFact("日本語", "x\ty\\n", group: "environment"),
    ]
    wide.facts += (0..<400).map { TrialFact("package \($0)", "1.\($0)", group: "packages") }
    return [bare, untimed, whole, unseen, wide]
      + Experiment.allCases.map { Fixture.experiment(7, $0) }
      + TrialOutcome.allCases.map { Fixture.experiment(outcome: $0) }
  }()

  @Test("a trial comes back as it was", arguments: trials)
  func comesBack(trial: ExperimentTrial) throws {
    var run = Fixture.run()
    run.purpose = .experiment
    try store.insert(run: run)
    try store.insert(experiment: trial, run: run.id)
    let stored = try ResultStore.openForReading(path: directory.file()).storedRun(id: run.id)
    #expect(stored == StoredRun(record: run, samples: [], experiments: [trial]))
  }

  @Test("trials come in the order in which they were made, each with its parts, beside samples")
  func order() throws {
    for id in ["a", "b"] { try store.insert(run: Fixture.run(id: id)) }
    let trials = (1...9).map { number in
      var trial = Fixture.experiment(
        number, number.isMultiple(of: 2) ? .offline : .breakFix,
        cell: number.isMultiple(of: 3) ? Fixture.reload : Fixture.restart)
      trial.notes = (0..<number).map { "\(number) \($0)" }
      return trial
    }
    for trial in trials {
      try store.insert(experiment: trial, run: "a")
      try store.insert(experiment: Fixture.experiment(), run: "b")
      try store.insert(sample: Fixture.sample(trial.number), run: "a")
    }
    let stored = try store.storedRun(id: "a")
    #expect(stored.experiments == trials)
    #expect(stored.samples.count == 9)
    #expect(try store.storedRun(id: "b").experiments.count == 9)
  }

  @Test("a NUL in any text becomes visible")
  func nul() throws {
    let run = Fixture.run()
    try store.insert(run: run)
    var trial = Fixture.experiment(outcome: .failed)
    (trial.condition, trial.reason, trial.notes) = ("a\0b", "\0", ["x\0"])
    trial.phases = [Phase(name: "p\0", duration: .nanoseconds(1_000_000_007))]
    trial.figures = [Figure("f\0", 1, .count, source: "\0s")]
    trial.facts = [TrialFact("n\0", "v\0", group: "g\0")]
    try store.insert(experiment: trial, run: run.id)
    let stored = try #require(try store.storedRun(id: run.id).experiments.first)
    #expect(stored.condition == "a␀b" && stored.reason == "␀" && stored.notes == ["x␀"])
    #expect(stored.phases[0].name == "p␀")
    #expect(stored.figures == [Figure("f␀", 1, .count, source: "␀s")])
    #expect(stored.facts == [TrialFact("n␀", "v␀", group: "g␀")])
  }

  static let refused: [(String, @Sendable (inout ExperimentTrial) -> Void)] = [
    ("add up to 1000000000 ns, and the trial has 1000000007 ns", { $0.phases.removeLast() }),
    ("add up to 1000000007 ns, and the trial has no duration", { $0.duration = nil }),
    ("figure memory", { $0.figures[0].value = .infinity }),
    ("figure clock offset", { $0.figures[1].value = .nan }),
    ("cell", { $0.cell.edit = "another" }),
  ]

  @Test(
    "what breaks an invariant is refused, and nothing of it is stored", arguments: refused.indices)
  func refusals(index: Int) throws {
    let run = Fixture.run()
    try store.insert(run: run)
    var trial = Fixture.experiment()
    Self.refused[index].1(&trial)
    let error = #expect(throws: StoreError.self) {
      try store.insert(experiment: trial, run: run.id)
    }
    guard case .refused(_, let detail) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(detail.contains(Self.refused[index].0), "\(detail)")
    let raw = try DatabaseQueue(path: directory.file())
    let rows = try raw.read { db in
      try Int.fetchOne(
        db,
        sql:
          "SELECT (SELECT COUNT(*) FROM experimentTrial) + (SELECT COUNT(*) FROM experimentPhase)"
      )
    }
    #expect(rows == 0)
  }

  static let settled: [(Int?, [(String, Int)], Int?, [(String, Int)])] = [
    (nil, [], nil, []), (5, [], 5, []), (nil, [("a", 2), ("b", 1)], 3, [("a", 2), ("b", 1)]),
    (3, [("a", 3)], 3, [("a", 3)]), (5, [("a", 3)], 5, [("a", 3), ("unattributed", 2)]),
    (5, [("a", 1), ("unattributed", 1)], 5, [("a", 1), ("unattributed", 4)]),
  ]

  @Test("what no phase of a trial explains is unattributed", arguments: settled.indices)
  func settles(index: Int) {
    let (before, phases, after, settled) = Self.settled[index]
    func phase(_ part: (String, Int)) -> Phase {
      Phase(name: part.0, duration: .nanoseconds(part.1))
    }
    var trial = Fixture.experiment()
    trial.duration = before.map { .nanoseconds($0) }
    trial.phases = phases.map(phase)
    trial.settlePhases()
    #expect(trial.duration == after.map { .nanoseconds($0) })
    #expect(trial.phases == settled.map(phase))
  }

  @Test("the list of runs says what a run holds of each experiment")
  func listing() throws {
    for id in ["a", "b"] { try store.insert(run: Fixture.run(id: id)) }
    for (experiment, outcome) in [
      (.recovery, .completed), (.parity, .notPossible), (.recovery, .failed),
    ] as [(Experiment, TrialOutcome)] {
      try store.insert(experiment: Fixture.experiment(1, experiment, outcome: outcome), run: "a")
    }
    let listings = try store.listings(limit: 9)
    #expect(listings.map(\.id) == ["b", "a"])
    #expect(
      listings.map(\.experiments) == [
        [], [.init(.recovery, trials: 2, completed: 1), .init(.parity, trials: 1, completed: 0)],
      ])
  }

  @Test(
    "only what the app or the workflow failed at counts as failed",
    arguments: zip(TrialOutcome.allCases, [0, 1, 1, 0]))
  func failed(outcome: TrialOutcome, count: Int) {
    let run = StoredRun(
      record: Fixture.run(), samples: [], experiments: [Fixture.experiment(outcome: outcome)])
    #expect(run.failedExperiments == count && run.unserved == 0)
  }

  @Test("a database of a version without experiments is read as it is, and upgraded by a writer")
  func older() throws {
    let run = Fixture.run()
    try store.insert(run: run)
    try store.insert(sample: Fixture.sample(), run: run.id)
    let before = try store.storedRun(id: run.id)
    try store.close()
    let raw = try DatabaseQueue(path: directory.file())
    try raw.write { db in
      for table in ["Note", "Fact", "Figure", "Phase", "Trial"] {
        try db.execute(sql: "DROP TABLE experiment\(table)")
      }
      try db.execute(sql: "DELETE FROM grdb_migrations WHERE identifier = 'v8'")
    }
    try raw.close()
    let reading = try ResultStore.openForReading(path: directory.file())
    #expect(try reading.storedRun(id: run.id) == before)
    #expect(try reading.listings(limit: 1).map(\.experiments) == [[]])
    let writing = try ResultStore.open(path: directory.file())
    try writing.insert(experiment: Fixture.experiment(), run: run.id)
    #expect(try writing.storedRun(id: run.id).experiments == [Fixture.experiment()])
    #expect(try writing.storedRun(id: run.id).samples == before.samples)
  }
}
