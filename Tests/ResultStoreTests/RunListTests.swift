import Foundation
import Measurement
import ResultStore
import Testing

@Suite struct RunListTests {
  let directory: TemporaryDirectory
  let store: ResultStore

  init() throws {
    directory = try TemporaryDirectory()
    store = try ResultStore.open(path: directory.file())
  }

  @Test func anEmptyDatabaseHasNoLatestRun() throws {
    let path = store.path
    #expect(throws: StoreError.noRuns(path: path)) { try store.latestRunID() }
    #expect(throws: StoreError.noRuns(path: path)) { try store.resolve("latest") }
    #expect(throws: StoreError.unknownRun(path: path, reference: "2", recent: [])) {
      try store.resolve("2")
    }
    #expect(try store.listings(limit: 50).isEmpty)
  }

  @Test func latestIsTheNewestByItsStartThenTheLastInserted() throws {
    for (id, start) in [("c", 100.0), ("b", 300), ("a", 300), ("d", 200)] {
      try store.insert(run: Fixture.run(id: id, startedAt: Fixture.date(start)))
    }
    #expect(try store.latestRunID() == "a")
    #expect(try store.listings(limit: 3).map(\.id) == ["a", "b", "d"])
  }

  @Test func listingsCountCellsAndSamplesWithoutWarmups() throws {
    let path = directory.file("filled.sqlite")
    let run = try Fixture.filled(path).record
    let expected = RunListing(
      id: run.id, scenario: "flask-hello", startedAt: run.startedAt, status: .finished, cells: 2,
      attempted: 12, served: 6)
    #expect(try ResultStore.open(path: path).listings(limit: 50) == [expected])
  }

  static let ids = ["20261121-01-aaaa", "20261121-01-aabb", "20261121-01-aabb-2", "20261122-a%_b"]

  static let meanings: [(String, String)] = [
    ("latest", "20261122-a%_b"),
    ("20261121-01-aaaa", "20261121-01-aaaa"),
    ("20261121-01-aaa", "20261121-01-aaaa"),
    ("20261121-01-aabb", "20261121-01-aabb"),
    ("20261121-01-aabb-", "20261121-01-aabb-2"),
    ("20261122", "20261122-a%_b"),
    ("20261122-a%", "20261122-a%_b"),
  ]

  @Test(arguments: meanings) func aReferenceMeans(_ reference: String, _ id: String) throws {
    try insertRuns()
    #expect(try store.resolve(reference) == id)
  }

  static let ambiguous: [(String, [String])] = [
    ("2026112", ids), ("20261121-01-aa", Array(ids.prefix(3))),
    ("20261121-01-aab", Array(ids[1...2])),
  ]

  @Test(arguments: ambiguous)
  func anAmbiguousReferenceListsItsMeanings(_ reference: String, _ candidates: [String]) throws {
    try insertRuns()
    #expect(
      throws: StoreError.ambiguousRun(
        path: store.path, reference: reference, candidates: candidates, more: false)
    ) {
      try store.resolve(reference)
    }
  }

  @Test(arguments: ["", "3", "%", "_0261121", "20261121-01-aaaaa", "LATEST", "2026' OR 1 --"])
  func anUnknownReferenceListsTheNewestRuns(_ reference: String) throws {
    try insertRuns()
    #expect(
      throws: StoreError.unknownRun(
        path: store.path, reference: reference, recent: Self.ids.reversed())
    ) {
      try store.resolve(reference)
    }
  }

  @Test func manyMeaningsAreCutShort() throws {
    for number in 10..<20 {
      try store.insert(run: Fixture.run(id: "run-\(number)"))
    }
    let error = #expect(throws: StoreError.self) { try store.resolve("run-") }
    let expected = StoreError.ambiguousRun(
      path: store.path, reference: "run-", candidates: (10..<15).map { "run-\($0)" }, more: true)
    #expect(error == expected)
    #expect(expected.description.contains("run-14 and more; type more of the one you mean."))
  }

  @Test func aRunThatIsNotThereIsAnError() throws {
    try insertRuns()
    #expect(throws: StoreError.self) { try store.storedRun(id: "2026") }
  }

  @Test func onlyRunningRunsOfDeadProcessesAreAbandoned() throws {
    for (id, owner, status) in [
      ("dead", "10:1:boot", RunRecord.Status.running), ("alive", "11:1:boot", .running),
      ("done", "10:1:boot", .finished), ("dead-too", "12:1:other", .running),
    ] {
      try store.insert(run: Fixture.run(id: id, status: status, owner: owner))
    }
    #expect(try store.markAbandoned { $0 == "11:1:boot" } == ["dead", "dead-too"])
    #expect(try store.markAbandoned { $0 == "11:1:boot" } == [])
    let status = try store.listings(limit: 9).reduce(into: [:]) { $0[$1.id] = $1.status }
    #expect(
      status == ["dead": .abandoned, "alive": .running, "done": .finished, "dead-too": .abandoned])
    let dead = try store.storedRun(id: "dead").record
    #expect(dead.statusReason == "the measuring process ended without a word")
    #expect(dead.finishedAt == nil)
  }

  private func insertRuns() throws {
    for (index, id) in Self.ids.enumerated() {
      try store.insert(run: Fixture.run(id: id, startedAt: Fixture.date(Double(index))))
    }
  }
}
