import Foundation
import Measurement
import ResultStore
import Testing

@testable import Reports

@Suite struct ChangeRendererTests {
  typealias Fixture = ChangeFixture

  /// One cell of every verdict, and one that base doesn't have.
  static func mixed() throws -> ChangeReport {
    let cells = Fixture.edits(5)
    let steady = Take.served(Fixture.steady)
    func takes(_ all: [[Take]]) -> [(cell: Cell, takes: [Take])] {
      zip(cells, all).map { (cell: $0, takes: $1) }
    }
    let base = Fixture.run(
      "20261120-031500-0001", takes([steady, steady, steady, Take.served(Fixture.wild)]))
    let head = Fixture.run(
      "20261121-031500-0002",
      takes([
        Take.served(Fixture.times(1.3)), Take.served(Fixture.times(0.7)), steady,
        Take.served(Fixture.wild), steady,
      ]), day: 1, commit: "0f3c2ab1d2e3f4a5b6c7")
    return try Fixture.report([base], [head])
  }

  @Test func `terminal: the whole page at 80 columns`() throws {
    let expected = """
      flask-hello
      base: the base, 2026-11-21 03:15:00 UTC, host box, Debian GNU/Linux 12
      (bookworm), 2 cores, 4.1 GB, app commit 0123abc
      head: the head, 2026-11-22 03:15:00 UTC, host box, Debian GNU/Linux 12
      (bookworm), 2 cores, 4.1 GB, app commit 0f3c2ab1d2e3

      cell       base     head  ratio  95 % interval  verdict
      edit-1  0.200 s  0.260 s  1.30×      1.28–1.32  regression
      edit-4  0.550 s  0.550 s  1.00×      0.50–2.00  inconclusive
      edit-2  0.200 s  0.140 s  0.70×      0.69–0.71  improvement
      edit-3  0.200 s  0.200 s  1.00×      0.99–1.01  equivalent
      edit-5        –  0.200 s      –              –  not comparable

      """
    let page = ChangeTerminal().render(try Self.mixed())
    #expect(page.hasPrefix(expected), "\(page)")
    #expect(
      page.contains(
        "\n1 regression, 1 improvement, 1 equivalent, 1 inconclusive, 1 not comparable of 5\ncells.\n"
      ), "\(page)")
    #expect(page.contains("\n  edit-1: mostly detect: 0.100 s before, 0.130 s after.\n"), "\(page)")
    #expect(page.hasSuffix("devbench calibrate flask-hello\n"), "\(page)")
    #expect(page.split(separator: "\n").allSatisfy { DisplayWidth.of(String($0)) <= 80 })
  }

  @Test func `terminal: two sides that weren't always served fit as well`() throws {
    let report = try Fixture.report(
      Take.served(Fixture.wild) + [.timedOut], Take.served(Fixture.wild.reversed()) + [.failed])
    let page = ChangeTerminal().render(report)
    #expect(page.contains("0.550 s (10/11)"), "\(page)")
    #expect(page.split(separator: "\n").allSatisfy { DisplayWidth.of(String($0)) <= 80 })
  }

  @Test func `terminal: colour changes nothing but colour`() throws {
    let report = try Self.mixed()
    let coloured = ChangeTerminal(colour: true).render(report)
    #expect(coloured.contains("\u{1B}["))
    #expect(
      coloured.replacing(#/\u{1B}\[[0-9]*m/#, with: "") == ChangeTerminal().render(report))
  }

  @Test func `Markdown: what asks for attention is open and first, the rest folded`() throws {
    let page = ChangeMarkdown().render(try Self.mixed())
    #expect(
      page.hasPrefix("### flask-hello: regression\n\n**1 regression, 1 improvement"), "\(page)")
    let folds = page.components(separatedBy: "<details>")
    #expect(folds.count == 4 && page.components(separatedBy: "</details>").count == 4)
    #expect(folds[0].contains("| edit-1 | **regression** |") && folds[0].contains("| edit-2 |"))
    #expect(folds[1].hasPrefix("<summary>3 cells without an alarm</summary>"))
    #expect(folds[1].contains("| edit-3 |") && folds[1].contains("edit-4: the interval"))
    #expect(folds[2].hasPrefix("<summary>Where the change lies</summary>"))
    #expect(folds[3].contains("Rule: a regression or an improvement"))
  }

  @Test(arguments: ["edit", String(repeating: "long |", count: 60)])
  func `Markdown: three hundred cells fit a comment`(_ name: String) throws {
    let cells = (1...300).map {
      Cell(workflow: .localNative, path: .reload, edit: "\($0) \(name)")
    }
    let base = Fixture.run("base", cells.map { ($0, Take.served(Fixture.steady)) })
    let head = Fixture.run(
      "head", cells.map { ($0, Take.served(Fixture.times(1.3)) + [.timedOut]) })
    let report = try Fixture.report([base], [head])
    #expect(report.regressions.count == 300)
    let page = ChangeMarkdown().render(report)
    #expect(page.utf8.count <= 65_536, "\(page.utf8.count)")
    #expect(page.contains("300 regressions of 300 cells"))
    #expect(page.contains("more cells are left out."))
    #expect(
      page.components(separatedBy: "<details>").count
        == page.components(separatedBy: "</details>").count)
    #expect(page.contains("How this was judged") && page.hasSuffix("</sub>\n"))
  }

  // MARK: JSON

  struct Document: Decodable {
    struct Rule: Decodable { var margin, confidence, alarmLevel, familyLevel: Double }
    struct Side: Decodable {
      var label: String
      var runs: [String]
    }
    struct Summary: Decodable {
      var attempted, served: Int
      var median, low, high, p95, min, max: Double?
    }
    struct Phase: Decodable {
      var name: String
      var base, head: Double?
    }
    struct Cell: Decodable {
      var cell, workflow, path, variant, edit: String
      var link: String?
      var developers: Int
      var verdict, reason: String?
      var ratio, low, high: Double?
      var pairs: Int?
      var timePValue, successPValue: Double?
      var moreIterations: Int?
      var noise: Double?
      var differences: [String]
      var leftOut: Int
      var base, head: Summary
      var phases: [Phase]
    }
    var schemaVersion: Int
    var scenario, outcome: String
    var base, head: Side
    var paired, across: Bool
    var rule: Rule
    var notices: [String]
    var cells: [Cell]
  }

  @Test func `JSON has the contract's names, each of them always`() throws {
    let text = ChangeJSON().render(try Self.mixed())
    let document = try JSONDecoder().decode(Document.self, from: Data(text.utf8))
    #expect(document.schemaVersion == 1 && document.outcome == "regression")
    #expect(document.scenario == "flask-hello" && !document.paired && !document.across)
    #expect(document.base.label == "the base" && document.head.runs == ["20261121-031500-0002"])
    #expect(document.rule.margin == 0.05 && document.rule.alarmLevel == 0.005)
    #expect(document.cells.map(\.edit) == (1...5).map { "edit-\($0)" }, "head's order")
    #expect(
      document.cells.map(\.verdict) == [
        "regression", "improvement", "equivalent", "inconclusive", nil,
      ])
    #expect(document.cells.map(\.reason) == [nil, nil, nil, "undecided", nil])
    #expect(document.cells[0].base.median == 0.2 && document.cells[0].phases.count == 2)
    #expect(document.cells[4].base.attempted == 0 && document.cells[4].base.median == nil)
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let cells = try #require(object["cells"] as? [[String: Any]])
    #expect(Set(cells.map { $0.keys.sorted() }).count == 1)
    #expect(
      cells[0].keys.sorted() == [
        "base", "cell", "developers", "differences", "edit", "head", "high", "leftOut", "link",
        "low", "moreIterations", "noise", "pairs", "path", "phases", "ratio", "reason",
        "successPValue", "timePValue", "variant", "verdict", "workflow",
      ])
  }

  @Test func `JSON: a ratio to what was never served is null`() throws {
    let report = try Fixture.report(
      Take.served(Fixture.steady), Array(repeating: .timedOut, count: 10))
    let document = try JSONDecoder().decode(
      Document.self, from: Data(ChangeJSON().render(report).utf8))
    #expect(document.cells[0].ratio == nil && document.cells[0].verdict == "regression")
    #expect(document.cells[0].head.served == 0)
  }

  // MARK: HTML

  @Test func `HTML: needs nothing from elsewhere, and is the same every time`() throws {
    let html = try ChangeHTML().render(Self.mixed())
    for outside in ["http:", "https:", "src=", "href=", "url(", "@import", "<script", "<link"] {
      #expect(!html.contains(outside), "\(outside)")
    }
    #expect(try ChangeHTML().render(Self.mixed()) == html)
    _ = try Structure.of(html)
  }

  static let edges: [(String, [Take], [Take])] = [
    ("nothing", [], []), ("one a side", [200], [400]),
    ("never served", [.timedOut, .failed, .wrong], [.timedOut, .timedOut]),
    ("served in no time", [0, 0, 0], [0, 0, 0]),
    (
      "no more served", Take.served(Fixture.steady), Array(repeating: .timedOut, count: 10)
    ),
    ("nothing on one side", Take.served(Fixture.steady), []),
  ]

  @Test(arguments: edges) func `every renderer takes`(
    _ what: String, base: [Take], head: [Take]
  ) throws {
    let report = try Fixture.report(base, head)
    let html = try ChangeHTML().render(report)
    _ = try Structure.of(html)
    #expect(!html.contains("nan") && !html.contains("inf%"))
    _ = try JSONDecoder().decode(Document.self, from: Data(ChangeJSON().render(report).utf8))
    for page in [ChangeTerminal().render(report), ChangeMarkdown().render(report)] {
      #expect(!page.contains("nan") && !page.contains("inf "), "\(page)")
    }
  }

  // MARK: Hostile text

  static func hostile(_ text: String, across: Bool) throws -> ChangeReport {
    var (base, head) = (Hostile.run(text), Hostile.run(text))
    head.record.id = text + "2"
    base.record.environment.kernel = text + " older"
    head.record.scenarioDigest = base.record.scenarioDigest
    head.record.twin = base.record.id
    let key = head.record.cells.map { CellChange.key(head, $0.cell).digest }
    return try ChangeReport(
      base: RunSet(label: text, runs: [base]), head: RunSet(label: text, runs: [head]),
      calibrations: zip(head.record.cells, key).map { planned, key in
        StoredCalibration(
          run: text, cell: planned.cell.name, comparability: key, iterations: 10,
          comparisons: 10, falseAlarms: 0, noise: 0.4, detectable: nil)
      }, across: across)
  }

  @Test(arguments: Hostile.texts, [true, false])
  func `no text from outside changes a page's structure`(_ text: String, across: Bool) throws {
    let harmless = try Self.hostile("harmless", across: across)
    let report = try Self.hostile(text, across: across)
    #expect(
      try Structure.of(ChangeHTML().render(report)).elements
        == Structure.of(ChangeHTML().render(harmless)).elements)

    let markdown = ChangeMarkdown().render(report)
    #expect(
      EscapingTests.outline(markdown) == EscapingTests.outline(ChangeMarkdown().render(harmless)))
    #expect(!markdown.contains("<img") && !markdown.contains("<script"))
    #expect(!markdown.contains("@octocat") && !markdown.contains("]("))
    #expect(!markdown.contains("http://"))

    let terminal = ChangeTerminal().render(report)
    #expect(EscapingTests.controls(terminal).isEmpty)
    #expect(terminal.split(separator: "\n").allSatisfy { DisplayWidth.of(String($0)) <= 80 })

    let json = ChangeJSON().render(report)
    #expect(EscapingTests.controls(json).isEmpty)
    let document = try JSONDecoder().decode(Document.self, from: Data(json.utf8))
    #expect(document.scenario == text && document.base.label == text)
  }

  @Test(arguments: Hostile.texts) func `errors are made harmless`(_ text: String) {
    let errors: [ChangeError] = [
      .noRuns(text), .sameRun(text), .otherScenario(base: text, head: text),
    ]
    for error in errors { #expect(EscapingTests.controls(error.description).isEmpty) }
  }
}
