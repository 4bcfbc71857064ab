import Foundation
import GRDB
import Measurement

extension ResultStore {
  /// The names of all scenarios that were measured, in the order of the alphabet.
  package func scenarios() throws(StoreError) -> [String] {
    try read { db in try String.fetchAll(db, sql: Queries.scenarios) }
  }

  /// What was measured of a scenario, run by run, as of one moment. Confirmations and calibrations aren't
  /// part of a history.
  package func history(_ filter: HistoryFilter) throws(StoreError) -> History {
    try read { db in
      let hasBranches = try db.columns(in: "run").contains { $0.name == "appBranch" }
      // A database without branches has nothing on any.
      if filter.branch != nil && !hasBranches {
        return History(runs: [], cells: [], entries: [])
      }
      return try HistoryReader(filter, hasPurposes: hasBranches).read(db)
    }
  }
}

/// Reads a history in a handful of statements, whatever its length.
private struct HistoryReader {
  private let filter: HistoryFilter
  private let source: String
  private let arguments: StatementArguments

  init(_ filter: HistoryFilter, hasPurposes: Bool) {
    self.filter = filter
    var conditions = ["scenario = ?"]
    var arguments: [any DatabaseValueConvertible] = [filter.scenario]
    if hasPurposes { conditions.append("purpose = 'measurement'") }
    if let since = filter.since {
      conditions.append("startedAt >= ?")
      arguments.append(StoredDate.text(since))
    }
    if let branch = filter.branch {
      conditions.append("appBranch = ?")
      arguments.append(branch)
    }
    let condition = conditions.joined(separator: " AND ")
    var source = "SELECT *, rowid AS number FROM run WHERE \(condition)"
    if let last = filter.last {
      source +=
        " ORDER BY startedAt DESC, rowid DESC LIMIT ? "
        + "+ (SELECT COUNT(*) FROM run WHERE \(condition) AND startedAt > ?)"
      arguments = arguments + [last] + arguments + [ResultStore.latest(filter.now)]
    }
    self.source = source
    self.arguments = StatementArguments(arguments)
  }

  func read(_ db: Database) throws -> History {
    var history = History(runs: [], cells: [], entries: [])
    let places = try readRuns(db, into: &history)
    try readTools(db, places, into: &history)
    try readLinks(db, places, into: &history)
    let entries = try readCells(db, places, into: &history)
    try readSamples(db, entries, into: &history)
    return history
  }

  /// - Returns: the place of each run by its row's number.
  private func readRuns(_ db: Database, into history: inout History) throws -> [Int64: Int] {
    var places: [Int64: Int] = [:]
    let rows = try Row.fetchCursor(
      db, sql: "SELECT * FROM (\(source)) ORDER BY startedAt, number", arguments: arguments)
    while let row = try rows.next() {
      places[try row.value("number")] = history.runs.count
      history.runs.append(
        History.Run(
          id: try row.value("id"), scenario: try row.value("scenario"),
          scenarioDigest: try row.value("scenarioDigest"), startedAt: try row.date("startedAt"),
          status: try row.name("status"), devbenchVersion: try row.value("devbenchVersion"),
          environment: Environment(
            host: try row.value("host"), system: try row.value("system"),
            kernel: try row.value("kernel"), architecture: try row.value("architecture"),
            processor: try row.value("processor"), cores: try row.value("cores"),
            memoryBytes: try row.value("memoryBytes"), loadBefore: [],
            appCommit: try row.optional("appCommit"),
            appBranch: row.hasColumn("appBranch") ? try row.optional("appBranch") : nil),
          links: []))
    }
    return places
  }

  private func readTools(
    _ db: Database, _ places: [Int64: Int], into history: inout History
  ) throws {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT wanted.number, tool.name, tool.version
        FROM (\(source)) AS wanted CROSS JOIN tool ON tool.runId = wanted.id
        WHERE tool.name LIKE '% engine' OR tool.name LIKE '% cluster'
        ORDER BY wanted.number, tool.position
        """, arguments: arguments)
    while let row = try rows.next() {
      guard let place = try places[row.value("number")] else { continue }
      history.runs[place].environment.tools.append(
        Environment.Tool(name: try row.value("name"), version: try row.value("version")))
    }
  }

  private func readLinks(
    _ db: Database, _ places: [Int64: Int], into history: inout History
  ) throws {
    guard try db.tableExists("link") else { return }
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT wanted.number, link.*
        FROM (\(source)) AS wanted CROSS JOIN link ON link.runId = wanted.id
        ORDER BY wanted.number, link.position
        """, arguments: arguments)
    while let row = try rows.next() {
      guard let place = try places[row.value("number")] else { continue }
      history.runs[place].links.append(try LinkRow.link(row))
    }
  }

  /// - Returns: the place of each entry by its cell's id.
  private func readCells(
    _ db: Database, _ places: [Int64: Int], into history: inout History
  ) throws -> [Int64: Int] {
    var entries: [(id: Int64, position: Int, entry: History.Entry)] = []
    // A history has the same few cells again and again: one text tells them apart.
    var known: [String: Int] = [:]
    let columns = try db.columns(in: "cell").map(\.name)
    let parts = ["workflow", "path", "variant", "edit", "link", "developers"]
      .filter(columns.contains).map { "cell.\($0)" }
    let name = parts.joined(separator: " || char(31) || ")
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT wanted.number, cell.id, cell.position, \(name), cell.*
        FROM (\(source)) AS wanted CROSS JOIN cell ON cell.runId = wanted.id
        """, arguments: arguments)
    while let row = try rows.next() {
      let text: String = row[3]
      guard let run = places[row[0]] else { continue }
      let cell: Int
      if let place = known[text] {
        cell = place
      } else {
        cell = history.cells.count
        known[text] = cell
        history.cells.append(try SampleRow.cell(row))
      }
      entries.append(
        (row[1], row[2], History.Entry(run: run, cell: cell, attempted: 0, served: 0)))
    }
    entries.sort { ($0.entry.run, $0.position) < ($1.entry.run, $1.position) }
    history.entries = entries.map(\.entry)
    return Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.id, $0) })
  }

  /// The index alone answers this, ordered by size within a cell.
  private func readSamples(
    _ db: Database, _ entries: [Int64: Int], into history: inout History
  ) throws {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT sample.cellId, sample.outcome = 'served', sample.durationNanoseconds
        FROM (\(source)) AS wanted CROSS JOIN cell ON cell.runId = wanted.id
          CROSS JOIN sample ON sample.cellId = cell.id
        WHERE sample.isWarmup = 0
        """, arguments: arguments)
    var current: Int64?
    var place: Int?
    var attempted = 0
    var served: [Int64] = []
    func close() {
      guard let place else { return }
      history.entries[place].attempted = attempted
      history.entries[place].served = served.count
      guard !served.isEmpty else { return }
      // Of an older database they come in the order of measuring.
      served.sort()
      history.entries[place].middle = served[(served.count - 1) / 2]...served[served.count / 2]
    }
    while let row = try rows.next() {
      let cell: Int64 = row[0]
      if cell != current {
        close()
        (current, place, attempted) = (cell, entries[cell], 0)
        served.removeAll(keepingCapacity: true)
      }
      attempted += 1
      if row[1] as Bool { served.append(row[2]) }
    }
    close()
  }
}
