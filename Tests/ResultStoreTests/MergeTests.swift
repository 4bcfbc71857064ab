import Clock
import Foundation
import GRDB
import Measurement
import ResultStore
import Testing

@Suite("Merging runs of other databases")
struct MergeTests {
  let directory: TemporaryDirectory
  let store: ResultStore

  init() throws {
    directory = try TemporaryDirectory()
    store = try ResultStore.open(path: directory.file())
  }

  static let samples = (1...8).map { number in
    Fixture.sample(
      number, cell: number < 5 ? Fixture.reload : Fixture.restart, milliseconds: Int64(number * 4))
  }
  static let trials = [
    FaultTrial(cell: Fixture.restart, spans: [], edits: [], notes: ["first"]),
    FaultTrial(cell: Fixture.reload, spans: [], edits: [], difference: "app.py"),
  ]

  static let experiments = [
    Fixture.experiment(1, cell: Fixture.restart), Fixture.experiment(2, outcome: .timedOut),
  ]

  /// As a database has the run after so many samples and trials.
  static func state(
    _ status: RunRecord.Status, samples: Int = 8, trials: Int = 2, experiments: Int = 2,
    tools: Int = 2
  ) -> StoredRun {
    var record = Fixture.run(status: status)
    record.environment.tools = Array(
      [.init(name: "python3", version: "3.11.2"), .init(name: "flask", version: "2.2")][..<tools])
    if ![.running, .abandoned].contains(status) {
      record.finishedAt = record.startedAt + 60
      record.environment.loadAfter = [1, 2, 3]
    }
    if status == .failed { record.statusReason = "the app ended" }
    if status == .abandoned { record.statusReason = "the measuring process ended without a word" }
    return StoredRun(
      record: record, samples: Array(Self.samples[..<samples]),
      trials: Array(Self.trials[..<trials]),
      experiments: Array(Self.experiments[..<experiments]))
  }

  @Test("a run that wasn't there is added whole, in its order, and found the second time")
  func addsOnce() throws {
    var run = Self.state(.finished)
    run.samples.sort { ($0.iteration % 3, $0.iteration) < ($1.iteration % 3, $1.iteration) }
    #expect(try store.merge(run) == .added)
    #expect(try store.storedRun(id: run.record.id) == run)
    #expect(try store.merge(run) == .alreadyThere)
    #expect(try store.storedRun(id: run.record.id) == run)
    #expect(try store.heads().count == 1)
  }

  struct Pair: Sendable, CustomTestStringConvertible {
    var here: StoredRun
    var there: StoredRun
    /// Nil where they are different runs.
    var result: ResultStore.Merged?
    var difference = ""

    init(_ here: StoredRun, _ there: StoredRun, _ result: ResultStore.Merged) {
      (self.here, self.there, self.result) = (here, there, result)
    }

    init(_ here: StoredRun, _ there: StoredRun, differ difference: String) {
      (self.here, self.there, self.difference) = (here, there, difference)
    }

    var testDescription: String {
      func text(_ run: StoredRun) -> String {
        "\(run.record.status.rawValue) \(run.samples.count) \(run.trials.count) "
          + "\(run.experiments.count)"
      }
      return "\(text(here)), \(text(there)): \(result.map { "\($0)" } ?? difference)"
    }

    static func changed(
      _ field: String, _ status: RunRecord.Status = .finished,
      _ change: (inout StoredRun) -> Void
    ) -> Pair {
      var there = state(status)
      change(&there)
      return Pair(state(.finished), there, differ: field)
    }
  }

