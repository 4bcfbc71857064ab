import Clock
import GRDB
import Measurement

/// How a sample becomes a row of `sample` and back.
enum SampleRow {
  /// - Returns: The row's id.
  static func insert(_ sample: Sample, cell: Int64, _ db: Database) throws -> Int64 {
    try db.cachedStatement(
      sql: """
        INSERT INTO sample (
          cellId, developer, iteration, isWarmup, block, token, savedAtNanoseconds, savedOn, outcome, reason,
          durationNanoseconds, bracketLowNanoseconds, bracketHighNanoseconds, lastOldNanoseconds,
          probes, replicas, replicasServed, allServedNanoseconds)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      cell, sample.developer, sample.iteration, sample.isWarmup, sample.block, sample.token,
      sample.savedAt.nanoseconds, StoredDate.text(sample.savedOn), sample.outcome.rawValue,
      sample.reason.map(StoredText.text), sample.duration.wholeNanoseconds,
      sample.bracket?.low.wholeNanoseconds,
      sample.bracket?.high.wholeNanoseconds, sample.bracket?.lastOld?.wholeNanoseconds,
      sample.probes, sample.replicas, sample.replicasServed, sample.allServed?.wholeNanoseconds,
    ])
    return db.lastInsertedRowID
  }

  /// In the order in which they were measured.
  static func fetch(run: RunRecord, _ db: Database) throws -> [Sample] {
    let cells = try cellsByID(of: run.id, db)
    var ids: [Int64] = []
    var samples: [Sample] = []
    let rows = try Row.fetchCursor(db, sql: Queries.samples, arguments: [run.id])
    while let row = try rows.next() {
      guard let cell = try cells[row.value("cellId")] else { continue }
      ids.append(try row.value("id"))
      samples.append(try sample(row, cell: cell))
    }

    // Both queries sort by the sample, so that one walk brings them together.
    var index = 0
    let phases = try Row.fetchCursor(db, sql: Queries.phases, arguments: [run.id])
    while let row = try phases.next() {
      let id: Int64 = try row.value("sampleId")
      while index < ids.count, ids[index] < id { index += 1 }
      guard index < ids.count, ids[index] == id else { continue }
      samples[index].phases.append(
        Phase(
          name: try row.value("name"), duration: try row.duration("durationNanoseconds"),
          traffic: try traffic(row)))
    }
    return samples
  }

  static func traffic(_ row: Row) throws -> Traffic? {
    guard row.hasColumn("bytesUp"), let up: Int = try row.optional("bytesUp"),
      let down: Int = try row.optional("bytesDown")
    else { return nil }
    return Traffic(up: up, down: down)
  }

  static func cell(_ row: Row) throws -> Cell {
    Cell(
      workflow: try row.name("workflow"), path: try row.name("path"),
      variant: row.hasColumn("variant") ? try row.value("variant") : "",
      edit: try row.value("edit"),
      link: row.hasColumn("link") ? try row.value("link") : "",
      developers: row.hasColumn("developers") ? try row.value("developers") : 1)
  }

  static func cellsByID(of run: String, _ db: Database) throws -> [Int64: Cell] {
    var cells: [Int64: Cell] = [:]
    for row in try Row.fetchAll(db, sql: Queries.cells, arguments: [run]) {
      cells[try row.value("id")] = try cell(row)
    }
    return cells
  }

  private static func sample(_ row: Row, cell: Cell) throws -> Sample {
    Sample(
      cell: cell,
      developer: row.hasColumn("developer") ? try row.value("developer") : 1,
      iteration: try row.value("iteration"),
      isWarmup: try row.value("isWarmup"),
      block: try row.value("block"),
      token: try row.value("token"),
      savedAt: MonotonicInstant(nanoseconds: try row.value("savedAtNanoseconds")),
      savedOn: try row.date("savedOn"),
      outcome: try row.name("outcome"),
      reason: try row.optional("reason"),
      duration: try row.duration("durationNanoseconds"),
      bracket: try bracket(row),
      phases: [],
      probes: try row.value("probes"),
      replicas: row.hasColumn("replicas") ? try row.value("replicas") : 1,
      replicasServed: row.hasColumn("replicasServed") ? try row.optional("replicasServed") : nil,
      allServed: try allServed(row))
  }

  private static func allServed(_ row: Row) throws -> Duration? {
    guard row.hasColumn("allServedNanoseconds"),
      let nanoseconds: Int64 = try row.optional("allServedNanoseconds")
    else { return nil }
    return .nanoseconds(nanoseconds)
  }

  static func bracket(_ row: Row) throws -> Bracket? {
    guard let low: Int64 = try row.optional("bracketLowNanoseconds") else {
      return nil
    }
    let lastOld: Int64? = try row.optional("lastOldNanoseconds")
    return Bracket(
      low: .nanoseconds(low), high: try row.duration("bracketHighNanoseconds"),
      lastOld: lastOld.map { .nanoseconds($0) })
  }
}
