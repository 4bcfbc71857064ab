import Clock
import Foundation
import Measurement
import ResultStore
import Testing

@Suite struct RoundTripTests {
  let directory: TemporaryDirectory
  let store: ResultStore

  init() throws {
    directory = try TemporaryDirectory()
    store = try ResultStore.open(path: directory.file())
  }

  static let runs: [RunRecord] = {
    var ended = Fixture.run()
    ended.finishedAt = Fixture.date(1_795_231_261.13)
    ended.status = .failed
    ended.statusReason = "the app didn't start: \u{1B}[31mTraceback\u{1B}[0m"
    ended.environment.loadAfter = [0.5, 1e-9, 64]
    var bare = Fixture.run(cells: [])
    bare.environment = Environment(
      host: "", system: "", kernel: "", architecture: "", processor: "", cores: 0,
      memoryBytes: .max, loadBefore: [])
    return [
      Fixture.run(), Fixture.run(seed: .max), Fixture.run(seed: UInt64(Int64.max) + 1), ended, bare,
      Fixture.run(
        id: "ünï 🐘 'quoted'", text: "name: 名前\r\n",
        cells: [
          .init(
            workflow: .remoteCluster, path: .sync, edit: "é\u{301} 🧪")
        ]),
      Fixture.run(startedAt: Fixture.date(-1.001)),
    ]
  }()

  @Test(arguments: runs) func runComesBackAsItWas(_ run: RunRecord) throws {
    try store.insert(run: run)
    #expect(try store.storedRun(id: run.id) == StoredRun(record: run, samples: []))
  }

  @Test("a sample of one of several developers over a link, with its bytes, comes back as it was")
  func remoteSampleComesBackAsItWas() throws {
    var cell = Cell(workflow: .remoteCluster, path: .sync, edit: "message", link: "home-fiber")
    cell.developers = 8
    var plain = cell
    plain.developers = 1
    var sample = Fixture.sample(cell: cell)
    sample.developer = 7
    sample.phases[0].traffic = Traffic(up: 1_300, down: 0)
    sample.phases[1].traffic = Traffic(up: 0, down: .max)
    var run = Fixture.run(cells: [plain, cell])
    run.links = [
      LinkFacts(
        name: "home-fiber", roundTrip: .milliseconds(12), jitter: .nanoseconds(1), up: 1,
        down: .max),
      LinkFacts(name: "0", roundTrip: .zero),
    ]
    try store.insert(run: run)
    try store.insert(sample: sample, run: run.id)
    #expect(try store.storedRun(id: run.id) == StoredRun(record: run, samples: [sample]))
    #expect(sample.traffic == Traffic(up: 1_300, down: .max))
  }

