package import Foundation
import GRDB

/// What is stored beside measurements so that they can be judged.
extension ResultStore {
  /// Stores a calibration, in place of what the same run said of the same cell before.
  package func insert(calibration: StoredCalibration) throws(StoreError) {
    try write { db in try JudgementRows.insert(calibration, db) }
  }

  /// The newest calibration of each cell and comparability; none of a database that knew no calibrations.
  package func calibrations() throws(StoreError) -> [StoredCalibration] {
    try read { db in
      guard try db.tableExists("calibration") else { return [] }
      let rows = try Row.fetchAll(db, sql: Queries.calibrations)
      var known: Set<[String]> = []
      return try rows.map(JudgementRows.calibration).filter {
        known.insert([$0.cell, $0.comparability]).inserted
      }
    }
  }

  /// Accepts a level. What was accepted before of the same cell stays in the history.
  package func insert(blessing: Blessing) throws(StoreError) {
    try write { db in try JudgementRows.insert(blessing, db) }
  }

  /// Takes back what holds of a cell, or only what was accepted from one run on.
  ///
  /// - Returns: how many.
  package func takeBack(
    scenario: String, cell: String, run: String? = nil, at date: Date
  ) throws(StoreError) -> Int {
    try write { db in
      try db.execute(
        sql: """
          UPDATE blessing SET takenBackAt = ?
          WHERE scenario = ? AND cell = ? AND takenBackAt IS NULL AND (? IS NULL OR runId = ?)
          """, arguments: [StoredDate.text(date), scenario, cell, run, run])
      return db.changesCount
    }
  }

  /// Of a scenario, in the order in which they were accepted, with those that were taken back.
  package func blessings(scenario: String) throws(StoreError) -> [Blessing] {
    try read { db in
      guard try db.tableExists("blessing") else { return [] }
      return try Row.fetchAll(db, sql: Queries.blessings, arguments: [scenario])
        .map(JudgementRows.blessing)
    }
  }

  /// Ids of the runs of a commit, newest first; measurements only.
  ///
  /// - Parameter commit: in full, as `git rev-parse` has it. Runs of changed files aren't of it.
  package func runs(ofCommit commit: String, scenario: String? = nil) throws(StoreError) -> [String]
  {
    try runs(where: "appCommit = ?", commit, scenario: scenario)
  }

  /// Ids of the runs of a branch, newest first; measurements only.
  package func runs(ofBranch branch: String, scenario: String? = nil) throws(StoreError) -> [String]
  {
    try read { db in try db.columns(in: "run").contains { $0.name == "appBranch" } }
      ? try runs(where: "appBranch = ?", branch, scenario: scenario) : []
  }

  /// The scenario that was measured last; confirmations and calibrations don't count.
  package func scenarioOfLatestRun(now: Date = Date()) throws(StoreError) -> String {
    let name = try read { db in
      let hasPurposes = try db.columns(in: "run").contains { $0.name == "purpose" }
      return try String.fetchOne(
        db,
        sql: "SELECT scenario FROM run "
          + (hasPurposes ? "WHERE purpose = 'measurement' " : "")
          + "ORDER BY startedAt > ?, startedAt DESC, rowid DESC LIMIT 1",
        arguments: [Self.latest(now)])
    }
    guard let name else { throw .noRuns(path: path) }
    return name
  }

  /// Ids of the runs of a scenario, newest first; measurements only, and without those that are dated later
  /// than now, unless all are.
  package func runs(
    ofScenario scenario: String, now: Date = Date()
  ) throws(StoreError) -> [String] {
    let all = try runs(where: "scenario = ?", scenario, scenario: nil)
    let future = Set(try futureRuns(now: now).map(\.id))
    let past = all.filter { !future.contains($0) }
    return past.isEmpty ? all : past
  }

  private func runs(
    where condition: String, _ value: String, scenario: String?
  ) throws(StoreError) -> [String] {
    try read { db in
      var sql = "SELECT id FROM run WHERE \(condition)"
      var arguments: [any DatabaseValueConvertible] = [value]
      if let scenario {
        sql += " AND scenario = ?"
        arguments.append(scenario)
      }
      if try db.columns(in: "run").contains(where: { $0.name == "purpose" }) {
        sql += " AND purpose = 'measurement'"
      }
      return try String.fetchAll(
        db, sql: sql + " ORDER BY startedAt DESC, rowid DESC",
        arguments: StatementArguments(arguments))
    }
  }
}
