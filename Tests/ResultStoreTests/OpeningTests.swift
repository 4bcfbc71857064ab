import Foundation
import GRDB
import ResultStore
import Testing

@Suite struct OpeningTests {
  let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
  }

  @Test func aNewDatabaseIsForItsOwnerOnly() throws {
    let path = directory.file(".devbench/deep/results.sqlite")
    let store = try ResultStore.open(path: path)
    try store.insert(run: Fixture.run())
    #expect(try permissions(directory.file(".devbench")) == 0o700)
    #expect(try permissions(directory.file(".devbench/deep")) == 0o700)
    for suffix in ["", "-wal", "-shm"] {
      #expect(try permissions(path + suffix) == 0o600)
    }
  }

  @Test(arguments: ["ünï code?#%20&x=1.sqlite", "file:x", ":memory:", "-results"])
  func anyNameIsOnlyAName(_ name: String) throws {
    let path = directory.file(name)
    _ = try Fixture.filled(path)
    #expect(FileManager.default.fileExists(atPath: path))
    #expect(try ResultStore.openForReading(path: path).listings(limit: 9).count == 1)
  }

  @Test func readingAndUpdatingNeverCreateAFile() throws {
    let path = directory.file("missing/results.sqlite")
    let missing = StoreError.missing(path: path)
    #expect(throws: missing) { try ResultStore.openForReading(path: path) }
    #expect(throws: missing) { try ResultStore.open(path: path, mode: .readWrite) }
    #expect(missing.description.contains("`devbench run SCENARIO`"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
  }

  @Test func aFileOfZeroLengthIsANewDatabase() throws {
    let path = directory.file()
    #expect(FileManager.default.createFile(atPath: path, contents: Data()))
    #expect(throws: StoreError.noRuns(path: path)) { try ResultStore.openForReading(path: path) }
    try ResultStore.open(path: path, mode: .readWrite).insert(run: Fixture.run())
    #expect(try ResultStore.openForReading(path: path).listings(limit: 9).count == 1)
  }

  @Test func aReaderSeesWhatAWriterCommits() throws {
    let path = directory.file()
    let writer = try ResultStore.open(path: path)
    let reader = try ResultStore.openForReading(path: path)
    #expect(try reader.listings(limit: 9).isEmpty)
    try writer.insert(run: Fixture.run())
    #expect(try reader.listings(limit: 9).count == 1)
    let error = #expect(throws: StoreError.self) { try reader.insert(run: Fixture.run(id: "b")) }
    #expect(error == .readOnly(path: path))
  }

  @Test func aSecondOpeningDoesNotDropTheLocksOfTheFirst() throws {
    let path = directory.file()
    let first = try ResultStore.open(path: path)
    try first.insert(run: Fixture.run(id: "a"))
    let second = try ResultStore.open(path: path)
    try second.insert(run: Fixture.run(id: "b"))
    try first.insert(run: Fixture.run(id: "c"))
    #expect(try second.listings(limit: 9).count == 3)
  }

  @Test func anInterruptedCreationIsTakenUpAgain() throws {
    let path = directory.file()
    let raw = try DatabaseQueue(path: path)
    try raw.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA application_id = 0x6476626e")
      try db.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
    }
    try raw.close()
    #expect(throws: StoreError.noRuns(path: path)) { try ResultStore.openForReading(path: path) }
    try ResultStore.open(path: path).insert(run: Fixture.run())
  }

  @Test func aCancelledTaskCanStillFinishItsRun() async throws {
    let store = try ResultStore.open(path: directory.file())
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try store.insert(run: Fixture.run())
      try store.finish(
        run: Fixture.run().id, status: .interrupted, at: Fixture.date(1), loadAfter: nil)
    }
    try await task.value
    #expect(try store.listings(limit: 9).map(\.status) == [.interrupted])
  }

  private func permissions(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return try #require(attributes[.posixPermissions] as? Int)
  }
}
