import Clock
import GRDB
import Measurement

/// How a trial of faults becomes rows of `faultTrial`, `faultSpan`, `faultEdit` and `faultNote`, and back.
enum FaultTrialRow {
  static func insert(_ trial: FaultTrial, cell: Int64, _ db: Database) throws {
    try db.execute(
      sql: "INSERT INTO faultTrial (cellId, difference) VALUES (?, ?)",
      arguments: [cell, trial.difference.map(StoredText.text)])
    let id = db.lastInsertedRowID
    for (position, span) in trial.spans.enumerated() {
      try db.execute(
        sql: """
          INSERT INTO faultSpan (trialId, position, link, fromNanoseconds, toNanoseconds)
          VALUES (?, ?, ?, ?, ?)
          """,
        arguments: [
          id, position, span.link, span.from.wholeNanoseconds, span.to.wholeNanoseconds,
        ])
    }
    for (position, edit) in trial.edits.enumerated() {
      try db.execute(
        sql: """
          INSERT INTO faultEdit (
            trialId, position, token, savedNanoseconds, outcome, servedNanoseconds)
          VALUES (?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          id, position, edit.token, edit.savedAt.wholeNanoseconds,
          edit.outcome.rawValue, edit.servedAt?.wholeNanoseconds,
        ])
    }
    for (position, note) in trial.notes.enumerated() {
      try db.execute(
        sql: "INSERT INTO faultNote (trialId, position, text) VALUES (?, ?, ?)",
        arguments: [id, position, StoredText.text(note)])
    }
  }

  /// In the order in which they were made; none in a database of a version that knew no trials.
  static func fetch(run: RunRecord, _ db: Database) throws -> [FaultTrial] {
    guard try db.tableExists("faultTrial") else { return [] }
    let cells = try Row.fetchAll(db, sql: Queries.cells, arguments: [run.id]).map {
      try $0.value("id") as Int64
    }
    let cell = Dictionary(uniqueKeysWithValues: zip(cells, run.cells.map(\.cell)))
    return try Row.fetchAll(db, sql: Queries.faultTrials, arguments: [run.id]).compactMap { row in
      let id: Int64 = try row.value("id")
      guard let cell = try cell[row.value("cellId")] else { return nil }
      return FaultTrial(
        cell: cell,
        spans: try Row.fetchAll(db, sql: Queries.faultSpans, arguments: [id]).map { row in
          FaultSpan(
            link: try row.value("link"), from: try row.duration("fromNanoseconds"),
            to: try row.duration("toNanoseconds"))
        },
        edits: try Row.fetchAll(db, sql: Queries.faultEdits, arguments: [id]).map { row in
          let served: Int64? = try row.optional("servedNanoseconds")
          return FaultEdit(
            token: try row.value("token"), savedAt: try row.duration("savedNanoseconds"),
            outcome: try row.name("outcome"), servedAt: served.map { .nanoseconds($0) })
        },
        difference: try row.optional("difference"),
        notes: try Row.fetchAll(db, sql: Queries.faultNotes, arguments: [id]).map {
          try $0.value("text")
        })
    }
  }
}
