import Measurement
import ResultStore
import Statistics
import Testing

@testable import Reports

@Suite struct ChangeReportTests {
  typealias Fixture = ChangeFixture

  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var base: [Take]
    var head: [Take]
    var verdict: Judgement.Verdict
    var outcome: ChangeReport.Outcome
    /// What is said of it beyond the figures.
    var remark: String?

    init(
      _ name: String, _ base: [Take], _ head: [Take], _ verdict: Judgement.Verdict,
      _ outcome: ChangeReport.Outcome, _ remark: String? = nil
    ) {
      testDescription = name
      (self.base, self.head, self.verdict, self.outcome) = (base, head, verdict, outcome)
      self.remark = remark
    }
  }

  static let steady = Take.served(ChangeFixture.steady)
  static func steady(_ factor: Double) -> [Take] { Take.served(ChangeFixture.times(factor)) }

  static let cases = [
    Case(
      "slower by 30 %", steady, steady(1.3), .regression, .regression,
      "mostly detect: 0.100 s before, 0.130 s after"),
    Case(
      "faster by 30 %", steady, steady(0.7), .improvement, .fine,
      "mostly detect: 0.100 s before, 70 ms after"),
    Case("the same", steady, steady.reversed(), .equivalent, .fine),
    Case(
      "too wild to say", Take.served(Fixture.wild), Take.served(Fixture.wild),
      .inconclusive(.undecided), .inconclusive,
      "the interval allows for no change as well as for one that counts"),
    Case(
      "served less often", steady, steady.prefix(2) + Array(repeating: .timedOut, count: 8),
      .regression, .regression, "served 10 of 10 before, 2 of 10 after"),
    Case(
      "served more often", Array(repeating: .failed, count: 8) + steady.prefix(2), steady,
      .improvement, .fine, "served 2 of 10 before, 10 of 10 after"),
    Case(
      "served from wrong files", steady, Array(repeating: .wrong, count: 10), .regression,
      .regression, "served 10 of 10 before, 0 of 10 after"),
    Case(
      "head never served", steady, Array(repeating: .timedOut, count: 10), .regression,
      .regression, "served 10 of 10 before, 0 of 10 after"),
    Case(
      "never served at all", Array(repeating: .timedOut, count: 10),
      Array(repeating: .timedOut, count: 10), .inconclusive(.nothingServed), .inconclusive,
      "served 0 of 10 before, 0 of 10 after; nothing was served on either side"),
    Case(
      "head without samples", steady, [], .inconclusive(.noSamples), .nothingJudged,
      "one side has no samples; about 10 more iterations a side would decide"),
    Case("no samples at all", [], [], .inconclusive(.noSamples), .nothingJudged),
    Case("one sample a side", [200], [400], .inconclusive(.tooFew), .inconclusive),
    Case(
      "three a side", [200, 201, 202], [400, 401, 402], .inconclusive(.tooFew), .inconclusive),
  ]

  @Test(arguments: cases) func `a pair of runs is judged by the rule`(_ example: Case) throws {
    let report = try Fixture.report(example.base, example.head)
    let cell = try #require(report.cells.first)
    #expect(report.cells.count == 1)
    #expect(cell.judgement?.verdict == example.verdict)
    #expect(report.outcome == example.outcome)
    #expect(cell.base.count == example.base.count, "warm-ups are left out")
    if let remark = example.remark, !remark.contains("more iterations") {
      let said = try #require(cell.remark)
      #expect(said.hasPrefix(remark), "\(said)")
    }
    if case .equivalent = example.verdict { #expect(cell.remark == nil) }
    #expect(report.regressions.map(\.cell) == (example.outcome == .regression ? [cell.cell] : []))
  }

  @Test(
    arguments: [
      ([200, 201, 202], [400, 401, 402], true), ([200], [400], true),
      (Fixture.steady, Fixture.times(1.3), false),
    ] as [([Int64], [Int64], Bool)])
  func `what isn't decided says how many more iterations would do`(
    _ base: [Int64], _ head: [Int64], isTold: Bool
  ) throws {
    let report = try Fixture.report(Take.served(base), Take.served(head))
    let cell = try #require(report.cells.first)
    #expect((cell.judgement?.moreIterations != nil) == isTold)
    #expect((cell.remark ?? "").contains("a side would decide") == isTold)
  }

  @Test func `a change that is clear alone may be chance among many cells`() throws {
    let cells = Fixture.edits(30)
    let base = cells.map { (cell: $0, takes: Take.served([200, 201, 202, 203, 204, 205])) }
    var head = base
    head[4].takes = Take.served([300, 301, 302, 303, 304, 305])
    func verdict(_ cells: [Int]) throws -> Judgement.Verdict? {
      let report = try Fixture.report(
        [Fixture.run("base", cells.map { base[$0] })],
        [Fixture.run("head", cells.map { head[$0] })])
      return report.cells.first { $0.cell == base[4].cell }?.judgement?.verdict
    }
    #expect(try verdict([4]) == .regression)
    #expect(try verdict(Array(0..<30)) == .inconclusive(.amongMany))
  }

  @Test
  func `a cell that one side never set out to measure isn't judged, and doesn't hide the others`()
    throws
  {
    let (ours, theirs) = (Fixture.reload, RunFixture.restart)
    let report = try Fixture.report(
      [Fixture.run("base", [(theirs, Self.steady), (ours, Self.steady)])],
      [Fixture.run("head", [(ours, Self.steady(1.3))])])
    #expect(report.cells.map(\.cell) == [ours, theirs], "head's order, then what only base has")
    #expect(report.cells[1].judgement == nil)
    #expect(report.cells[1].remark == "one side doesn't have it")
    #expect(report.outcome == .regression)
    #expect(report.summary == "1 regression, 1 not comparable of 2 cells")

    let apart = try Fixture.report(
      [Fixture.run("base", [(theirs, Self.steady)])], [Fixture.run("head", [(ours, Self.steady)])])
    #expect(apart.outcome == .nothingJudged)
  }

  @Test func `runs without cells come to nothing`() throws {
    let report = try Fixture.report(
      [Fixture.run("base", [], planned: [])], [Fixture.run("head", [], planned: [])])
    #expect(report.outcome == .nothingJudged)
    #expect(report.summary == "there are no cells to compare")
  }

  // MARK: What isn't alike

  @Test func `another machine's run isn't judged, unless that is asked for`() throws {
    let base = [Fixture.run("base", Self.steady, kernel: "Linux 5.10")]
    let head = [Fixture.run("head", Self.steady(1.3), day: 1)]
    let report = try Fixture.report(base, head)
    let cell = try #require(report.cells.first)
    #expect(cell.judgement == nil && cell.differences == ["kernel"])
    #expect(cell.remark == "measured with another kernel")
    #expect(report.outcome == .nothingJudged)
    #expect(report.notices.contains { $0.contains("differ in kernel") && $0.contains("--across") })

    let across = try Fixture.report(base, head, across: true)
    #expect(across.cells.first?.judgement?.verdict == .regression)
    #expect(
      across.notices == [
        "compared across what isn't alike (kernel): a difference may come from that alone"
      ])
  }

  @Test func `of a set, runs that aren't like head's newest are left out and counted`() throws {
    let base = [
      Fixture.run("a", Self.steady(9), kernel: "Linux 5.10"), Fixture.run("b", Self.steady, day: 1),
      Fixture.run("c", Self.steady, day: 2),
    ]
    let head = [
      Fixture.run("d", Self.steady(9), day: 3, kernel: "Linux 5.4"),
      Fixture.run("e", Self.steady, day: 4),
    ]
    let report = try Fixture.report(base, head)
    let cell = try #require(report.cells.first)
    #expect((cell.base.count, cell.head.count, cell.leftOut) == (20, 10, 2))
    #expect(cell.judgement?.verdict == .equivalent)
    #expect(cell.differences == [])
    #expect(report.notices.contains { $0.hasPrefix("2 runs were left out") })

    let across = try Fixture.report(base, head, across: true)
    let all = try #require(across.cells.first)
    #expect((all.base.count, all.head.count, all.leftOut) == (30, 20, 0))
    #expect(all.differences == ["kernel"], "said although the newest of both are alike")
    #expect(across.notices.contains { $0.hasPrefix("compared across") })
  }

  @Test func `what a run of another status measured is compared, and that is said`() throws {
    let broken = Fixture.run("base", [(Fixture.reload, Self.steady)], status: .interrupted)
    let report = try Fixture.report([broken], [Fixture.run("head", Self.steady)])
    #expect(report.outcome == .fine)
    #expect(report.notices == ["the run of base is interrupted: what it measured is compared"])
  }

  // MARK: Twins

  /// Blocks differ by far more than the sides do.
  static let drifting: [Int64] = [200, 300, 400, 500, 600, 700, 800, 900, 1_000, 1_100]

  @Test(arguments: [("base", true), ("another", false), (nil, false)] as [(String?, Bool)])
  func `runs that were measured in turn are compared block by block`(
    _ twin: String?, isPaired: Bool
  ) throws {
    let report = try Fixture.report(
      [Fixture.run("base", Take.served(Self.drifting))],
      [
        Fixture.run("head", Take.served(Fixture.times(1.1, Self.drifting)), twin: twin)
      ])
    let judgement = try #require(report.cells.first?.judgement)
    #expect(report.isPaired == isPaired)
    #expect(judgement.ratio?.pairs == (isPaired ? 10 : nil))
    #expect(judgement.verdict == (isPaired ? .regression : .inconclusive(.undecided)))
    #expect(report.ruleNote.contains("over pairs of the same block") == isPaired)
  }

  @Test func `a twin among several runs is compared as any other`() throws {
    let head = Fixture.run("head", Self.steady, twin: "base")
    let report = try Fixture.report(
      [Fixture.run("older", Self.steady), Fixture.run("base", Self.steady)], [head])
    #expect(!report.isPaired)
  }

  @Test func `pairs are of one block and one developer, as far as both sides came`() {
    func sample(_ block: Int, _ developer: Int, _ take: Take) -> Sample {
      var sample = Fixture.sample(Fixture.reload, block, take)
      sample.developer = developer
      return sample
    }
    let pairs = CellChange.pairs(
      head: [sample(1, 2, 120), sample(1, 1, 110), sample(2, 1, .timedOut), sample(3, 1, 130)],
      base: [sample(1, 1, 10), sample(1, 2, 20), sample(2, 1, 30), sample(4, 1, 40)])
    #expect(pairs.map(\.head) == [0.12, 0.11, .infinity])
    #expect(pairs.map(\.base) == [0.02, 0.01, 0.03])
  }

  // MARK: Noise

  @Test func `a change within the machine's calibrated noise is none`() throws {
    let base = Fixture.run("base", Self.steady)
    let head = Fixture.run("head", Self.steady(1.3), day: 1)
    var elsewhere = Fixture.calibration(of: head, noise: 0.5)
    elsewhere.comparability = "0123456789ab"
    let cases: [(StoredCalibration, Judgement.Verdict, Double?)] = [
      (Fixture.calibration(of: head, noise: 0.5), .inconclusive(.withinNoise), 0.5),
      (Fixture.calibration(of: head, noise: 0.02), .regression, 0.02),
      (Fixture.calibration(of: head, RunFixture.restart, noise: 0.5), .regression, nil),
      (elsewhere, .regression, nil),
    ]
    for (calibration, verdict, noise) in cases {
      let report = try Fixture.report([base], [head], calibrations: [calibration])
      #expect(report.cells.first?.judgement?.verdict == verdict)
      #expect(report.cells.first?.calibration?.noise == noise)
      #expect((report.calibrationNote == nil) == (noise != nil))
      #expect(report.ruleNote.contains("(reload 50 %)") == (noise == 0.5), "\(report.ruleNote)")
    }
  }

  @Test(arguments: [(0.05, true), (0.2, true), (0.5, false)])
  func `the margin is what counts at all`(_ margin: Double, isRegression: Bool) throws {
    let report = try Fixture.report(
      [Fixture.run("base", Self.steady)], [Fixture.run("head", Self.steady(1.3))], margin: margin)
    #expect((report.outcome == .regression) == isRegression)
  }

  // MARK: Refusals

  @Test func `what can't be compared at all is told`() throws {
    let (one, two) = (Fixture.run("one", Self.steady), Fixture.run("two", Self.steady))
    let other = Fixture.run("x", [(Fixture.reload, Self.steady)], scenario: "node-hello")
    let cases: [([StoredRun], [StoredRun], ChangeError, String)] = [
      ([], [one], .noRuns("the base"), "there is no run for the base"),
      ([one], [], .noRuns("the head"), "there is no run for the head"),
      (
        [other], [one], .otherScenario(base: "node-hello", head: "flask-hello"),
        "base measured the scenario node-hello, head flask-hello"
      ),
      ([one, two], [two], .sameRun("two"), "run two is on both sides"),
    ]
    for (base, head, error, text) in cases {
      #expect(throws: error) { try Fixture.report(base, head) }
      #expect(error.description.contains(text))
    }
  }
}
