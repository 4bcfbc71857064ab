import Foundation
import Measurement
import Testing

@testable import Reports
@testable import ResultStore

@Suite struct TrendRendererTests {
  /// Steps up with a gap before, on two kinds of machines.
  static var stepped: TrendReport {
    var nights = Nights.levels((20, 200), (12, 260))
    nights.add(2, 300, kernel: "Linux 5.10")
    return nights.report(without: [8, 9])
  }

  @Test func `terminal: the whole page at 80 columns`() {
    let expected = """
      flask-hello
      32 runs from 2026-11-21 03:15 to 2026-12-24 03:15 UTC, the newest of commit c33

      cell                runs    level  changes  newest 24                 status
      reload (kernel        30  0.260 s        1  ▁ ▁▁▁▁▁▁▁▁▁▁▇██▇███▇██▇█  regression
      Linux 6.12.0)
      reload (kernel         2  0.300 s        0  ▁█                        too short
      Linux 5.10)

      """
    let page = TrendTerminal().render(Self.stepped)
    #expect(page.hasPrefix(expected), "\(page)")
    #expect(page.split(separator: "\n").allSatisfy { DisplayWidth.of(String($0)) <= 80 }, "\(page)")
    #expect(page.contains("reload: 1.30× the level that counts, since run r20"))
    #expect(page.contains("reload: 2 runs are missing in 1 gap"))
    #expect(
      page.contains(
        "\n1 regression, 1 series judged, 1 too short (fewer than 10 runs).\nA series is"),
      "\(page)")
  }

  @Test func `terminal: colour changes nothing but colour`() {
    let coloured = TrendTerminal(colour: true).render(Self.stepped)
    #expect(coloured.contains("\u{1B}["))
    #expect(
      coloured.replacing(#/\u{1B}\[[0-9]*m/#, with: "") == TrendTerminal().render(Self.stepped))
  }

  @Test func `Markdown: an alarm is open and first, the rest folded`() throws {
    let page = TrendMarkdown().render(Self.stepped)
    #expect(page.hasPrefix("**1 regression, 1 series judged"), "\(page)")
    let folds = page.components(separatedBy: "<details>")
    #expect(folds.count == 3 && page.components(separatedBy: "</details>").count == 3)
    #expect(folds[0].contains("**regression**") && !folds[0].contains("too short |"))
    #expect(folds[1].hasPrefix("<summary>1 series without an alarm</summary>"))
  }

  @Test(arguments: [
    (1, "edit", 300), (1, String(repeating: "long |", count: 60), 300), (20, "edit", 15),
  ]) func `Markdown: three hundred cells fit a comment`(
    _ scenarios: Int, name: String, cells: Int
  ) {
    var nights = Nights.levels((7, 200), (7, 260))
    nights.cells = (1...cells).map {
      Cell(workflow: .localNative, path: .reload, edit: "\($0) \(name)")
    }
    let report = TrendReport(
      (1...scenarios).map { number in
        var nights = nights
        nights.scenario = "scenario-\(number)"
        return (nights.history(without: [5]), [])
      }, now: Nights.date(10_000))
    #expect(report.regressions.count == 300)
    let page = TrendMarkdown().render(report)
    #expect(page.utf8.count <= 65_536, "\(page.utf8.count)")
    #expect(page.hasPrefix("**300 regressions, 300 series judged"))
    #expect(page.contains("left out."))
    #expect(
      page.components(separatedBy: "<details>").count
        == page.components(separatedBy: "</details>").count)
    #expect(page.contains("How this was judged"))
  }

  // MARK: JSON

  struct Document: Decodable {
    struct Change: Decodable {
      var run: String
      var before, after, ratio: Double?
      var pValue: Double
      var commitBefore, commitAfter: String?
    }
    struct Gap: Decodable {
      var afterRun: String
      var missing: Int
    }
    struct Blessed: Decodable { var run, why: String }
    struct Point: Decodable {
      var run, startedAt: String
      var attempted, served: Int
      var median: Double?
    }
    struct Series: Decodable {
      var cell, comparability: String
      var key: [String: String]
      var status: String
      var since: String?
      var ratio, level: Double?
      var broken: Int
      var changes: [Change]
      var gaps: [Gap]
      var blessed: [Blessed]
      var points: [Point]
    }
    struct Part: Decodable {
      var scenario: String
      var runs: Int
      var notices: [String]
      var series: [Series]
    }
    var schemaVersion: Int
    var margin: Double
    var judged, tooShort, regressions: Int
    var scenarios: [Part]
  }

  static func decode(_ report: TrendReport) throws -> Document {
    try JSONDecoder().decode(Document.self, from: Data(TrendJSON().render(report).utf8))
  }

  @Test func `JSON has the contract's names`() throws {
    let document = try Self.decode(Self.stepped)
    #expect(document.schemaVersion == 1 && document.margin == 0.05)
    #expect((document.judged, document.tooShort, document.regressions) == (1, 1, 1))
    let part = try #require(document.scenarios.first)
    #expect(part.scenario == "flask-hello" && part.runs == 32)
    let series = try #require(part.series.first)
    #expect(series.cell == "local-native/reload/message" && series.status == "regression")
    #expect(series.since == "r20" && series.ratio == 1.3 && series.level == 0.26)
    #expect(series.comparability.count == 12 && series.key["kernel"] == "Linux 6.12.0")
    #expect(series.changes.map(\.run) == ["r20"])
    #expect(series.changes[0].commitBefore == "c19" && series.changes[0].commitAfter == "c20")
    #expect(series.gaps.map(\.afterRun) == ["r7"] && series.gaps.map(\.missing) == [2])
    #expect(series.points.count == 30 && series.points[0].startedAt == "2026-11-21T03:15:00Z")
    #expect(part.series[1].status == "too short")
    let nights = Nights.levels((20, 200), (10, nil))
    let blessed = try Self.decode(nights.report(blessings: [nights.blessing(of: 20, why: "so")]))
    let unserved = blessed.scenarios[0].series[0]
    #expect(unserved.blessed.map(\.run) == ["r20"] && unserved.blessed.map(\.why) == ["so"])
    #expect(unserved.changes[0].after == nil && unserved.changes[0].ratio == nil)
    #expect(unserved.points.last?.median == nil && unserved.level == nil)
  }

  @Test func `JSON names the run before a regression, and its fields are those of the page`() throws
  {
    let object = try JSONSerialization.jsonObject(with: Data(TrendJSON().render(Self.stepped).utf8))
    let scenarios = try #require((object as? [String: Any])?["scenarios"] as? [[String: Any]])
    let series = try #require(scenarios.first?["series"] as? [[String: Any]])
    #expect(series.map { $0["before"] as? String } == ["r19", nil])
    #expect(series.allSatisfy { $0.keys.contains("before") })
    let root = URL(fileURLWithPath: #filePath).pathComponents.dropLast(4).joined(separator: "/")
    let docs = try String(contentsOfFile: "\(root)/docs/json.md", encoding: .utf8)
    let page = docs.components(separatedBy: "## devbench trend")[1]
      .components(separatedBy: "\n## ")[0]
    for name in series[0].keys { #expect(page.contains("`\(name)`"), "\(name)") }
  }

  // MARK: HTML

  @Test func `HTML: needs nothing from elsewhere, and is the same every time`() throws {
    let html = try TrendHTML().render(Self.stepped)
    for outside in ["http:", "https:", "src=\"", "url(", "@import", "<link"] {
      #expect(!html.contains(outside), "\(outside)")
    }
    #expect(
      html.components(separatedBy: "href=").dropFirst().allSatisfy { $0.hasPrefix("\"#") })
    #expect(try TrendHTML().render(Self.stepped) == html)
    let elements = try Structure.of(page: html).elements
    #expect(elements.count { $0.hasPrefix("figure") } == 2)
    #expect(elements.count { $0 == "script" } == 1)
    #expect(elements.count { $0.hasPrefix("circle") } == 32)
  }

  @Test func `HTML: the line breaks where runs are missing, and nowhere else`() throws {
    let whole = try TrendHTML().render(Nights.levels((20, 200)).report())
    let gap = try TrendHTML().render(Nights.levels((20, 200)).report(without: [9]))
    func starts(_ page: String) throws -> Int {
      let path = try #require(page.firstMatch(of: #/class="series" d="([^"]*)"/#)).1
      return path.count { $0 == "M" }
    }
    #expect(try starts(whole) == 1)
    #expect(try starts(gap) == 2)
  }

  @Test func `missing runs are a quiet note, a failed one is none`() throws {
    var nights = Nights.levels((30, 200))
    nights.cells = [RunFixture.reload, RunFixture.restart]
    nights.nights[29].status = .failed
    (nights.nights[20].attempted, nights.nights[20].served) = (0, 0)
    let report = nights.report(without: [9])
    let part = try #require(report.parts.first)
    #expect(part.notes == ["1 run is missing in 1 gap", "1 run ended before measuring"])
    #expect(part.alarms == ["the newest run, r29, failed"])
    #expect(part.notices == part.alarms + part.notes)
    let html = try TrendHTML().render(report)
    #expect(html.contains("<p class=\"faint\">1 run is missing in 1 gap</p>"))
    #expect(html.components(separatedBy: "<p class=\"notice\">").count == 2)
    let markdown = TrendMarkdown().render(report)
    #expect(markdown.contains("\n\n1 run is missing in 1 gap\n"), "\(markdown)")
    #expect(markdown.contains("> **The newest run, r29, failed**"), "\(markdown)")
    let terminal = TrendTerminal(colour: true).render(report)
    let style = try #require(terminal.firstMatch(of: #/(\x1B\[[0-9;]*m)1 run is missing/#)).1
    let alarm = try #require(terminal.firstMatch(of: #/(\x1B\[[0-9;]*m)The newest run/#)).1
    #expect(style != alarm)
  }

  static var empty: Nights {
    var nights = Nights.levels((20, nil))
    for index in nights.nights.indices { nights.nights[index].attempted = 0 }
    return nights
  }

  static var atOnce: Nights {
    var nights = Nights.levels((20, 200))
    for index in nights.nights.indices { nights.nights[index].day = 0 }
    return nights
  }

  static let edges: [(String, TrendReport)] = [
    ("nothing", TrendReport([], now: Nights.first)),
    ("a run", Nights.levels((1, 200)).report()),
    ("runs that ended before measuring", empty.report()),
    ("runs of one moment", atOnce.report()),
    ("only runs of the future", Nights.levels((3, 200)).report(now: Nights.date(-3))),
    ("never served", Nights.levels((20, nil)).report()),
    ("served in no time", Nights.levels((20, 0)).report()),
    ("served in no time at first", Nights.levels((10, 0), (10, 200)).report()),
    ("not served any more", Nights.levels((20, 200), (10, nil)).report()),
  ]

  @Test(arguments: edges) func `every renderer takes`(_ what: String, report: TrendReport) throws {
    let html = try TrendHTML().render(report)
    _ = try Structure.of(page: html)
    _ = try Self.decode(report)
    for page in [
      html.replacing(HTMLScript.text, with: ""), TrendTerminal().render(report),
      TrendMarkdown().render(report),
    ] {
      #expect(page.firstMatch(of: #/\bnan\b|\binf\b|-?inf%|nan%/#) == nil, "\(page)")
    }
  }

  // MARK: Hostile text

  /// Every text from outside is `text`, but for the two edits, which have to be two.
  static func hostile(_ text: String) -> TrendReport {
    var nights = Nights.levels((20, 200), (12, 260))
    nights.scenario = text
    nights.cells = ["a", "b"].map {
      Cell(workflow: .localNative, path: .reload, edit: $0 + text, link: text)
    }
    nights.nights[31].status = .failed
    var history = nights.history(without: [4])
    for index in history.runs.indices {
      history.runs[index].id = text + "\(index)"
      history.runs[index].devbenchVersion = index < 19 ? text : text + "2"
      let old = history.runs[index].environment
      history.runs[index].environment = Environment(
        host: text, system: text, kernel: index < 2 ? text + "1" : text, architecture: text,
        processor: text, cores: old.cores, memoryBytes: old.memoryBytes, loadBefore: [0, 0, 0],
        tools: [.init(name: "local-native engine", version: text)],
        appCommit: index < 19 ? text : text + "2")
      history.runs[index].links = [LinkFacts(name: text, roundTrip: .milliseconds(5))]
    }
    let blessings = history.cells.flatMap { cell in
      [3, 20].map { index in
        Blessing(
          scenario: text, cell: cell.name, run: history.runs[index].id, why: text,
          blessedAt: Nights.first)
      }
    }
    return TrendReport([(history, [blessings[0], blessings[3]])], now: Nights.date(10_000))
  }

  @Test(arguments: Hostile.texts)
  func `no text from outside changes a page's structure`(_ text: String) throws {
    let (report, harmless) = (Self.hostile(text), Self.hostile("harmless"))
    #expect(report.series.map(\.statusText) == harmless.series.map(\.statusText))
    let html = try TrendHTML().render(report)
    #expect(
      try Structure.of(page: html).elements
        == Structure.of(page: TrendHTML().render(harmless)).elements)
    #expect(html.components(separatedBy: "</script>").count == 3)
    // A run's line has a word for its place in every case.
    let lines = try #require(
      html.firstMatch(of: #/<script type="text\/plain" id="runs0">([^<]*)</#)
    ).1.split(separator: "\n")
    #expect(lines.count == report.parts[0].runs.count)
    #expect(lines.allSatisfy { $0.split(separator: " ").count == 4 }, "\(lines)")

    let markdown = TrendMarkdown().render(report)
    #expect(
      EscapingTests.outline(markdown) == EscapingTests.outline(TrendMarkdown().render(harmless)))
    #expect(!markdown.contains("<img") && !markdown.contains("<script"))
    #expect(!markdown.contains("@octocat") && !markdown.contains("]("))
    #expect(!markdown.contains("http://"))

    let terminal = TrendTerminal().render(report)
    #expect(EscapingTests.controls(terminal).isEmpty)
    #expect(terminal.split(separator: "\n").allSatisfy { DisplayWidth.of(String($0)) <= 80 })

    let json = TrendJSON().render(report)
    #expect(EscapingTests.controls(json).isEmpty)
    #expect(try Self.decode(report).scenarios.map(\.scenario) == [text])
  }
}
