import Clock
import GRDB
import Measurement

/// How a run's links become rows of `link` and back.
enum LinkRow {
  static func insert(_ links: [LinkFacts], run: String, _ db: Database) throws {
    for (position, link) in links.enumerated() {
      try db.execute(
        sql: """
          INSERT INTO link (
            runId, position, name, rttNanoseconds, jitterNanoseconds, upBitsPerSecond,
            downBitsPerSecond)
          VALUES (?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          run, position, link.name, link.roundTrip.wholeNanoseconds,
          link.jitter.wholeNanoseconds, link.up, link.down,
        ])
    }
  }

  /// None in a database of a version that knew no links.
  static func fetch(run: String, _ db: Database) throws -> [LinkFacts] {
    guard try db.tableExists("link") else { return [] }
    return try Row.fetchAll(db, sql: Queries.links, arguments: [run]).map(link)
  }

  static func link(_ row: Row) throws -> LinkFacts {
    LinkFacts(
      name: try row.value("name"), roundTrip: try row.duration("rttNanoseconds"),
      jitter: try row.duration("jitterNanoseconds"), up: try row.optional("upBitsPerSecond"),
      down: try row.optional("downBitsPerSecond"))
  }
}