  static let pairs: [Pair] = [
    // Later states complete, earlier ones change nothing.
    Pair(state(.running, samples: 0, trials: 0, tools: 0), state(.finished), .completed),
    Pair(
      state(.running, samples: 3, trials: 0), state(.interrupted, samples: 3, trials: 0), .completed
    ),
    Pair(
      state(.running, samples: 3, trials: 0), state(.running, samples: 4, trials: 0), .completed),
    Pair(state(.running), state(.failed), .completed),
    Pair(state(.running, experiments: 0), state(.running, experiments: 1), .completed),
    Pair(state(.abandoned, experiments: 1), state(.finished), .completed),
    Pair(state(.finished), state(.abandoned, experiments: 1), .alreadyThere),
    Pair(state(.running), state(.abandoned), .completed),
    Pair(state(.abandoned, samples: 5), state(.finished), .completed),
    Pair(state(.abandoned, samples: 5), state(.running), .completed),
    Pair(state(.finished), state(.running, samples: 0, trials: 0, tools: 0), .alreadyThere),
    Pair(state(.finished), state(.abandoned, samples: 5, trials: 1, tools: 1), .alreadyThere),
    Pair(state(.running, samples: 5), state(.running, samples: 4), .alreadyThere),
    Pair(state(.abandoned), state(.running), .alreadyThere),
    Pair(state(.running), state(.running), .alreadyThere),
    // A run that has ended doesn't grow, and ends once.
    Pair(state(.finished, samples: 7), state(.finished), differ: "the number of samples"),
    Pair(state(.finished, samples: 7), state(.running), differ: "the number of samples"),
    Pair(state(.running), state(.finished, trials: 1), differ: "the number of faultTrials"),
    Pair(
      state(.running, samples: 5, trials: 1), state(.running, samples: 4, trials: 2),
      differ: "the number of samples"),
    Pair(state(.running), state(.finished, experiments: 1), differ: "the number of experiments"),
    Pair(state(.finished, experiments: 0), state(.finished), differ: "the number of experiments"),
    Pair(
      state(.running, samples: 4, experiments: 2), state(.running, samples: 5, experiments: 1),
      differ: "the number of samples"),
    Pair(state(.finished), state(.failed), differ: "status"),
    .changed("finishedAt") { $0.record.finishedAt? += 1 },
    .changed("environment.loadAfter") { $0.record.environment.loadAfter = [1, 2, 4] },
    // What a run has from its beginning doesn't change.
    .changed("scenario", .running) { $0.record.scenario += "!" },
    .changed("scenarioText") { $0.record.scenarioText = "name: flask-hellO\n" },
    .changed("startedAt") { $0.record.startedAt += 0.001 },
    .changed("seed") { $0.record.seed = .max },
    .changed("owner") { $0.record.owner = "1:2:other" },
    .changed("twin") { $0.record.twin = "20261121-031500-0000" },
    .changed("purpose") { $0.record.purpose = .calibration },
    .changed("environment.appBranch") { $0.record.environment.appBranch = "main" },
    .changed("the number of links") {
      $0.record.links = [LinkFacts(name: "lte", roundTrip: .milliseconds(50))]
    },
    .changed("cells[1]") { $0.record.cells[1].iterations = 99 },
    .changed("samples[3].outcome", .running) { $0.samples[3].outcome = .wrong },
    .changed("samples[7].phases") { run in
      run.samples[7].phases[0].name = "stop"
    },
    .changed("samples[0].durationNanoseconds") { $0.samples[0].duration += .nanoseconds(1) },
    .changed("samples[2]") { $0.samples[2].probes += 1 },
    .changed("samples[1].cell") { $0.samples[1].cell = Fixture.restart },
    .changed("faultTrials[0]") { $0.trials[0].notes = [] },
    .changed("experiments[0].cell") { $0.experiments[0].cell = Fixture.reload },
    .changed("experiments[0].experiment") { $0.experiments[0].experiment = .offline },
    .changed("experiments[0].condition") { $0.experiments[0].condition += "!" },
    .changed("experiments[1].number", .running) { $0.experiments[1].number = 3 },
    .changed("experiments[1].outcome") { $0.experiments[1].outcome = .failed },
    .changed("experiments[1].reason") { $0.experiments[1].reason = nil },
    .changed("experiments[0].startedOn") { $0.experiments[0].startedOn += 0.001 },
    .changed("experiments[0].durationNanoseconds") { $0.experiments[0].duration = nil },
    .changed("experiments[0].phases") { $0.experiments[0].phases[0].traffic = nil },
    .changed("experiments[1].figures[0]") { $0.experiments[1].figures[0].source += "!" },
    .changed("experiments[1].facts[1]") { $0.experiments[1].facts[1].group = "locale" },
    .changed("experiments[1].facts[0]") { $0.experiments[1].facts[0].value = "" },
    .changed("the number of experiments[0].notes") { $0.experiments[0].notes = [] },
    .changed("experiments[0]") { $0.experiments[0].bracket = nil },
    .changed("environment.tools[1]") { $0.record.environment.tools[1].version = "3" },
  ]

