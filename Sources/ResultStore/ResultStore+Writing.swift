import Clock
package import Foundation
import GRDB
package import Measurement

extension ResultStore {
  /// Stores a run without its samples.
  package func insert(run: RunRecord) throws(StoreError) {
    try write { db in
      try insertScenario(of: run, db)
      try RunRow.insert(run, db)
      try insertTools(run.environment.tools, from: 0, run: run.id, db)
      try LinkRow.insert(run.links, run: run.id, db)
      for (position, planned) in run.cells.enumerated() {
        try db.execute(
          sql: """
            INSERT INTO cell (
              runId, position, workflow, path, variant, edit, link, developers, warmups,
              iterations)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
          arguments: [
            run.id, position, planned.cell.workflow.rawValue, planned.cell.path.rawValue,
            planned.cell.variant, planned.cell.edit, planned.cell.link, planned.cell.developers,
            planned.warmups, planned.iterations,
          ])
      }
    }
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
      try insertTools(Array(known[first...]), from: first, run: run, db)
    }
  }

  /// Stores a sample and its phases; committed and on the disk when the call returns.
  package func insert(sample: Sample, run: String) throws(StoreError) {
    let total = sample.phases.reduce(0) { $0 + $1.duration.wholeNanoseconds }
    guard total == sample.duration.wholeNanoseconds else {
      throw .refused(
        path: path,
        detail: "the phases of iteration \(sample.iteration) of \(sample.cell.name) add up to "
          + "\(total) ns, and the sample has \(sample.duration.wholeNanoseconds) ns")
    }
    try write { db in
      let cell = try cellID(of: sample.cell, run: run, db)
      let id = try SampleRow.insert(sample, cell: cell, db)
      for (position, phase) in sample.phases.enumerated() {
        try db.execute(
          sql: """
            INSERT INTO phase (
              sampleId, position, name, durationNanoseconds, bytesUp, bytesDown)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
          arguments: [
            id, position, phase.name, phase.duration.wholeNanoseconds, phase.traffic?.up,
            phase.traffic?.down,
          ])
      }
    }
  }

  /// Stores a trial of faults; committed and on the disk when the call returns.
  package func insert(trial: FaultTrial, run: String) throws(StoreError) {
    try write { db in
      try FaultTrialRow.insert(trial, cell: try cellID(of: trial.cell, run: run, db), db)
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
  /// `owner`, inside the transaction.
  package func markAbandoned(isAlive: (String) -> Bool) throws(StoreError) -> [String] {
    try write { db in
      let running = try Row.fetchAll(
        db, sql: "SELECT id, owner FROM run WHERE status = 'running' ORDER BY startedAt, rowid")
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

  private func insertTools(
    _ tools: [Environment.Tool], from first: Int, run: String, _ db: Database
  ) throws {
    for (position, tool) in tools.enumerated() {
      try db.execute(
        sql: "INSERT INTO tool (runId, position, name, version) VALUES (?, ?, ?, ?)",
        arguments: [run, first + position, tool.name, tool.version])
    }
  }

  /// Nightly runs repeat their scenario, so that its text is stored once per digest.
  private func insertScenario(of run: RunRecord, _ db: Database) throws {
    try db.execute(
      sql: "INSERT INTO scenario (digest, text) VALUES (?, ?) ON CONFLICT DO NOTHING",
      arguments: [run.scenarioDigest, run.scenarioText])
    let stored = try String.fetchOne(
      db, sql: "SELECT text FROM scenario WHERE digest = ?", arguments: [run.scenarioDigest])
    guard stored?.utf8.elementsEqual(run.scenarioText.utf8) == true else {
      throw StoreError.refused(
        path: path, detail: "the digest \(run.scenarioDigest) belongs to another scenario text")
    }
  }

  private func cellID(of cell: Cell, run: String, _ db: Database) throws -> Int64 {
    let id = try Int64.fetchOne(
      db,
      sql: """
        SELECT id FROM cell
        WHERE runId = ? AND workflow = ? AND path = ? AND variant = ? AND edit = ?
          AND link = ? AND developers = ?
        """,
      arguments: [
        run, cell.workflow.rawValue, cell.path.rawValue, cell.variant, cell.edit, cell.link,
        cell.developers,
      ])
    guard let id else {
      throw StoreError.refused(path: path, detail: "the run \(run) has no cell \(cell.name)")
    }
    return id
  }
}
