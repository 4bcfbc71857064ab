package import Foundation
import GRDB
import Measurement

extension ResultStore {
  /// The newest run by its start; of runs that started in the same millisecond, the last inserted. One that
  /// is dated later than now only if all are.
  package func latestRunID(now: Date = Date()) throws(StoreError) -> String {
    let id = try read { db in
      try String.fetchOne(db, sql: Queries.latestRun, arguments: [Self.latest(now)])
        ?? String.fetchOne(db, sql: Queries.newestRuns, arguments: [1])
    }
    guard let id else { throw .noRuns(path: path) }
    return id
  }

  /// The id that `latest`, an id, or the unique start of one means.
  package func resolve(_ reference: String) throws(StoreError) -> String {
    if reference == "latest" { return try latestRunID() }
    let shown = 5
    let (matches, recent) = try read { db in
      let matches =
        reference.isEmpty
        ? []
        : try String.fetchAll(db, sql: Queries.runsByPrefix, arguments: [reference, shown + 1])
      let recent =
        matches.isEmpty
        ? try String.fetchAll(db, sql: Queries.newestRuns, arguments: [shown]) : []
      return (matches, recent)
    }
    // The exact id sorts before every longer one.
    guard let first = matches.first else {
      throw .unknownRun(path: path, reference: reference, recent: recent)
    }
    guard matches.count == 1 || first == reference else {
      throw .ambiguousRun(
        path: path, reference: reference, candidates: Array(matches.prefix(shown)),
        more: matches.count > shown)
    }
    return first
  }

  /// The newest runs, newest first.
  package func listings(limit: Int) throws(StoreError) -> [RunListing] {
    try read { db in
      let hasExperiments = try db.tableExists("experimentTrial")
      return try Row.fetchAll(db, sql: Queries.listings, arguments: [limit]).map { row in
        let id: String = try row.value("id")
        return RunListing(
          id: id, scenario: try row.value("scenario"),
          startedAt: try row.date("startedAt"), status: try row.name("status"),
          cells: try row.value("cells"), attempted: try row.value("attempted"),
          served: try row.value("served"),
          experiments: hasExperiments ? try ExperimentTrialRow.listing(of: id, db) : [])
      }
    }
  }

  /// The runs that started at a moment or later, in the order in which they were measured.
  ///
  /// - Parameter scenario: only of this one; nil for all.
  package func heads(
    since date: Date = .distantPast, scenario: String? = nil
  ) throws(StoreError) -> [RunHead] {
    let since = StoredDate.text(date)
    return try read { db in
      let rows =
        if let scenario {
          try Row.fetchCursor(
            db, sql: Queries.runsOfScenarioSince, arguments: [scenario, since])
        } else {
          try Row.fetchCursor(db, sql: Queries.runsSince, arguments: [since])
        }
      var heads: [RunHead] = []
      while let row = try rows.next() {
        heads.append(
          RunHead(
            id: try row.value("id"), scenario: try row.value("scenario"),
            purpose: row.hasColumn("purpose") ? try row.name("purpose") : .measurement))
      }
      return heads
    }
  }

  /// A run with all its samples, as of one moment, by its full id; `resolve` makes one of what a
  /// user typed.
  package func storedRun(id: String) throws(StoreError) -> StoredRun {
    let stored = try read { db -> StoredRun? in
      guard let record = try RunRow.fetch(id, db) else { return nil }
      return try whole(record, db)
    }
    guard let stored else {
      let recent = try read { db in
        try String.fetchAll(db, sql: Queries.newestRuns, arguments: [5])
      }
      throw .unknownRun(path: path, reference: id, recent: recent)
    }
    return stored
  }

  /// All that belongs to a run.
  func whole(_ record: RunRecord, _ db: Database) throws -> StoredRun {
    StoredRun(
      record: record, samples: try SampleRow.fetch(run: record, db),
      trials: try FaultTrialRow.fetch(run: record, db),
      experiments: try ExperimentTrialRow.fetch(run: record, db),
      judgements: try JudgementRows.fetch(run: record, db))
  }
}
