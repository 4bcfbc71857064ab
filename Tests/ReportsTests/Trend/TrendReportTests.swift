import Foundation
import Measurement
import ResultStore
import Statistics
import Testing

@testable import Reports

@Suite struct TrendReportTests {
  /// A status without its figures, and the run that it began with.
  struct Expected: Sendable, Hashable {
    var status: String
    var since: String?
    var changes: [String] = []
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var nights: Nights
    var blessed: [Int] = []
    var takenBack: [Int] = []
    var expected: Expected

    init(
      _ name: String, _ nights: Nights, blessed: [Int] = [], takenBack: [Int] = [],
      _ status: String, since: Int? = nil, changes: [Int] = []
    ) {
      testDescription = name
      (self.nights, self.blessed, self.takenBack) = (nights, blessed, takenBack)
      expected = Expected(
        status: status, since: since.map(Nights.id), changes: changes.map(Nights.id))
    }
  }

  static var spike: Nights {
    var nights = Nights.levels((30, 200))
    nights.nights[14].level = 900
    return nights
  }

  static var drifting: Nights {
    var nights = Nights.levels((40, 200))
    for index in nights.nights.indices { nights.nights[index].level = 200 + Int64(index) }
    return nights
  }

  /// 4 % in 40 nights.
  static var gentle: Nights {
    var nights = Nights.levels((40, 200))
    for index in nights.nights.indices { nights.nights[index].level = 2_000 + Int64(2 * index) }
    return nights
  }

  /// 7 % in 600 nights, each of which lies up to 12 % beside the line.
  static var noisyDrift: Nights {
    var nights = Nights.levels((600, 200))
    var generator = SeededGenerator(seed: 1)
    for index in nights.nights.indices {
      nights.nights[index].level =
        2_000 + Int64(index / 4) + Int64(500 * (generator.unit() - 0.5))
    }
    return nights
  }

  static var fallingSlowly: Nights {
    var nights = drifting
    for index in nights.nights.indices { nights.nights[index].level = 240 - Int64(index) }
    return nights
  }

  /// Most edits of the later nights aren't served; those that are take as long as before.
  static var mostlyUnserved: Nights {
    var nights = Nights.levels((24, 200))
    for index in 12..<24 { nights.nights[index].served = 4 }
    return nights
  }

  static let cases = [
    Case("too short", .levels((9, 200)), "too short"),
    Case("just long enough", .levels((10, 200)), "steady"),
    Case("steady", .levels((60, 200)), "steady"),
    Case("a step up", .levels((20, 200), (10, 260)), "regression", since: 20, changes: [20]),
    Case(
      "two steps up count from the first", .levels((15, 200), (15, 260), (15, 330)), "regression",
      since: 15, changes: [15, 30]),
    Case(
      "a step up that was blessed", .levels((20, 200), (10, 260)), blessed: [20], "steady",
      changes: [20]),
    Case(
      "blessed later than it began", .levels((20, 200), (15, 260)), blessed: [24], "steady",
      changes: [20]),
    Case(
      "blessed before it began", .levels((20, 200), (15, 260)), blessed: [10], "regression",
      since: 20, changes: [20]),
    Case(
      "a blessing that was taken back", .levels((20, 200), (10, 260)), takenBack: [20],
      "regression", since: 20, changes: [20]),
    Case(
      "slower again than what was blessed", .levels((15, 200), (15, 260), (15, 330)),
      blessed: [15], "regression", since: 30, changes: [15, 30]),
    Case("an improvement", .levels((20, 200), (10, 150)), "steady", changes: [20]),
    Case(
      "an improvement counts from then on", .levels((20, 260), (15, 200), (10, 260)),
      "regression", since: 35, changes: [20, 35]),
    Case("recovered", .levels((20, 200), (15, 260), (10, 200)), "steady", changes: [20, 35]),
    Case("a slow drift up", drifting, "regression", since: 10),
    Case("a slow drift up, blessed at its end", drifting, blessed: [39], "steady"),
    Case("a slow drift up, blessed in its midst", drifting, blessed: [20], "regression", since: 31),
    Case(
      "a slow drift up, the end of which was blessed too late to count", drifting, blessed: [33],
      "steady"),
    Case(
      "a slow drift up, and a blessing taken back", drifting, takenBack: [39], "regression",
      since: 10),
    Case("a slow drift of less than the margin", gentle, "steady"),
    Case("a slow drift within the noise", noisyDrift, "drift"),
    Case("a slow drift down", fallingSlowly, "steady"),
    Case("a single spike", spike, "steady"),
    Case(
      "nothing served any more", .levels((20, 200), (10, nil)), "regression", since: 20,
      changes: [20]),
    Case("served again", .levels((20, 200), (15, nil), (10, 200)), "steady", changes: [20, 35]),
    Case("served at last", .levels((15, nil), (15, 200)), "steady", changes: [15]),
    Case("never served", .levels((20, nil)), "steady"),
    Case("most edits not served", mostlyUnserved, "regression", since: 12, changes: [12]),
  ]

