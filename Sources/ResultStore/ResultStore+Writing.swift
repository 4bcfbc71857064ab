import Clock
package import Foundation
import GRDB
package import Measurement

extension ResultStore {
  /// Stores a run without its samples.
  package func insert(run: RunRecord) throws(StoreError) {
    try write { db in try insertRows(of: run, db) }
  }

  /// Adds tools that could be asked only after the run had begun, such as those in a container; none
  /// twice in the same version.
  package func add(tools: [Environment.Tool], run: String) throws(StoreError) {
    try write { db in
      guard let record = try RunRow.fetch(run, db) else {
        throw StoreError.refused(path: path, detail: "there is no run \(run) to add tools to")
      }
      var known = record.environment.tools
      let first = known.count
      for tool in tools where !known.contains(tool) { known.append(tool) }
      try insertTools(known[first...], run: run, db)
    }
  }

  /// Stores a sample and its phases; committed and on the disk when the call returns.
  package func insert(sample: Sample, run: String) throws(StoreError) {
    try write { db in
      try insertRows(of: sample, cell: try cellID(of: sample.cell, run: run, db), db)
    }
  }

  /// Stores a trial of faults; committed and on the disk when the call returns.
  package func insert(trial: FaultTrial, run: String) throws(StoreError) {
    try write { db in
      try FaultTrialRow.insert(trial, cell: try cellID(of: trial.cell, run: run, db), db)
    }
  }

  /// Stores a trial of an experiment; committed and on the disk when the call returns.
  package func insert(experiment trial: ExperimentTrial, run: String) throws(StoreError) {
    try write { db in
      try insertRows(of: trial, cell: try cellID(of: trial.cell, run: run, db), db)
    }
  }

  /// Notes how a run ended.
  package func finish(
    run: String, status: RunRecord.Status, reason: String? = nil, at date: Date,
    loadAfter: [Double]?
  ) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: """
          UPDATE run SET status = ?, statusReason = ?, finishedAt = ?,
            loadAfter1 = ?, loadAfter5 = ?, loadAfter15 = ?
          WHERE id = ?
          """,
        arguments: [status.rawValue, reason.map(StoredText.text), StoredDate.text(date)]
          + RunRow.loadColumns(loadAfter) + [run])
      guard db.changesCount == 1 else {
        throw StoreError.refused(path: path, detail: "there is no run \(run) to finish")
      }
    }
  }

  /// Marks the runs whose processes died without a word, and says which, oldest first.
  ///
  /// Their `finishedAt` stays nil: nobody knows when it was. `isAlive` is given each running run's
  /// `owner`, inside the transaction. A run that was imported while it was running is none of them: its
  /// process is another machine's, or measures into another database.
  package func markAbandoned(isAlive: (String) -> Bool) throws(StoreError) -> [String] {
    try write { db in
      let running = try Row.fetchAll(
        db,
        sql: """
          SELECT id, owner FROM run WHERE status = 'running' AND importedAt IS NULL
          ORDER BY startedAt, rowid
          """)
      var abandoned: [String] = []
      for row in running {
        let id: String = try row.value("id")
        guard try !isAlive(row.value("owner")) else { continue }
        try db.execute(
          sql: "UPDATE run SET status = ?, statusReason = ? WHERE id = ?",
          arguments: [
            RunRecord.Status.abandoned.rawValue, "the measuring process ended without a word", id,
          ])
        abandoned.append(id)
      }
      return abandoned
    }
  }
}