  @Test(
    "of two states of a run the later one stays; another run is refused and told of",
    arguments: pairs)
  func states(pair: Pair) throws {
    _ = try store.merge(pair.here)
    if let result = pair.result {
      #expect(try store.merge(pair.there) == result)
      let stored = try store.storedRun(id: pair.here.record.id)
      #expect(stored == (result == .completed ? pair.there : pair.here))
      #expect(try store.merge(pair.there) == .alreadyThere)
      return
    }
    let error = #expect(throws: StoreError.self) { try store.merge(pair.there) }
    guard case .differs(_, _, let difference) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(difference.field == pair.difference)
    #expect(try store.storedRun(id: pair.here.record.id) == pair.here)
  }

  @Test("the message names the run, what differs, and the way out")
  func message() throws {
    _ = try store.merge(Self.state(.finished))
    var other = Self.state(.finished)
    other.samples[3].outcome = .failed
    let error = #expect(throws: StoreError.self) { try store.merge(other) }
    #expect(
      error?.description
        == "The run 20261121-031500-9f3c in \(store.path) is another one: samples[3].outcome is "
        + "'served' here and 'failed' there. It was left as it is; to look at both, import the file "
        + "into an empty database with --db.")
  }

  @Test("what breaks an invariant leaves nothing of the run")
  func refusal() throws {
    var run = Self.state(.finished)
    run.samples[7].phases.removeLast()
    #expect(throws: StoreError.self) { try store.merge(run) }
    #expect(try store.heads().isEmpty)
    let tables = ["scenario", "cell", "tool", "sample", "phase", "faultTrial", "experimentTrial"]
    let queue = try DatabaseQueue(path: directory.file())
    for table in tables {
      let count = try queue.read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM \(table)") }
      #expect(count == 0, "\(table)")
    }
  }

  @Test("an imported run that is running isn't judged here, one that was measured here is")
  func abandoning() throws {
    var other = Self.state(.running, samples: 2, trials: 0)
    other.record.id = "elsewhere"
    _ = try store.merge(other)
    try store.insert(run: Fixture.run(id: "here"))
    #expect(try store.markAbandoned { _ in false } == ["here"])
    #expect(try store.storedRun(id: "elsewhere") == other)
    // Going on elsewhere doesn't make it a run of this machine.
    other = Self.state(.running, samples: 3, trials: 0)
    other.record.id = "elsewhere"
    #expect(try store.merge(other) == .completed)
    #expect(try store.markAbandoned { _ in false } == [])
    other = Self.state(.finished)
    other.record.id = "elsewhere"
    #expect(try store.merge(other) == .completed)
    #expect(try store.storedRun(id: "elsewhere") == other)
  }

  @Test("runs are listed in the order of measuring, ties in that of storing")
  func heads() throws {
    let at = { (seconds: Double) in Fixture.date(1_795_231_200 + seconds) }
    for (id, date) in [("d", 2), ("b", 1), ("a", 1), ("c", 0.001)] {
      var run = Fixture.run(id: id, startedAt: at(date))
      if id == "a" { run.scenario = "node-hello" }
      try store.insert(run: run)
    }
    #expect(try store.heads().map(\.id) == ["c", "b", "a", "d"])
    #expect(try store.heads(since: at(1)).map(\.id) == ["b", "a", "d"])
    #expect(try store.heads(since: at(1.001)).map(\.id) == ["d"])
    #expect(try store.heads(scenario: "node-hello").map(\.id) == ["a"])
    #expect(try store.heads(since: at(2), scenario: "node-hello").isEmpty)
  }
}
