import Clock
import GRDB
import Measurement

/// What writing and merging put into the tables. Each is called inside a transaction.
extension ResultStore {
  /// A run with its tools, links and cells, without its samples.
  func insertRows(of run: RunRecord, _ db: Database) throws {
    try insertScenario(of: run, db)
    try RunRow.insert(run, db)
    try insertTools(run.environment.tools[...], run: run.id, db)
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

  /// Tools at the positions that they have in the whole list of the run's.
  func insertTools(
    _ tools: ArraySlice<Environment.Tool>, run: String, _ db: Database
  ) throws {
    for (position, tool) in zip(tools.indices, tools) {
      try db.execute(
        sql: "INSERT INTO tool (runId, position, name, version) VALUES (?, ?, ?, ?)",
        arguments: [run, position, tool.name, tool.version])
    }
  }

  /// A sample with its phases, which have to add up to its duration.
  func insertRows(of sample: Sample, cell: Int64, _ db: Database) throws {
    let total = sample.phases.reduce(0) { $0 + $1.duration.wholeNanoseconds }
    guard total == sample.duration.wholeNanoseconds else {
      throw StoreError.refused(
        path: path,
        detail: "the phases of iteration \(sample.iteration) of \(sample.cell.name) add up to "
          + "\(total) ns, and the sample has \(sample.duration.wholeNanoseconds) ns")
    }
    let id = try SampleRow.insert(sample, cell: cell, db)
    for (position, phase) in sample.phases.enumerated() {
      try db.cachedStatement(
        sql: """
          INSERT INTO phase (
            sampleId, position, name, durationNanoseconds, bytesUp, bytesDown)
          VALUES (?, ?, ?, ?, ?, ?)
          """
      ).execute(arguments: [
        id, position, phase.name, phase.duration.wholeNanoseconds, phase.traffic?.up,
        phase.traffic?.down,
      ])
    }
  }

  /// A trial of an experiment with its parts.
  func insertRows(of trial: ExperimentTrial, cell: Int64, _ db: Database) throws {
    if let problem = ExperimentTrialRow.problem(of: trial) {
      throw StoreError.refused(path: path, detail: problem)
    }
    try ExperimentTrialRow.insert(trial, cell: cell, db)
  }

  func cellID(of cell: Cell, run: String, _ db: Database) throws -> Int64 {
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
}
