import Decision
import DecisionTesting
import Measurement
import Parity
import Statistics
import Testing

@testable import Reports

/// What a decision says in words, and how its figures read.
struct DecisionTextTests {
  typealias Fixture = DecisionFixture

  static let commands: [(String, [String])] = [
    ("devbench show loop", ["  [1] devbench show loop"]),
    (
      "devbench run 'a b.yaml' --workflow local-native --db /a/very/long/path/to/results.sqlite",
      [
        #"  [1] devbench run 'a b.yaml' --workflow \"#, #"    local-native --db \"#,
        "    /a/very/long/path/to/results.sqlite",
      ]
    ),
    ("write this", ["  [1] write this"]),
  ]

  @Test("a command is broken between words, so that it can be copied", arguments: commands)
  func command(text: String, lines: [String]) {
    var page = TerminalPage(colour: false, width: 44)
    page.command(text, after: "[1] ", indent: 2)
    #expect(page.text == lines.joined(separator: "\n") + "\n")
  }

  private static let spread: [Int64] = [150, 450, 200, 400, 250, 350, 300, 160, 440, 310]

  static let leads: [(one: ([Int64], [Int64]), other: ([Int64], [Int64]), said: String?)] = [
    ((Fixture.times(1), Fixture.times(2)), (Fixture.times(1), Fixture.times(3)), nil),
    (
      (Fixture.times(1), Fixture.times(2)), (Fixture.times(2), Fixture.times(1)),
      "they don't agree: a: local-native, b: local-cluster"
    ),
    (
      (Fixture.times(1), Fixture.times(2)), (spread.map { $0 + 10 }, spread),
      "local-native comes first in each, or ties: a: local-native, b: local-cluster or local-native"
    ),
    // A tie behind the same leader is told where it is judged.
    ((Fixture.times(1), Fixture.times(2)), (spread, spread.map { $0 + 10 }), nil),
  ]

  @Test("scenarios that agree, disagree or tie are told of as such", arguments: leads)
  func leaders(one: ([Int64], [Int64]), other: ([Int64], [Int64]), said: String?) {
    func evidence(_ scenario: String, _ times: ([Int64], [Int64])) -> Evidence {
      Evidence(
        scenario: scenario,
        runs: [
          Fixture.loop([(Fixture.native, times.0), (Fixture.local, times.1)], scenario: scenario)
        ])
    }
    var decision = DecisionFile.standard
    decision.weights = [.init("inner-loop", 1)]
    let report = DecisionReport(
      [evidence("a", one), evidence("b", other)], decision: decision, path: "decision.yaml")
    #expect(report.notices.dropFirst().map { $0 } == (said.map { [$0] } ?? []))
  }

