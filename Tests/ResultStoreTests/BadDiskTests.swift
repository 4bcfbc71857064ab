import Foundation
import GRDB
import Measurement
import Testing

@testable import ResultStore

@Suite struct BadDiskTests {
  @Test func aFullDatabaseKeepsWhatWasCommitted() throws {
    let directory = try TemporaryDirectory()
    let store = try ResultStore.open(path: directory.file())
    try store.queue.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA max_page_count = 100")
    }
    let run = Fixture.run()
    try store.insert(run: run)
    let committed = try fill(store, run: run.id)
    #expect(committed > 5)
    #expect(try store.storedRun(id: run.id).samples.count == committed)
  }

  @Test(.enabled(if: geteuid() != 0, "root isn't kept out by permissions"))
  func permissionsAreReported() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file()
    let stored = try Fixture.filled(path)
    let attempts: [(Int, Int, StoreError)] = [
      (0o400, 0o700, .noPermission(path: path)), (0o600, 0o500, .noPermission(path: path)),
    ]
    for (file, parent, expected) in attempts {
      try setPermissions(path, file)
      try setPermissions(directory.path, parent)
      #expect(throws: expected) { try ResultStore.open(path: path) }
      #expect(try ResultStore.openForReading(path: path).storedRun(id: stored.record.id) == stored)
      try setPermissions(directory.path, 0o700)
    }
    try setPermissions(path, 0)
    #expect(throws: StoreError.noPermission(path: path)) {
      try ResultStore.openForReading(path: path)
    }
  }

  /// NORMAL would lose the last samples to a power cut.
  @Test func everyCommitIsFlushedToTheDisk() throws {
    let directory = try TemporaryDirectory()
    let store = try ResultStore.open(path: directory.file())
    let synchronous = try store.read { db in try Int.fetchOne(db, sql: "PRAGMA synchronous") }
    #expect(synchronous == 2)
  }

  #if os(Linux)
    @Test(.enabled(if: Mount.isPossible)) func aFullDiskKeepsWhatWasCommitted() throws {
      let mount = try Mount(bytes: 1 << 20)
      let path = mount.file()
      let store = try ResultStore.open(path: path)
      let run = Fixture.run()
      try store.insert(run: run)
      let committed = try fill(store, run: run.id)
      #expect(committed > 5)
      #expect(try store.storedRun(id: run.id).samples.count == committed)

      // A second database doesn't even begin.
      let second = mount.file("second.sqlite")
      #expect(throws: StoreError.diskFull(path: second)) { try ResultStore.open(path: second) }

      try mount.grow(bytes: 8 << 20)
      try store.insert(sample: sample(committed + 1), run: run.id)
      try store.close()
      let again = try ResultStore.openForReading(path: path)
      #expect(
        try again.storedRun(id: run.id).samples == (1...committed + 1).map { sample($0) })
    }

    /// Root isn't kept out by permissions: it needs a file system that is mounted read-only.
    @Test(.enabled(if: Mount.isPossible)) func aReadOnlyFileSystemIsReadAndNotWritten() throws {
      let mount = try Mount(bytes: 8 << 20)
      let stored = try Fixture.filled(mount.file())
      try mount.makeReadOnly()
      let path = mount.file()
      #expect(try ResultStore.openForReading(path: path).storedRun(id: stored.record.id) == stored)
      let error = #expect(throws: StoreError.self) { try ResultStore.open(path: path) }
      #expect(error == .readOnly(path: path))
      let missing = mount.file("new/results.sqlite")
      #expect(throws: StoreError.readOnly(path: missing)) { try ResultStore.open(path: missing) }
    }

    @Test(.enabled(if: Mount.isPossible)) func aReadOnlyJournalIsReadOrReported() throws {
      let mount = try Mount(bytes: 8 << 20)
      let path = mount.file()
      let store = try ResultStore.open(path: path)
      try store.insert(run: Fixture.run())
      // As kill -9 leaves them: a database whose newest rows are in its journal.
      for (name, suffixes) in [
        ("whole.sqlite", ["", "-wal", "-shm"]), ("torn.sqlite", ["", "-wal"]),
      ] {
        for suffix in suffixes {
          try FileManager.default.copyItem(atPath: path + suffix, toPath: mount.file(name) + suffix)
        }
      }
      try store.close()
      try mount.makeReadOnly()

      #expect(
        try ResultStore.openForReading(path: mount.file("whole.sqlite")).latestRunID()
          == Fixture.run().id)
      let torn = mount.file("torn.sqlite")
      let error = #expect(throws: StoreError.self) { try ResultStore.openForReading(path: torn) }
      #expect(error == .unreadableJournal(path: torn))
    }
  #endif

  private func sample(_ iteration: Int) -> Sample {
    Fixture.sample(iteration, outcome: .failed, reason: String(repeating: "x", count: 20_000))
  }

  /// Inserts until the disk is full, and says how many inserts were acknowledged.
  private func fill(_ store: ResultStore, run: String) throws -> Int {
    for iteration in 1...10_000 {
      do {
        try store.insert(sample: sample(iteration), run: run)
      } catch {
        #expect(error == .diskFull(path: store.path))
        #expect(error.description.contains("what was committed before is safe"))
        return iteration - 1
      }
    }
    Issue.record("the disk never filled up")
    return 0
  }

  private func setPermissions(_ path: String, _ mode: Int) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
  }
}
