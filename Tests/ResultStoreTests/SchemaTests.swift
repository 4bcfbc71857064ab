import GRDB
import ResultStore
import Testing

@Suite struct SchemaTests {
  let directory: TemporaryDirectory
  let database: DatabaseQueue

  init() throws {
    directory = try TemporaryDirectory()
    let run = try Fixture.filled(directory.file()).record.id
    let store = try ResultStore.open(path: directory.file())
    try store.insert(experiment: Fixture.experiment(), run: run)
    try store.close()
    database = try DatabaseQueue(path: directory.file())
  }

  @Test func aFileIsRecognisedByItsID() throws {
    let pragmas = try database.read { db in
      try ["application_id", "journal_mode", "integrity_check"].map { pragma in
        try String.fetchOne(db, sql: "PRAGMA \(pragma)")
      }
    }
    #expect(pragmas == ["\(0x6476_626e)", "wal", "ok"])
  }

  @Test func everyTableIsStrict() throws {
    let loose = try database.read { db in
      try String.fetchAll(
        db, sql: "SELECT name FROM pragma_table_list WHERE schema = 'main' AND NOT strict")
    }
    #expect(Set(loose) == ["sqlite_schema", "grdb_migrations"])
  }

  @Test(arguments: [
    "UPDATE sample SET durationNanoseconds = 'long'",
    "UPDATE sample SET durationNanoseconds = 1.5",
    "UPDATE sample SET isWarmup = 2",
    "UPDATE sample SET outcome = NULL",
    "UPDATE sample SET bracketLowNanoseconds = 5",
    "UPDATE sample SET lastOldNanoseconds = 5",
    "UPDATE sample SET cellId = 99",
    "UPDATE phase SET sampleId = 9999",
    "UPDATE run SET scenarioDigest = 'none'",
    "UPDATE run SET cores = 'two'",
    "DELETE FROM scenario",
    "UPDATE experimentTrial SET durationNanoseconds = 1.5",
    "UPDATE experimentTrial SET experiment = NULL",
    "UPDATE experimentTrial SET cellId = 99",
    "UPDATE experimentTrial SET bracketHighNanoseconds = NULL",
    "UPDATE experimentTrial SET bracketLowNanoseconds = NULL, bracketHighNanoseconds = NULL",
    "UPDATE experimentPhase SET trialId = 99",
    "UPDATE experimentFigure SET value = 'much'",
    "UPDATE experimentFigure SET value = NULL",
    "UPDATE experimentFact SET groupName = NULL",
    "INSERT INTO experimentNote VALUES (99, 0, 'of no trial')",
  ])
  func nonsenseIsRefused(_ sql: String) throws {
    let error = #expect(throws: DatabaseError.self) {
      try database.write { db in try db.execute(sql: sql) }
    }
    #expect(error?.resultCode == .SQLITE_CONSTRAINT)
  }

  @Test func deletingARunDeletesAllOfIt() throws {
    let counts = try database.write { db in
      try db.execute(sql: "DELETE FROM run")
      return try [
        "cell", "sample", "phase", "tool", "experimentTrial", "experimentPhase", "experimentFigure",
        "experimentFact", "experimentNote",
      ].filter { table in try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM \(table)") != 0 }
    }
    #expect(counts == [])
  }

  static let queries: [(String, StatementArguments)] = [
    (Queries.latestRun, ["2026"]), (Queries.runsAfter, ["2026"]),
    (Queries.runsByPrefix, ["2026", 6]),
    (Queries.newestRuns, [5]),
    (Queries.runsSince, ["2026"]), (Queries.runsOfScenarioSince, ["flask-hello", "2026"]),
    (Queries.listings, [50]), (Queries.run, ["id"]), (Queries.tools, ["id"]),
    (Queries.cells, ["id"]), (Queries.samples, ["id"]), (Queries.phases, ["id"]),
    (Queries.faultTrials, ["id"]), (Queries.experimentTrials, ["id"]),
    (Queries.experimentsOfRun, ["id"]), (Queries.experimentPhases, [1]),
    (Queries.experimentFigures, [1]), (Queries.experimentFacts, [1]),
    (Queries.experimentNotes, [1]),
    (Queries.calibrationsOfRun, ["id"]), (Queries.blessingsOfRun, ["flask-hello", "id"]),
    (Queries.blessings, ["flask-hello"]),
  ]

  /// A report has to be quick among a million samples.
  @Test(arguments: queries.indices) func noReportScansATable(_ index: Int) throws {
    let (query, arguments) = Self.queries[index]
    let plan = try database.read { db in
      try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + query, arguments: arguments)
        .map { row -> String in row["detail"] }
    }
    // The newest runs come from the end of an index, as many as the limit says.
    let scans = plan.filter { $0.hasPrefix("SCAN") }
      .filter { $0 != "SCAN run USING INDEX runOnStartedAt" }
      .filter { $0 != "SCAN run USING COVERING INDEX runOnStartedAt" }
    #expect(scans.isEmpty, "\(plan)")
  }
}
