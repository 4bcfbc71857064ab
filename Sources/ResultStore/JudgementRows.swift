import GRDB
import Measurement

/// How calibrations and blessings become rows and back, and how those of another database join them.
enum JudgementRows {
  static func insert(_ calibration: StoredCalibration, _ db: Database) throws {
    try db.execute(
      sql: """
        INSERT OR REPLACE INTO calibration (
          runId, cell, comparability, iterations, comparisons, falseAlarms, noise, detectable)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        calibration.run, calibration.cell, calibration.comparability, calibration.iterations,
        calibration.comparisons, calibration.falseAlarms, calibration.noise,
        calibration.detectable,
      ])
  }

  static func insert(_ blessing: Blessing, _ db: Database) throws {
    try db.execute(
      sql: """
        INSERT INTO blessing (scenario, cell, runId, why, blessedAt, takenBackAt)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        blessing.scenario, blessing.cell, blessing.run, StoredText.text(blessing.why),
        StoredDate.text(blessing.blessedAt), blessing.takenBackAt.map(StoredDate.text),
      ])
  }

  static func calibration(_ row: Row) throws -> StoredCalibration {
    StoredCalibration(
      run: try row.value("runId"), cell: try row.value("cell"),
      comparability: try row.value("comparability"), iterations: try row.value("iterations"),
      comparisons: try row.value("comparisons"), falseAlarms: try row.value("falseAlarms"),
      noise: try row.value("noise"), detectable: try row.optional("detectable"))
  }

  static func blessing(_ row: Row) throws -> Blessing {
    let takenBackAt: String? = try row.optional("takenBackAt")
    return Blessing(
      scenario: try row.value("scenario"), cell: try row.value("cell"),
      run: try row.value("runId"), why: try row.value("why"),
      blessedAt: try row.date("blessedAt"),
      takenBackAt: takenBackAt == nil ? nil : try row.date("takenBackAt"))
  }

  /// None of a database of a version that knew no judgements.
  static func fetch(run: RunRecord, _ db: Database) throws -> RunJudgements {
    guard try db.tableExists("calibration"), try db.tableExists("blessing") else {
      return RunJudgements()
    }
    return RunJudgements(
      calibrations: try Row.fetchAll(db, sql: Queries.calibrationsOfRun, arguments: [run.id])
        .map(calibration),
      blessings: try Row.fetchAll(
        db, sql: Queries.blessingsOfRun, arguments: [run.scenario, run.id]
      ).map(blessing))
  }

  /// Adds what isn't there, and takes back what was taken back there. A calibration of a cell that the run has
  /// one of already stays: both are of the same samples.
  ///
  /// - Returns: whether anything was news.
  static func merge(
    _ theirs: RunJudgements, into ours: RunJudgements, of run: RunRecord, _ db: Database
  ) throws -> Bool {
    var isNews = false
    for calibration in theirs.calibrations
    where !ours.calibrations.contains(where: { $0.cell.utf8.elementsEqual(calibration.cell.utf8) })
    {
      try insert(calibration, db)
      isNews = true
    }
    var known = ours.blessings
    for blessing in theirs.blessings {
      guard let index = known.firstIndex(where: { $0.isSame(as: blessing) }) else {
        try insert(blessing, db)
        known.append(blessing)
        isNews = true
        continue
      }
      let later = known[index].later(blessing)
      guard later != known[index] else { continue }
      known[index] = later
      try db.execute(
        sql: """
          UPDATE blessing SET takenBackAt = ?
          WHERE scenario = ? AND cell = ? AND runId = ? AND why = ? AND blessedAt = ?
          """,
        arguments: [
          later.takenBackAt.map(StoredDate.text), later.scenario, later.cell, later.run,
          StoredText.text(later.why), StoredDate.text(later.blessedAt),
        ])
      isNews = true
    }
    return isNews
  }
}
