import Clock
import Foundation
import GRDB
import ResultStore
import Testing

@Suite struct LockTests {
  let directory: TemporaryDirectory
  let path: String

  init() throws {
    directory = try TemporaryDirectory()
    path = directory.file()
  }

  private static let timeout = Duration.milliseconds(150)

  @Test func aWriterSaysThatAnotherProcessHoldsTheLock() throws {
    let run = try Fixture.filled(path).record.id
    let store = try ResultStore.open(path: path, busyTimeout: Self.timeout)
    try whileLocked("BEGIN EXCLUSIVE") {
      let start = MonotonicInstant.now()
      let error = #expect(throws: StoreError.self) {
        try store.insert(sample: Fixture.sample(99), run: run)
      }
      #expect(error == .locked(path: path, waited: Self.timeout))
      #expect(MonotonicInstant.now() - start >= Self.timeout)
      #expect(error?.description.contains("still was after 150 ms; wait for") == true)
      // Readers aren't kept out by a writer.
      let latest = try ResultStore.openForReading(path: path).latestRunID()
      #expect(latest == run)
    }
    try store.insert(sample: Fixture.sample(99), run: run)
    #expect(try store.storedRun(id: run).samples.last == Fixture.sample(99))
  }

  @Test func openingSaysThatAnotherProcessHoldsTheLock() throws {
    try whileLocked("BEGIN EXCLUSIVE") {
      #expect(throws: StoreError.locked(path: path, waited: Self.timeout)) {
        try ResultStore.open(path: path, busyTimeout: Self.timeout)
      }
      #expect(throws: StoreError.locked(path: path, waited: Self.timeout)) {
        try ResultStore.openForReading(path: path, busyTimeout: Self.timeout)
      }
    }
    try ResultStore.open(path: path, busyTimeout: Self.timeout).insert(run: Fixture.run())
  }

  @Test func aWriterWaitsForAShortLock() throws {
    let run = try Fixture.filled(path).record.id
    let store = try ResultStore.open(path: path)
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let holder = try DatabaseQueue(path: path, configuration: configuration)
    try holder.writeWithoutTransaction { db in try db.execute(sql: "BEGIN IMMEDIATE") }
    // A thread, not a task: the blocked insert may hold the last thread that tasks run on.
    Thread.detachNewThread {
      usleep(100_000)
      do {
        try holder.writeWithoutTransaction { db in try db.execute(sql: "COMMIT") }
      } catch {
        Issue.record(error)
      }
    }
    try store.insert(sample: Fixture.sample(99), run: run)
  }

  private func whileLocked(_ sql: String, _ body: () throws -> Void) throws {
    let holder = try DatabaseQueue(path: path)
    try holder.writeWithoutTransaction { db in
      try db.execute(sql: sql)
      try body()
      try db.execute(sql: "ROLLBACK")
    }
    try holder.close()
  }
}
