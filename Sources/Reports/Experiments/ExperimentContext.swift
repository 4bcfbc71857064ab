import Measurement

/// What the HTML template of experiments is filled with. Texts are put in as they are: the template escapes them.
enum ExperimentContext {
  /// Rows beyond these are behind a fold.
  private static let rowsShown = 40
  private static let problemsShown = 20

  static func sections(of report: ExperimentReport) -> [[String: Any]] {
    report.sections.map { section in
      let more = section.problems.count - problemsShown
      return [
        "identifier": "experiment-\(section.experiment.rawValue)",
        "title": section.title.uppercasedStart,
        "intro": section.intro,
        "remarks": section.remarks.map {
          ["remark": PlainText.line($0.uppercasedStart, limit: 600) + "."]
        },
        "tables": section.tables.map(table),
        "problems": section.problems.prefix(problemsShown).map { problem in
          [
            "problem": PlainText.line(problem.title, limit: 300),
            "problemClass": problem.isBad ? "bad" : "",
            "reason": Excerpt.lines(of: problem.reason, lines: 40).joined(separator: "\n"),
          ]
        },
        "moreProblems": more > 0 ? "And \(more) other reasons." : "",
        "samplesNote": PlainText.line(report.samplesNote(section), limit: 600),
      ]
    }
  }

  private static func table(_ table: ReportTable) -> [String: Any] {
    let rows = table.rows.map { row(of: table, $0) }
    let rest = Array(rows.dropFirst(rowsShown))
    let columns = table.columns.map {
      ["column": PlainText.line($0.title), "columnClass": $0.kind == .figure ? "" : "text"]
    }
    return [
      "title": PlainText.line(table.title),
      "note": PlainText.line(table.note, limit: 600),
      "columns": columns,
      "rows": Array(rows.prefix(rowsShown)),
      "hasRest": !rest.isEmpty,
      "rest": [
        [
          "restTitle": "\(rest.count) more", "title": PlainText.line(table.title),
          "columns": columns,
          "rows": rest,
        ] as [String: Any]
      ],
    ]
  }

  private static func row(of table: ReportTable, _ row: ReportTable.Row) -> [String: Any] {
    let texts = row.texts.map { PlainText.line($0, limit: 400) }
    return [
      "name": texts.first ?? "",
      "values": zip(texts, table.columns).dropFirst().map { text, column in
        [
          "value": text,
          "valueClass": row.isBad && column.title == "completed"
            ? "bad" : column.kind == .figure ? "" : "text",
        ]
      },
    ]
  }
}