  @Test("facts that a team leaves out of the comparison are named")
  func ignored() throws {
    var decision = DecisionFile.standard
    decision.ignore = try ParityIgnore(patterns: ["environment/MY_*", "place/directory"])
    let report = DecisionReport([], decision: decision, path: "decision.yaml")
    #expect(
      report.notices == ["not compared of runtimes, as decided: environment/MY_*, place/directory"])
  }

  private static func words(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  @Test("what is by design is marked, and of how many samples figures are is told, in the terminal")
  func marks() {
    let page = DecisionTerminal(width: 200).render(
      DecisionRendererTests.report { $0.thresholds = [] })
    let lines = page.split(separator: "\n").map(String.init)
    let parity = lines.firstIndex { $0.hasPrefix("parity: facts equal") } ?? 0
    #expect(lines[parity...].prefix(3).contains { $0.contains("by design") }, "\(page)")
    let words = Self.words(page)
    #expect(words.contains("local-native: 10 edits, path reload"))
    #expect(words.contains("local-native: 2 trials, no link was cut, 8 edits saved, 0 lost"))
    #expect(words.contains("not applicable"))
    #expect(words.contains("remote-cluster: by design: it is the reference"))
  }

  @Test("what rests on little is said beside the answer, and no lead is claimed that it could turn")
  func thin() throws {
    let report = DecisionRendererTests.report { $0.thresholds = [] }
    let answer = report.parts[0].answer(report)
    #expect(answer[0].text.contains("comes first, but not clearly"), "\(answer)")
    let thin = try #require(answer.first { $0.text.contains("rests on fewer than 6 samples") })
    #expect(thin.isBad && thin.text.contains("parity"))
    #expect(thin.text.contains("if they came to something else, another could lead"))
    let solid = DecisionRendererTests.report { decision in
      decision.thresholds = []
      decision.weights = [.init("inner-loop", 1)]
    }
    #expect(solid.parts[0].answer(solid)[0].text.contains(") leads, before"))
  }

  @Test("where no figure has a spread, none is feigned")
  func noSpread() {
    let runs = [
      Fixture.loop(
        [(Fixture.native, [100]), (Fixture.local, [200])].map { (cell: $0.0, milliseconds: $0.1) })
    ]
    let report = DecisionRendererTests.report(runs) { $0.weights = [.init("inner-loop", 1)] }
    let answer = report.parts[0].answer(report).map(\.text)
    #expect(answer[0].contains("(1.00, no interval)"), "\(answer)")
    #expect(
      answer.contains(
        "Of remote-cluster nothing was measured, and it isn't compared: devbench run shop --workflow remote-cluster"
      ), "\(answer)")
  }

  @Test("a number that the team hasn't given is asked for once")
  func costOnce() {
    let report = DecisionRendererTests.report { $0.team = Team() }
    let asked = report.parts[0].howToMeasure.filter { $0.criteria.contains("cost") }
    #expect(
      asked.map(\.command) == [
        "write under team in decision.yaml: edits-per-hour, hours-per-day, days-per-month, hourly-cost, developers, workstation, cluster-per-month"
      ])
  }

  static let precise: [(Double, String)] = [
    (0.2, "0.200"), (0.34812749, "0.348127"), (1.2345678, "1.23457"), (12, "12.000"),
    (0.000123456789, "0.000123457"), (123456.789, "123456.789"), (0, "0"),
  ]

  @Test("a formula's numbers give its amount", arguments: precise)
  func formula(value: Double, text: String) {
    #expect(DecisionText.precise(value) == text)
  }

  @Test("the parts of a score have bars without colours, too")
  func bars() {
    #expect(DecisionText.part(0.1, most: 0.2) == "0.100 ███░░")
    #expect(DecisionText.part(0, most: 0.2) == "0.000 ░░░░░")
    for page in [
      DecisionTerminal().render(DecisionRendererTests.report()),
      DecisionMarkdown().render(DecisionRendererTests.report()),
    ] { #expect(page.contains("█████")) }
  }

  static let values: [(Double, Criterion.Unit, String)] = [
    (0.349, .seconds, "0.349 s"), (.infinity, .seconds, "not reached"), (.nan, .seconds, "–"),
    (1, .share, "100 %"), (0.996, .share, "99.6 %"), (0.99999, .share, ">99.9 %"),
    (0.93, .share, "93 %"), (1234.4, .money, "1,234 EUR"), (12.5, .money, "12.50 EUR"),
    (1_234_567, .money, "1,234,567 EUR"), (0, .bytes, "0 B"), (2e9, .bytes, "2.0 GB"),
    (1.5, .ratio, "1.50"), (0.5, .secondsPerMinute, "0.500 s/min"),
  ]

  @Test("figures have their units", arguments: values)
  func units(value: Double, unit: Criterion.Unit, text: String) {
    #expect(DecisionText.value(value, unit, currency: "EUR") == text)
  }

  static let intervals: [(Double, Double, Criterion.Unit, String)] = [
    (0.3, 0.9, .seconds, "0.300–0.900 s"), (0.3, .infinity, .seconds, "≥ 0.300 s"),
    (-.infinity, 0.3, .seconds, "≤ 0.300 s"), (0.5, 0.9, .share, "50–90 %"),
    (100, 1200, .money, "100–1,200 EUR"), (1e6, 2e9, .bytes, "1.0 MB–2.0 GB"),
    (1.1, 1.5, .ratio, "1.10–1.50"), (2e9, 2.01e9, .bytes, "2.0 GB"),
  ]

  @Test("an interval says its unit once", arguments: intervals)
  func interval(low: Double, high: Double, unit: Criterion.Unit, text: String) {
    #expect(DecisionText.range(Interval(low: low, high: high), unit, currency: "EUR") == text)
  }
}
