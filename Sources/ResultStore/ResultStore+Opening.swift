import Clock
import Foundation
import GRDB

extension ResultStore {
  package enum Mode: Sendable {
    /// Creates the file, and the directories it needs, if they are missing.
    case create
    /// The file has to be there.
    case readWrite
  }

  /// Opens a database for writing, and brings an older one up to date.
  ///
  /// Any one call waits for another process's lock as long as `busyTimeout` says.
  package static func open(
    path: String, mode: Mode = .create, busyTimeout: Duration = .seconds(30)
  ) throws(StoreError) -> ResultStore {
    let file = DatabaseFile(path: path)
    if mode == .create {
      try file.createIfMissing()
    }
    try file.requireFile()
    if let obstacle = file.obstacle(to: .write) { throw obstacle }

    let deadline = MonotonicInstant.now() + busyTimeout
    while true {
      do {
        let queue = try DatabaseQueue(
          path: file.absolutePath, configuration: configuration(busyTimeout, readOnly: false))
        try prepare(queue, path: path)
        return ResultStore(file: file, queue: queue, busyTimeout: busyTimeout)
      } catch let error as DatabaseError
        where error.resultCode == .SQLITE_BUSY && MonotonicInstant.now() < deadline
      {
        // The change to WAL and the recovery after a crash fail at once, without the busy
        // timeout, when another process is about the same.
        usleep(10_000)
      } catch {
        throw StoreError(error, file: file, waited: busyTimeout)
      }
    }
  }

  /// Opens a database for reading, also one that may not be written.
  ///
  /// Nothing is created or upgraded; a missing file is an error. While others write, SQLite keeps
  /// its `-wal` and `-shm` files beside the database.
  package static func openForReading(
    path: String, busyTimeout: Duration = .seconds(5)
  ) throws(StoreError) -> ResultStore {
    let file = DatabaseFile(path: path)
    try file.requireFile()
    if let obstacle = file.obstacle(to: .read) { throw obstacle }
    do {
      let queue = try readOnlyQueue(file, busyTimeout)
      return ResultStore(file: file, queue: queue, busyTimeout: busyTimeout)
    } catch {
      throw StoreError(error, file: file, waited: busyTimeout)
    }
  }

  private static func readOnlyQueue(
    _ file: DatabaseFile, _ busyTimeout: Duration
  ) throws -> DatabaseQueue {
    let configuration = configuration(busyTimeout, readOnly: true)
    do {
      let queue = try DatabaseQueue(path: file.absolutePath, configuration: configuration)
      try queue.read { db in try requireReadable(db, path: file.path) }
      return queue
    } catch let error as DatabaseError
      where [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode)
    {
      // WAL needs an index beside the database, and there is no writing it here. Without a
      // journal the file alone is complete, and may be read as one that never changes.
      if file.hasJournal { throw StoreError.unreadableJournal(path: file.path) }
      let queue = try DatabaseQueue(path: file.immutableURI, configuration: configuration)
      try queue.read { db in try requireReadable(db, path: file.path) }
      return queue
    }
  }

  private static func configuration(_ busyTimeout: Duration, readOnly: Bool) -> Configuration {
    var configuration = Configuration()
    configuration.readonly = readOnly
    configuration.busyMode = .timeout(busyTimeout.seconds)
    return configuration
  }

  // MARK: - Whose file it is

  /// Nothing is written before it is certain that the file is devbench's, or nobody's.
  private static func prepare(_ queue: DatabaseQueue, path: String) throws {
    let mayClaim = try queue.read { db in try requireOurs(db, path: path) }
    try queue.writeWithoutTransaction { db in
      if try String.fetchOne(db, sql: "PRAGMA journal_mode") != "wal" {
        try db.execute(sql: "PRAGMA journal_mode = WAL")
      }
      // NORMAL would lose the last samples to a power cut.
      try db.execute(sql: "PRAGMA synchronous = FULL")
      if mayClaim {
        try db.inTransaction(.immediate) {
          if try requireOurs(db, path: path) {
            try db.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
          }
          return .commit
        }
      }
    }
    try migrate(queue)
  }

  /// Another process may migrate at the same time. The migrator doesn't look again once it has the
  /// lock, so the loser fails on what the winner made; it tries again from there.
  private static func migrate(_ queue: DatabaseQueue) throws {
    let migrator = Schema.migrator
    var before = try queue.read(appliedMigrations)
    while !before.isSuperset(of: migrator.migrations) {
      do {
        try migrator.migrate(queue)
      } catch {
        guard try queue.read(appliedMigrations) != before else { throw error }
      }
      before = try queue.read(appliedMigrations)
    }
  }

  /// What the migrator's own `appliedIdentifiers` says, which fails if another process creates its
  /// table just then: a snapshot begins with the first read that succeeds, and here that is the
  /// look at the schema.
  private static func appliedMigrations(_ db: Database) throws -> Set<String> {
    let table = "SELECT COUNT(*) FROM sqlite_schema WHERE name = 'grdb_migrations'"
    guard try Int.fetchOne(db, sql: table) == 1 else { return [] }
    return try String.fetchSet(db, sql: "SELECT identifier FROM grdb_migrations")
  }

  /// Fails for other programs' databases and for newer ones; true if the file is still nobody's.
  private static func requireOurs(_ db: Database, path: String) throws -> Bool {
    let applicationID = try Int32.fetchOne(db, sql: "PRAGMA application_id")
    if applicationID == Schema.applicationID {
      guard try appliedMigrations(db).isSubset(of: Schema.migrator.migrations) else {
        throw StoreError.newer(path: path)
      }
      return false
    }
    let isEmpty = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM sqlite_schema") == 0
    guard applicationID == 0, isEmpty else { throw StoreError.foreign(path: path) }
    return true
  }

  private static func requireReadable(_ db: Database, path: String) throws {
    let isNobodys = try requireOurs(db, path: path)
    let applied = try appliedMigrations(db)
    if isNobodys || applied.isEmpty { throw StoreError.noRuns(path: path) }
    guard applied.isSuperset(of: Schema.readable) else {
      throw StoreError.older(path: path)
    }
  }
}
