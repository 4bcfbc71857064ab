import Foundation
import GRDB
import Measurement

/// How a run becomes a row of `run` and back.
enum RunRow {
  static func insert(_ run: RunRecord, _ db: Database) throws {
    let environment = run.environment
    try db.execute(
      sql: """
        INSERT INTO run (
          id, scenario, scenarioDigest, startedAt, finishedAt, status, statusReason, seed,
          cellOrder, devbenchVersion, owner, appCommit, host, system, kernel, architecture,
          processor, cores, memoryBytes, loadBefore1, loadBefore5, loadBefore15, loadAfter1,
          loadAfter5, loadAfter15, appBranch, purpose, twin)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        run.id, run.scenario, run.scenarioDigest, StoredDate.text(run.startedAt),
        run.finishedAt.map(StoredDate.text), run.status.rawValue,
        run.statusReason.map(StoredText.text),
        String(run.seed), run.order, run.devbenchVersion, run.owner, environment.appCommit,
        environment.host, environment.system, environment.kernel, environment.architecture,
        environment.processor, environment.cores, environment.memoryBytes,
      ] + loadColumns(environment.loadBefore) + loadColumns(environment.loadAfter) + [
        environment.appBranch, run.purpose.rawValue, run.twin,
      ])
  }

  /// Changes what tells how a run ended.
  static func update(_ run: RunRecord, _ db: Database) throws {
    try db.execute(
      sql: """
        UPDATE run SET status = ?, statusReason = ?, finishedAt = ?,
          loadAfter1 = ?, loadAfter5 = ?, loadAfter15 = ?
        WHERE id = ?
        """,
      arguments: [
        run.status.rawValue, run.statusReason.map(StoredText.text),
        run.finishedAt.map(StoredDate.text),
      ] + loadColumns(run.environment.loadAfter) + [run.id])
  }

  static func fetch(_ id: String, _ db: Database) throws -> RunRecord? {
    guard let row = try Row.fetchOne(db, sql: Queries.run, arguments: [id]) else { return nil }
    let seedText: String = try row.value("seed")
    guard let seed = UInt64(seedText) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "seed is '\(seedText)'")
    }
    let loadAfter = try load(row, "loadAfter")
    let finishedAt: String? = try row.optional("finishedAt")
    return RunRecord(
      id: try row.value("id"),
      scenario: try row.value("scenario"),
      scenarioText: try row.value("scenarioText"),
      scenarioDigest: try row.value("scenarioDigest"),
      startedAt: try row.date("startedAt"),
      finishedAt: finishedAt == nil ? nil : try row.date("finishedAt"),
      status: try row.name("status"),
      statusReason: try row.optional("statusReason"),
      seed: seed,
      order: try row.value("cellOrder"),
      devbenchVersion: try row.value("devbenchVersion"),
      environment: Environment(
        host: try row.value("host"),
        system: try row.value("system"),
        kernel: try row.value("kernel"),
        architecture: try row.value("architecture"),
        processor: try row.value("processor"),
        cores: try row.value("cores"),
        memoryBytes: try row.value("memoryBytes"),
        loadBefore: try load(row, "loadBefore"),
        loadAfter: loadAfter.isEmpty ? nil : loadAfter,
        tools: try tools(of: id, db),
        appCommit: try row.optional("appCommit"),
        appBranch: row.hasColumn("appBranch") ? try row.optional("appBranch") : nil),
      cells: try cells(of: id, db),
      links: try LinkRow.fetch(run: id, db),
      owner: try row.value("owner"),
      purpose: row.hasColumn("purpose") ? try row.name("purpose") : .measurement,
      twin: row.hasColumn("twin") ? try row.optional("twin") : nil)
  }

  /// Averages over 1, 5 and 15 minutes, NULL where there is none.
  static func loadColumns(_ load: [Double]?) -> StatementArguments {
    let averages = load ?? []
    return StatementArguments((0..<3).map { averages.indices.contains($0) ? averages[$0] : nil })
  }

  private static func load(_ row: Row, _ prefix: String) throws -> [Double] {
    try [1, 5, 15].compactMap { try row.optional("\(prefix)\($0)") }
  }

  private static func tools(of run: String, _ db: Database) throws -> [Environment.Tool] {
    try Row.fetchAll(db, sql: Queries.tools, arguments: [run]).map { row in
      Environment.Tool(
        name: try row.value("name"), version: try row.value("version"))
    }
  }

  private static func cells(of run: String, _ db: Database) throws -> [RunRecord.PlannedCell] {
    try Row.fetchAll(db, sql: Queries.cells, arguments: [run]).map { row in
      RunRecord.PlannedCell(
        cell: try SampleRow.cell(row), warmups: try row.value("warmups"),
        iterations: try row.value("iterations"))
    }
  }
}
