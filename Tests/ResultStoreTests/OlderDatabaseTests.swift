import Foundation
import GRDB
import Measurement
import ResultStore
import Testing

/// Databases of versions that knew neither variants, links nor replicas, or not all of them.
@Suite struct OlderDatabaseTests {
  struct Version: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Migrations that the version didn't have, with what undoes each.
    let later: [(migration: String, undo: [String])]

    static let v6 = (
      "v6",
      [
        "DROP TABLE calibration", "DROP TABLE blessing", "DROP INDEX runOnScenario",
        "ALTER TABLE run DROP COLUMN appBranch", "ALTER TABLE run DROP COLUMN purpose",
        "ALTER TABLE run DROP COLUMN twin",
      ]
    )
    static let v5 = (
      "v5",
      [
        "ALTER TABLE sample DROP COLUMN replicas", "ALTER TABLE sample DROP COLUMN replicasServed",
        "ALTER TABLE sample DROP COLUMN allServedNanoseconds",
      ]
    )
    static let v3 = (
      "v3",
      [
        "ALTER TABLE cell DROP COLUMN link", "ALTER TABLE cell DROP COLUMN developers",
        "ALTER TABLE sample DROP COLUMN developer", "ALTER TABLE phase DROP COLUMN bytesUp",
        "ALTER TABLE phase DROP COLUMN bytesDown", "DROP TABLE link",
      ]
    )
    static let v2 = ("v2", ["ALTER TABLE cell DROP COLUMN variant"])
    static let all = [
      Version(testDescription: "without variants", later: [v6, v5, v3, v2]),
      Version(testDescription: "without links", later: [v6, v5, v3]),
      Version(testDescription: "without replicas", later: [v6, v5]),
      Version(testDescription: "without comparisons", later: [v6]),
    ]
  }

  private let directory: TemporaryDirectory
  private let path: String

  init() throws {
    directory = try TemporaryDirectory()
    path = directory.file()
  }

  private func fill(_ version: Version) throws -> StoredRun {
    let stored = try Fixture.filled(path)
    let raw = try DatabaseQueue(path: path)
    try raw.write { db in
      for (migration, undo) in version.later {
        for sql in undo { try db.execute(sql: sql) }
        try db.execute(
          sql: "DELETE FROM grdb_migrations WHERE identifier = ?", arguments: [migration])
      }
    }
    try raw.close()
    return stored
  }

  @Test(arguments: Version.all)
  func areReadAsTheyAre(version: Version) throws {
    let stored = try fill(version)
    #expect(try ResultStore.openForReading(path: path).storedRun(id: stored.record.id) == stored)
    #expect(try columns(of: "run").contains("purpose") == false)
  }

  @Test(arguments: Version.all)
  func knowNothingOfJudgements(version: Version) throws {
    let stored = try fill(version)
    let store = try ResultStore.openForReading(path: path)
    #expect(try store.calibrations() == [])
    #expect(try store.blessings(scenario: stored.record.scenario) == [])
    #expect(try store.runs(ofBranch: "main") == [])
    let commit = try #require(stored.record.environment.appCommit)
    #expect(try store.runs(ofCommit: commit) == [stored.record.id])
    #expect(try store.runs(ofScenario: stored.record.scenario) == [stored.record.id])
    #expect(try store.scenarioOfLatestRun() == stored.record.scenario)
  }

  @Test(arguments: Version.all)
  func areUpgradedByTheNextWriterAndKeepTheirRuns(version: Version) throws {
    let stored = try fill(version)
    let store = try ResultStore.open(path: path)
    #expect(try store.storedRun(id: stored.record.id) == stored)
    var later = Fixture.reload
    (later.variant, later.link, later.developers) = ("watchdog", "lte", 4)
    try store.insert(run: Fixture.run(id: "b", cells: [Fixture.reload, later]))
    var sample = Fixture.sample(cell: later)
    (sample.replicas, sample.replicasServed, sample.allServed) = (3, 3, .milliseconds(1300))
    try store.insert(sample: sample, run: "b")
    #expect(try store.storedRun(id: "b").samples == [sample])
    #expect(try columns(of: "cell").isSuperset(of: ["variant", "link", "developers"]))
  }

  private func columns(of table: String) throws -> Set<String> {
    let raw = try DatabaseQueue(path: path)
    defer { #expect(throws: Never.self) { try raw.close() } }
    return try raw.read { db in Set(try db.columns(in: table).map(\.name)) }
  }
}