  @Test(arguments: cases) func `a history is judged by its levels`(_ example: Case) throws {
    let nights = example.nights
    let report = nights.report(
      blessings: example.blessed.map { nights.blessing(of: $0) }
        + example.takenBack.map { nights.blessing(of: $0, takenBack: true) })
    let part = try #require(report.parts.first)
    let series = try #require(part.series.first)
    #expect(part.series.count == 1)
    func run(_ point: Int) -> String { part.runs[series.points[point].run].id }
    var found = Expected(
      status: series.statusText, since: nil, changes: series.changes.map { run($0.index) })
    switch series.status {
    case .regression(let since, _), .gradual(_, let since, _): found.since = run(since)
    default: break
    }
    #expect(found == example.expected)
    #expect(report.regressions.count == (example.expected.status == "regression" ? 1 : 0))
    #expect(report.judged == (example.expected.status == "too short" ? 0 : 1))
  }

  @Test func `a regression is told with its factor, its commits and how to accept it`() throws {
    let report = Nights.levels((20, 200), (10, 260)).report()
    let part = try #require(report.parts.first)
    let remarks = part.remarks(of: try #require(part.series.first))
    #expect(
      remarks == [
        "1.30× the level that counts, since run r20 (2026-12-11 03:15 UTC); accept it "
          + "with: devbench bless local-native/reload/message --run r20 --why …",
        "changed from 0.200 s to 0.260 s, 1.30×, with run r20, commits c19..c20",
      ], "\(remarks)")
    #expect(report.summary == "1 regression, 1 series judged")
  }

  @Test func `a gradual regression is told with where it began and how to accept it`() throws {
    let report = Self.drifting.report()
    let part = try #require(report.parts.first)
    let remarks = part.remarks(of: try #require(part.series.first))
    #expect(
      remarks == [
        "1.20× the level that counts, rising slowly from run r0 on and beyond margin and noise since "
          + "about run r10 (2026-12-01 03:15 UTC); accept it with: devbench bless "
          + "local-native/reload/message --run r39 --why …"
      ], "\(remarks)")
    let json = TrendJSON().render(report)
    for line in [#""gradual":true"#, #""since":"r10""#, #""before":"r0""#] {
      #expect(json.replacing(#/\s/#, with: "").contains(line), "\(json.prefix(900))")
    }
  }

  @Test func `a level that isn't served is said to be so`() throws {
    let part = try #require(Nights.levels((20, 200), (10, nil)).report().parts.first)
    let series = try #require(part.series.first)
    let remarks = part.remarks(of: series)
    #expect(remarks[0].hasPrefix("most edits aren't served, since run r20"), "\(remarks)")
    #expect(remarks[1].hasPrefix("changed from 0.200 s to not served, ∞"), "\(remarks)")
    #expect(series.level == nil && series.servedText == "200 of 300")
    #expect(series.sparkline(12).hasSuffix("××××××××××"))
  }