  @Test("trials of faults come back as they were, in their order")
  func trialsComeBackAsTheyWere() throws {
    let run = Fixture.run()
    let trials = [
      FaultTrial(
        cell: Fixture.restart,
        spans: [
          FaultSpan(link: "offline", from: .nanoseconds(10_000_000_001), to: .seconds(15)),
          FaultSpan(link: "lte", from: .seconds(20), to: .seconds(21)),
        ],
        edits: [
          FaultEdit(token: "a", savedAt: .seconds(1), outcome: .served, servedAt: .seconds(2)),
          FaultEdit(token: "b", savedAt: .seconds(11), outcome: .superseded, servedAt: nil),
          FaultEdit(token: "c", savedAt: .seconds(12), outcome: .lost, servedAt: nil),
        ], difference: "app.py differs", notes: ["\u{1B}[31mno\u{1B}[0m", "a\nb"]),
      FaultTrial(cell: Fixture.reload, spans: [], edits: []),
    ]
    try store.insert(run: run)
    for trial in trials { try store.insert(trial: trial, run: run.id) }
    #expect(
      try store.storedRun(id: run.id) == StoredRun(record: run, samples: [], trials: trials))
  }

  @Test(
    "edits of trials that were lost, or whose files differ, count as not served beside the samples'",
    arguments: [
      ([], [], nil, 0), ([.served, .wrong, .failed], [], nil, 2),
      ([.served], [.served, .superseded], nil, 0), ([.timedOut], [.served, .lost, .lost], nil, 3),
      ([], [.served], "app.py differs", 1),
    ] as [([Outcome], [FaultOutcome], String?, Int)])
  func unserved(samples: [Outcome], edits: [FaultOutcome], difference: String?, count: Int) {
    let trial = FaultTrial(
      cell: Fixture.reload, spans: [],
      edits: edits.map {
        FaultEdit(
          token: "t", savedAt: .zero, outcome: $0, servedAt: $0 == .served ? .seconds(1) : nil)
      }, difference: difference)
    let stored = StoredRun(
      record: Fixture.run(),
      samples: samples.map { Fixture.sample(outcome: $0) }
        + [Fixture.sample(isWarmup: true, outcome: .failed)], trials: [trial])
    #expect(stored.unserved == count)
  }

  static let samples: [Sample] = {
    var bare = Fixture.sample(milliseconds: 0)
    bare.phases = []
    var nanoseconds = Fixture.sample()
    nanoseconds.duration = .nanoseconds(1_000_000_007)
    nanoseconds.phases = [
      .init(name: "detect", duration: .nanoseconds(1)),
      .init(name: "détection 🔭", duration: .nanoseconds(1_000_000_006)),
    ]
    var everyReplica = Fixture.sample()
    (everyReplica.replicas, everyReplica.replicasServed) = (3, 3)
    everyReplica.allServed = .nanoseconds(1_200_000_001)
    var someReplicas = Fixture.sample(reason: "2 of 3 replicas served within 60 s")
    (someReplicas.replicas, someReplicas.replicasServed) = (3, 2)
    var noReplica = Fixture.sample(outcome: .timedOut, reason: "not served")
    (noReplica.replicas, noReplica.replicasServed) = (3, 0)
    return Outcome.allCases.map {
      Fixture.sample(outcome: $0, reason: $0 == .served ? nil : "exit status 1")
    } + [
      bare, nanoseconds, everyReplica, someReplicas, noReplica, Fixture.sample(isWarmup: true),
      Fixture.sample(
        bracket: .init(low: .zero, high: .milliseconds(1200), lastOld: nil)),
      Fixture.sample(
        bracket: .init(
          low: .milliseconds(1195), high: .milliseconds(1200), lastOld: .nanoseconds(1_196_000_001))
      ),
      Fixture.sample(
        outcome: .failed, reason: String(repeating: "Traceback 🐍\n", count: 70_000)),
      Fixture.sample(outcome: .failed, reason: "'; DROP TABLE sample; --\u{7F}\u{FFFD}"),
    ]
  }()

  @Test(arguments: samples) func sampleComesBackAsItWas(_ sample: Sample) throws {
    let run = Fixture.run()
    try store.insert(run: run)
    try store.insert(sample: sample, run: run.id)
    #expect(try store.storedRun(id: run.id).samples == [sample])
  }

  @Test func samplesComeInTheOrderOfMeasuringEachWithItsPhases() throws {
    let run = Fixture.run()
    try store.insert(run: run)
    let other = Fixture.run(id: "other")
    try store.insert(run: other)
    var samples: [Sample] = []
    for iteration in 1...20 {
      let cell = iteration.isMultiple(of: 3) ? Fixture.reload : Fixture.restart
      samples.append(Fixture.sample(iteration, cell: cell, milliseconds: Int64(iteration)))
      if iteration.isMultiple(of: 2) {
        samples[iteration - 1].phases = [
          .init(name: "\(iteration)", duration: .milliseconds(iteration))
        ]
      }
      try store.insert(sample: samples[iteration - 1], run: run.id)
      try store.insert(sample: Fixture.sample(iteration), run: other.id)
    }
    #expect(try store.storedRun(id: run.id).samples == samples)
    #expect(try store.storedRun(id: other.id).samples.count == 20)
  }

  @Test func finishedRunSaysHowItEnded() throws {
    var run = Fixture.run()
    try store.insert(run: run)
    run.status = .interrupted
    run.statusReason = "SIGINT"
    run.finishedAt = run.startedAt + 3.25
    run.environment.loadAfter = [3, 2, 1]
    try store.finish(
      run: run.id, status: .interrupted, reason: "SIGINT", at: run.startedAt + 3.25,
      loadAfter: [3, 2, 1])
    #expect(try store.storedRun(id: run.id).record == run)
  }

  @Test func toolsThatAreFoundLaterJoinTheOthersOnce() throws {
    var run = Fixture.run()
    try store.insert(run: run)
    let later = [
      Environment.Tool(name: "python3", version: "3.11.2"),
      Environment.Tool(name: "python3", version: "3.13.0"),
      Environment.Tool(name: "flask", version: "3.1"),
    ]
    try store.add(tools: later, run: run.id)
    try store.add(tools: later, run: run.id)
    run.environment.tools += later[1...]
    #expect(try store.storedRun(id: run.id).record == run)
    #expect(throws: StoreError.self) { try store.add(tools: later, run: "none") }
  }

  @Test func everythingIsThereAfterReopening() throws {
    let path = directory.file("again.sqlite")
    let stored = try Fixture.filled(path)
    #expect(stored.samples.count == 16)
    #expect(try ResultStore.open(path: path).storedRun(id: stored.record.id) == stored)
    #expect(try ResultStore.openForReading(path: path).storedRun(id: stored.record.id) == stored)
  }

  /// SQLite's text ends at a NUL; what follows one in an app's output must not be lost.
  @Test func aNULInAReasonBecomesVisible() throws {
    let run = Fixture.run()
    try store.insert(run: run)
    try store.insert(
      sample: Fixture.sample(outcome: .failed, reason: "core\0dump"), run: run.id)
    try store.finish(
      run: run.id, status: .failed, reason: "\0", at: Fixture.date(1), loadAfter: nil)
    let stored = try store.storedRun(id: run.id)
    #expect(stored.samples.map(\.reason) == ["core␀dump"])
    #expect(stored.record.statusReason == "␀")
  }

  @Test func runsOfOneScenarioShareItsText() throws {
    try store.insert(run: Fixture.run(id: "a"))
    try store.insert(run: Fixture.run(id: "b"))
    #expect(try store.storedRun(id: "a").record.scenarioText == "name: flask-hello\n")
    #expect(try store.storedRun(id: "b").record.scenarioText == "name: flask-hello\n")
  }

  @Test func whatBreaksAnInvariantIsRefusedAndNotStored() throws {
    let run = Fixture.run(cells: [Fixture.reload])
    try store.insert(run: run)
    var lossy = Fixture.sample()
    lossy.phases.removeLast()
    var collision = Fixture.run(id: "b", text: "name: flask-hellO\n")
    collision.scenarioDigest = run.scenarioDigest

    let attempts: [(String, () throws -> Void)] = [
      ("a lost phase", { try store.insert(sample: lossy, run: run.id) }),
      (
        "a cell that wasn't planned",
        { try store.insert(sample: Fixture.sample(cell: Fixture.restart), run: run.id) }
      ),
      ("a sample of no run", { try store.insert(sample: Fixture.sample(), run: "none") }),
      ("a run twice", { try store.insert(run: run) }),
      ("a digest of two texts", { try store.insert(run: collision) }),
      (
        "the end of no run",
        { try store.finish(run: "none", status: .finished, at: Fixture.date(0), loadAfter: nil) }
      ),
    ]
    for (what, attempt) in attempts {
      let error = #expect(throws: StoreError.self, "\(what)", performing: attempt)
      guard case .refused = error else {
        Issue.record("\(what): \(String(describing: error))")
        continue
      }
    }
    #expect(try store.storedRun(id: run.id).samples.isEmpty)
    #expect(try store.listings(limit: 9).map(\.id) == [run.id])
  }
}
