import GRDB

/// The database of runs and samples, the only place in devbench that knows SQL.
///
/// A write is one transaction, flushed to the disk when the call returns: neither `kill -9` nor a
/// power cut takes it back. Calls block, a write for about the time of one fsync(2).
///
/// The connection closes with the last copy of the value.
package struct ResultStore: Sendable {
  let file: DatabaseFile
  let queue: DatabaseQueue
  let busyTimeout: Duration

  /// As it was given.
  package var path: String { file.path }

  func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    do {
      return try queue.read(body)
    } catch {
      throw StoreError(error, file: file, waited: busyTimeout)
    }
  }

  func write<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    do {
      return try queue.writeWithoutTransaction { db in
        var value: Value?
        // IMMEDIATE waits for other writers at its start; a transaction that began as a reader
        // would fail at once instead when it turns writer.
        try db.inTransaction(.immediate) {
          value = try body(db)
          return .commit
        }
        guard let value else {
          throw DatabaseError(resultCode: .SQLITE_INTERNAL, message: "a transaction didn't run")
        }
        return value
      }
    } catch {
      throw StoreError(error, file: file, waited: busyTimeout)
    }
  }

  /// Closes the connection now. Later calls fail.
  package func close() throws(StoreError) {
    do {
      try queue.close()
    } catch {
      throw StoreError(error, file: file, waited: busyTimeout)
    }
  }
}
