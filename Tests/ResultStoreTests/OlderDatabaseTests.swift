import Foundation
import GRDB
import Measurement
import ResultStore
import Testing

/// Databases of devbench 0.1, which knew no variants.
@Suite struct OlderDatabaseTests {
  let directory: TemporaryDirectory
  let path: String
  let stored: StoredRun

  init() throws {
    directory = try TemporaryDirectory()
    path = directory.file()
    stored = try Fixture.filled(path)
    let raw = try DatabaseQueue(path: path)
    try raw.write { db in
      try db.execute(sql: "ALTER TABLE cell DROP COLUMN variant")
      try db.execute(sql: "DELETE FROM grdb_migrations WHERE identifier = 'v2'")
    }
    try raw.close()
  }

  @Test func areReadAsTheyAre() throws {
    #expect(try ResultStore.openForReading(path: path).storedRun(id: stored.record.id) == stored)
    #expect(try columns().contains("variant") == false)
  }

  @Test func areUpgradedByTheNextWriterAndKeepTheirRuns() throws {
    let store = try ResultStore.open(path: path)
    #expect(try store.storedRun(id: stored.record.id) == stored)
    var variant = Fixture.reload
    variant.variant = "watchdog"
    try store.insert(run: Fixture.run(id: "b", cells: [Fixture.reload, variant]))
    try store.insert(sample: Fixture.sample(cell: variant), run: "b")
    #expect(try store.storedRun(id: "b").samples == [Fixture.sample(cell: variant)])
    #expect(try columns().contains("variant"))
  }

  private func columns() throws -> [String] {
    let raw = try DatabaseQueue(path: path)
    defer { #expect(throws: Never.self) { try raw.close() } }
    return try raw.read { db in try db.columns(in: "cell").map(\.name) }
  }
}
