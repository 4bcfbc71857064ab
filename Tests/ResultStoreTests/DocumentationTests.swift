import Foundation
import GRDB
import Measurement
import ResultStore
import Testing

/// `docs/results.md` promises columns and queries; both are held against a real database.
@Suite struct DocumentationTests {
  let directory: TemporaryDirectory
  let database: DatabaseQueue
  let text: String

  init() throws {
    directory = try TemporaryDirectory()
    let run = try Fixture.filled(directory.file()).record.id
    let store = try ResultStore.open(path: directory.file())
    for number in 1...3 {
      var trial = Fixture.experiment(number, outcome: number == 3 ? .timedOut : .completed)
      trial.phases = []
      trial.duration = .milliseconds(1000 + number)
      try store.insert(experiment: trial, run: run)
    }
    try store.close()
    database = try DatabaseQueue(path: directory.file())
    let page = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("docs/results.md")
    text = try String(contentsOf: page, encoding: .utf8)
  }

  /// Of the fixture: four edits of each cell served, two of them as warm-ups.
  static let answers: [(Int, String)] = [
    (0, "local-native reload  message 3 1.6"),
    (1, "local-native reload  message 10 6 3 1 1 1"),
    (2, "local-native reload  message detect 1.2 25.0"),
    (3, "recovery process-killed local-native reload 2 1.002"),
    (4, "2026-11-21T03:20:01.500Z local-native reload  message 8 wrong 3.2 reload"),
    (5, "bench 2 1 1 1 2026-11-21T03:20:00.123Z 2026-11-21T03:20:00.123Z 0"),
  ]

  @Test(arguments: answers) func anExampleAnswers(_ index: Int, _ firstRow: String) throws {
    let queries = queries
    try #require(queries.count == Self.answers.count)
    let rows = try database.read { db in
      try Row.fetchAll(db, sql: queries[index])
    }
    let first = try #require(rows.first)
    #expect(first.databaseValues.map(\.storage.text).joined(separator: " ") == firstRow)
  }

  @Test func everyColumnIsDocumentedInItsTable() throws {
    let tables = try database.read { db in
      try String.fetchAll(
        db,
        sql: "SELECT name FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE '%\\_%' "
          + "ESCAPE '\\'")
    }
    #expect(
      Set(tables) == [
        "run", "tool", "scenario", "cell", "sample", "phase", "link", "faultTrial", "faultSpan",
        "faultEdit", "faultNote", "calibration", "blessing", "experimentTrial", "experimentPhase",
        "experimentFigure", "experimentFact", "experimentNote",
      ])
    for table in tables {
      let start = try #require(text.range(of: "\n### \(table): ")).upperBound
      let section = text[start...].prefix(while: { $0 != "#" })
      let documented = section.split(separator: "\n").filter { $0.hasPrefix("| `") }
        .flatMap { line in
          line.split(separator: "|")[0].split(separator: "`").enumerated()
            .filter { !$0.offset.isMultiple(of: 2) }.map { String($0.element) }
        }
      let columns = try database.read { db in try db.columns(in: table).map(\.name) }
      #expect(Set(documented) == Set(columns), "\(table)")
    }
  }

  private var queries: [String] {
    text.components(separatedBy: "```sql\n").dropFirst().map { rest in
      rest.components(separatedBy: "```")[0]
    }
  }
}

extension DatabaseValue.Storage {
  fileprivate var text: String {
    switch self {
    case .null: "NULL"
    case .int64(let value): "\(value)"
    case .double(let value): "\(value)"
    case .string(let value): value
    case .blob(let value): "\(value.count) bytes"
    }
  }
}
