import Foundation
import GRDB
import ResultStore
import Testing

/// Files that aren't ours or aren't whole: a clear error, and not a byte of them changed.
@Suite struct BadFileTests {
  let directory: TemporaryDirectory
  let path: String

  init() throws {
    directory = try TemporaryDirectory()
    path = directory.file()
  }

  enum Content: String, CaseIterable, Sendable {
    case randomBytes, text, shortText, truncatedDatabase, truncatedHeader, overwrittenPages
    case foreignWithID, foreignWithTables, foreignWithTablesInWAL, newer
  }

  @Test(arguments: Content.allCases) func isReportedAndLeftAlone(_ content: Content) throws {
    try write(content)
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    let attempts: [(String, () throws -> Void)] = [
      ("create", { _ = try use(ResultStore.open(path: path)) }),
      ("readWrite", { _ = try use(ResultStore.open(path: path, mode: .readWrite)) }),
      ("read", { _ = try use(ResultStore.openForReading(path: path)) }),
    ]
    for (what, attempt) in attempts {
      let error = #expect(throws: StoreError.self, "\(what)", performing: attempt)
      let description = try #require(error).description
      #expect(isExpected(error, for: content), "\(what): \(description)")
      #expect(description.contains(path))
      #expect(description.contains("left as it is"))
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before, "\(what)")
    }
  }

  @Test func aDirectoryIsReported() throws {
    let expected = StoreError.directory(path: directory.path)
    #expect(throws: expected) { try ResultStore.open(path: directory.path) }
    #expect(throws: expected) { try ResultStore.openForReading(path: directory.path) }
  }

  @Test func aDeviceIsNoDatabase() throws {
    #expect(throws: StoreError.notADatabase(path: "/dev/null")) {
      try ResultStore.open(path: "/dev/null")
    }
  }

  @Test func aParentThatIsAFileIsReported() throws {
    try write(.text)
    let error = #expect(throws: StoreError.self) {
      try ResultStore.open(path: path + "/results.sqlite")
    }
    #expect(try #require(error).description.contains("Not a directory"))
  }

  @Test func aValueThatNobodyKnowsIsDamage() throws {
    let run = try Fixture.filled(path).record.id
    try execute("UPDATE run SET status = 'asleep'")
    let error = #expect(throws: StoreError.self) {
      try ResultStore.open(path: path).storedRun(id: run)
    }
    #expect(
      error == .damaged(path: path, detail: "status is 'asleep', which devbench doesn't know"))
  }

  /// Damage deep in a file shows when it is read, not when it is opened.
  private func use(_ store: ResultStore) throws -> Int {
    let run = try store.storedRun(id: store.latestRunID())
    return try store.listings(limit: 50).count + run.samples.count
  }

  private func isExpected(_ error: StoreError?, for content: Content) -> Bool {
    switch (content, error) {
    case (.randomBytes, .notADatabase), (.text, .notADatabase), (.shortText, .notADatabase),
      (.truncatedHeader, .damaged), (.truncatedDatabase, .damaged),
      (.overwrittenPages, .damaged), (.foreignWithID, .foreign), (.foreignWithTables, .foreign),
      (.foreignWithTablesInWAL, .foreign), (.newer, .newer):
      true
    default:
      false
    }
  }

  private func write(_ content: Content) throws {
    let url = URL(fileURLWithPath: path)
    switch content {
    case .randomBytes:
      var random = SystemRandomNumberGenerator()
      try Data((0..<9000).map { _ in UInt8.random(in: 0...255, using: &random) }).write(to: url)
    case .text:
      try Data(String(repeating: "not a database\n", count: 500).utf8).write(to: url)
    case .shortText:
      try Data("hello\n".utf8).write(to: url)
    case .truncatedHeader, .truncatedDatabase, .overwrittenPages:
      _ = try Fixture.filled(path)
      var data = try Data(contentsOf: url)
      switch content {
      case .truncatedHeader: data = data.prefix(60)
      case .truncatedDatabase: data = data.prefix(data.count / 2 + 100)
      default: data.replaceSubrange(4096..., with: Data(repeating: 0xA5, count: data.count - 4096))
      }
      try data.write(to: url)
    case .foreignWithID:
      try execute("PRAGMA application_id = 42; CREATE TABLE t (x)")
    case .foreignWithTables:
      try execute("CREATE TABLE run (id TEXT); INSERT INTO run VALUES ('precious')")
    case .foreignWithTablesInWAL:
      try execute("PRAGMA journal_mode = WAL; CREATE TABLE run (id TEXT)")
    case .newer:
      _ = try Fixture.filled(path)
      try execute("INSERT INTO grdb_migrations VALUES ('v99')")
    }
  }

  private func execute(_ sql: String) throws {
    let raw = try DatabaseQueue(path: path)
    try raw.writeWithoutTransaction { db in try db.execute(sql: sql) }
    try raw.close()
  }
}
