import Foundation
import GRDB
import Measurement
import ResultStore
import Testing

@Suite struct HistoryTests {
  private let directory: TemporaryDirectory
  private let store: ResultStore

  init() throws {
    directory = try TemporaryDirectory()
    store = try ResultStore.open(path: directory.file())
  }

  private func night(
    _ id: String, at seconds: Double, branch: String? = "main",
    purpose: RunRecord.Purpose = .measurement, scenario: String = "flask-hello",
    cells: [Cell] = [Fixture.reload, Fixture.restart], milliseconds: [Int64] = [900, 300, 600]
  ) throws {
    var run = Fixture.run(id: id, startedAt: Fixture.date(seconds), cells: cells)
    (run.scenario, run.purpose, run.environment.appBranch) = (scenario, purpose, branch)
    run.environment.tools.append(.init(name: "local-cluster engine", version: "podman 4.3.1"))
    run.links = [LinkFacts(name: "lte", roundTrip: .milliseconds(50))]
    try store.insert(run: run)
    for cell in cells {
      try store.insert(
        sample: Fixture.sample(1, cell: cell, isWarmup: true, milliseconds: 5), run: id)
      for (index, duration) in milliseconds.enumerated() {
        try store.insert(
          sample: Fixture.sample(index + 2, cell: cell, milliseconds: duration), run: id)
      }
      try store.insert(
        sample: Fixture.sample(
          9, cell: cell, outcome: .timedOut, reason: "late", milliseconds: 60_000), run: id)
    }
  }

  @Test func `each run has what it served of each cell and the median, without warm-ups`()
    throws
  {
    try night("b", at: 200, milliseconds: [20, 10])
    try night("a", at: 100)
    let history = try store.history(HistoryFilter(scenario: "flask-hello"))
    #expect(history.runs.map(\.id) == ["a", "b"])
    #expect(history.cells == [Fixture.reload, Fixture.restart])
    #expect(history.entries.map(\.run) == [0, 0, 1, 1])
    #expect(history.entries.map(\.cell) == [0, 1, 0, 1])
    #expect(history.entries.map(\.attempted) == [4, 4, 3, 3])
    #expect(history.entries.map(\.served) == [3, 3, 2, 2])
    #expect(history.entries.map(\.median) == [0.6, 0.6, 0.015, 0.015])
    #expect(history.runs[0].environment.tools.map(\.version) == ["podman 4.3.1"])
    #expect(history.runs[0].links == [LinkFacts(name: "lte", roundTrip: .milliseconds(50))])
    #expect(history.runs[0].environment.kernel == Fixture.environment.kernel)
  }

  @Test(arguments: [
    ("all", HistoryFilter(scenario: "flask-hello"), ["a", "b", "c", "d"]),
    ("another scenario", HistoryFilter(scenario: "node-hello"), ["e"]),
    ("one that nobody measured", HistoryFilter(scenario: "x"), []),
    (
      "since a moment", HistoryFilter(scenario: "flask-hello", since: Fixture.date(200)),
      ["b", "c", "d"]
    ),
    ("the newest", HistoryFilter(scenario: "flask-hello", last: 2), ["c", "d"]),
    ("a branch", HistoryFilter(scenario: "flask-hello", branch: "main"), ["a", "d"]),
    (
      "the newest of a branch", HistoryFilter(scenario: "flask-hello", last: 1, branch: "main"),
      ["d"]
    ),
  ]) func `a filter leaves`(_ what: String, filter: HistoryFilter, runs: [String]) throws {
    try night("c", at: 300, branch: nil)
    try night("a", at: 100)
    try night("b", at: 200, branch: "topic")
    try night("d", at: 400)
    try night("e", at: 400, scenario: "node-hello")
    try night("x", at: 400, purpose: .calibration)
    try night("y", at: 400, purpose: .confirmation)
    let history = try store.history(filter)
    #expect(history.runs.map(\.id) == runs)
    #expect(history.entries.count == 2 * runs.count)
    #expect(try store.scenarios() == ["flask-hello", "node-hello"])
  }

  @Test func `runs of the same moment keep the order of storing, whatever they are called`() throws
  {
    try night("z", at: 100)
    try night("a", at: 100)
    let filter = HistoryFilter(scenario: "flask-hello")
    #expect(try store.history(filter).runs.map(\.id) == ["z", "a"])
  }

  @Test func `a cell that was never measured, and one that was never served, have no times`() throws
  {
    try store.insert(run: Fixture.run(id: "a"))
    try store.insert(
      sample: Fixture.sample(1, outcome: .failed, reason: "it ended"), run: "a")
    let history = try store.history(HistoryFilter(scenario: "flask-hello"))
    #expect(history.entries.map(\.attempted) == [1, 0])
    #expect(history.entries.map(\.served) == [0, 0])
    #expect(history.entries.map(\.median) == [nil, nil])
  }

  @Test func `samples are read from the index alone`() throws {
    try night("a", at: 100)
    try store.close()
    let raw = try DatabaseQueue(path: directory.file())
    let plan = try raw.read { db in
      try Row.fetchAll(
        db,
        sql: """
          EXPLAIN QUERY PLAN SELECT sample.cellId, sample.outcome = 'served',
            sample.durationNanoseconds
          FROM run CROSS JOIN cell ON cell.runId = run.id
            CROSS JOIN sample ON sample.cellId = cell.id
          WHERE sample.isWarmup = 0 AND run.scenario = 'flask-hello'
          """
      ).map { row in row["detail"] as String }
    }
    #expect(plan.contains { $0.contains("USING COVERING INDEX sampleOnCell") }, "\(plan)")
  }
}