  @Test func `why a level was accepted is said, and of the cell and run it was accepted of alone`()
    throws
  {
    let nights = Nights.levels((20, 200), (10, 260))
    let part = try #require(
      nights.report(blessings: [
        nights.blessing(of: 20, why: "Flask 3"),
        nights.blessing(of: 20, why: "another cell", cell: RunFixture.restart),
        nights.blessing(of: 999, why: "a run that is gone"),
      ]).parts.first)
    let series = try #require(part.series.first)
    #expect(series.blessed == [20: "Flask 3"])
    #expect(part.remarks(of: series).last == "blessed from run r20 on: Flask 3")
  }

  // MARK: Runs that are missing or dated wrongly

  @Test func `missing nights are gaps, and nothing is put in their place`() throws {
    let report = Nights.levels((30, 200)).report(without: [10, 11, 20])
    let part = try #require(report.parts.first)
    let series = try #require(part.series.first)
    #expect(series.points.count == 27)
    #expect(series.gaps == [TrendGap(after: 9, missing: 2), TrendGap(after: 17, missing: 1)])
    #expect(series.status == .steady)
    #expect(part.remarks(of: series) == ["3 runs are missing in 2 gaps"])
    #expect(series.sparkline(30).filter { $0 == " " }.count == 2)
  }

  @Test func `gaps that all series share are said once`() throws {
    var nights = Nights.levels((30, 200))
    nights.cells = [RunFixture.reload, RunFixture.restart]
    let part = try #require(nights.report(without: [10]).parts.first)
    #expect(part.notices == ["1 run is missing in 1 gap"])
    #expect(part.series.allSatisfy { part.remarks(of: $0).isEmpty })
  }

  @Test func `runs dated in the future are left out, whatever they say`() throws {
    var nights = Nights.levels((20, 200), (6, 900))
    for index in 20..<26 { nights.nights[index].day += 5_000 }
    nights.nights[25].status = .failed
    let report = nights.report(now: Nights.date(19) + 60)
    let part = try #require(report.parts.first)
    #expect(part.runs.map(\.id) == (0..<20).map(Nights.id))
    #expect(part.future == (20..<26).map(Nights.id) && !part.hasFailedLast)
    #expect(part.series.map(\.status) == [.steady])
    #expect(
      part.notices == [
        "runs r20, r21, r22 and 3 more are dated later than now and left out; a clock was wrong"
      ])
    #expect(part.sentence.hasSuffix("UTC, the newest of commit c19"))
    #expect(part.series.first?.gaps == [])
  }

  @Test(
    arguments: [
      ([], nil), (["a"], "run a is dated later than now"),
      (["a", "b"], "runs a and b are dated later than now"),
      (["a", "b", "c"], "runs a, b and c are dated later than now"),
      (["a", "b", "c", "d", "e"], "runs a, b, c and 2 more are dated later than now"),
    ] as [([String], String?)])
  func `runs of the future are named`(_ ids: [String], sentence: String?) {
    #expect(FutureText.sentence(ids) == sentence)
  }

  @Test func `clocks may differ by a day`() throws {
    let nights = Nights.levels((20, 200))
    #expect(nights.report(now: Nights.date(18)).parts.first?.future == [])
    #expect(nights.report(now: Nights.date(18) - 1).parts.first?.future == ["r19"])
  }

  @Test func `all runs in the future leave nothing to judge`() throws {
    let report = Nights.levels((20, 200)).report(now: Nights.date(-2))
    let part = try #require(report.parts.first)
    #expect(part.scenario == "flask-hello" && part.series.isEmpty && part.sentence == "no runs")
    #expect(report.summary == "there is nothing to judge")
  }

  @Test(
    arguments: [
      (RunRecord.Status.finished, false, nil), (.running, false, nil), (.interrupted, false, nil),
      (.failed, true, "the newest run, r19, failed"),
      (.abandoned, true, "the newest run, r19, was ended by force"),
    ] as [(RunRecord.Status, Bool, String?)])
  func `a newest run that failed is told`(
    _ status: RunRecord.Status, hasFailed: Bool, notice: String?
  ) throws {
    var nights = Nights.levels((20, 200))
    nights.nights[3].status = .failed
    nights.nights[19].status = status
    let part = try #require(nights.report().parts.first)
    #expect(part.hasFailedLast == hasFailed)
    #expect(part.notices == [notice].compactMap { $0 })
  }

  @Test func `a night that ended before measuring is no point, and counted`() throws {
    var nights = Nights.levels((20, 200))
    (nights.nights[7].attempted, nights.nights[7].served) = (0, 0)
    let part = try #require(nights.report().parts.first)
    let series = try #require(part.series.first)
    #expect((series.points.count, series.broken) == (19, 1))
    #expect(part.remarks(of: series) == ["1 run ended before measuring it"])
    #expect(series.sparkline(20).count { $0 == " " } == 1)
  }

  // MARK: Machines

  /// Two machines that measure every night, half an hour apart, the second a third slower.
  static var twoMachines: Nights {
    var nights = Nights()
    for night in 0..<20 {
      nights.add(1, 200)
      nights.add(1, 270, kernel: "Linux 5.10")
      nights.nights[2 * night].day = Double(night)
      nights.nights[2 * night + 1].day = Double(night) + 0.5 / 24
    }
    return nights
  }

  @Test func `two kinds of machines make two series, each with its own pace`() throws {
    let part = try #require(Self.twoMachines.report().parts.first)
    #expect(part.series.map(\.points.count) == [20, 20])
    #expect(part.series.map(\.status) == [.steady, .steady])
    #expect(part.series.map(\.gaps) == [[], []])
    #expect(
      part.series.map { part.keyNote(of: $0) } == ["kernel Linux 6.12.0", "kernel Linux 5.10"])
  }

  @Test func `across, they make one, and that is said`() throws {
    let part = try #require(Self.twoMachines.report(across: true).parts.first)
    #expect(part.series.map(\.points.count) == [40])
    #expect(part.series.map(\.gaps) == [[]])
    #expect(part.notices == ["runs of different kinds of machines make one series"])
    #expect(part.keyNote(of: part.series[0]) == nil)
  }

  @Test func `a new machine is no regression`() throws {
    var nights = Nights.levels((20, 200))
    nights.add(20, 300, kernel: "Linux 6.13")
    #expect(nights.report().regressions.isEmpty)
    #expect(nights.report(across: true).regressions.count == 1)
  }

  @Test(
    arguments: [(0, "regression"), (2, "regression"), (3, "ended"), (12, "ended")]
      as [(Int, String)])
  func `a regression ends with its series`(_ newer: Int, status: String) throws {
    var nights = Nights.levels((20, 200), (10, 260))
    nights.add(newer, 200, kernel: "Linux 6.13")
    let report = nights.report()
    let part = try #require(report.parts.first)
    let series = try #require(part.series.first)
    #expect(series.statusText == status && series.changes.count == 1)
    #expect(report.regressions.count == (status == "regression" ? 1 : 0))
    guard status == "ended" else { return }
    #expect(
      part.remarks(of: series).first
        == "ended after run r29 (2026-12-20 03:15 UTC): newer runs are of another series; at 1.30× "
        + "the level that counted, which closes no gate any more")
    for page in [
      TrendTerminal().render(report), TrendMarkdown().render(report),
      try TrendHTML().render(report),
      TrendJSON().render(report),
    ] {
      #expect(page.contains("ended"), "\(page)")
    }
    #expect(TrendTerminal().render(report).contains("of them ended"))
  }

  @Test func `several scenarios are judged each for itself`() {
    var other = Nights.levels((20, 200), (10, 260))
    other.scenario = "node-hello"
    let report = TrendReport(
      [(Nights.levels((5, 200)).history(), []), (other.history(), [])], now: Nights.date(10_000))
    #expect(report.parts.map(\.scenario) == ["flask-hello", "node-hello"])
    #expect(report.regressions.map(\.scenario) == ["node-hello"])
    #expect(
      report.summary == "1 regression, 1 series judged, 1 too short (fewer than 10 runs)")
    #expect(TrendReport([], now: Nights.first).summary == "there is nothing to judge")
  }
}
