import Foundation
import Measurement
import ResultStore
import Testing

/// What is stored beside measurements so that they can be judged, and the runs that references name.
@Suite struct JudgingTests {
  private let directory: TemporaryDirectory
  private let store: ResultStore

  init() throws {
    directory = try TemporaryDirectory()
    store = try ResultStore.open(path: directory.file())
  }

  private func run(
    _ id: String, at seconds: Double, scenario: String = "flask-hello", commit: String? = "aaa",
    branch: String? = "main", purpose: RunRecord.Purpose = .measurement
  ) throws {
    var run = Fixture.run(id: id, startedAt: Fixture.date(seconds))
    (run.scenario, run.purpose) = (scenario, purpose)
    (run.environment.appCommit, run.environment.appBranch) = (commit, branch)
    try store.insert(run: run)
  }

  private static func calibration(
    _ run: String, _ cell: Cell = Fixture.reload, key: String = "0123456789ab",
    noise: Double = 0.07, detectable: Double? = 0.1
  ) -> StoredCalibration {
    StoredCalibration(
      run: run, cell: cell.name, comparability: key, iterations: 10, comparisons: 2_000,
      falseAlarms: 3, noise: noise, detectable: detectable)
  }

  // MARK: Calibrations

  @Test func `the newest calibration of each cell and comparability counts`() throws {
    try run("new", at: 200, purpose: .calibration)
    try run("old", at: 100, purpose: .calibration)
    #expect(try store.calibrations() == [])
    // The order of storing says nothing: an older run may be imported later.
    let kept = [
      Self.calibration("new"), Self.calibration("new", Fixture.restart, detectable: nil),
      Self.calibration("old", Fixture.restart, key: "ffffffffffff", noise: 0.5),
    ]
    for calibration in kept { try store.insert(calibration: calibration) }
    try store.insert(calibration: Self.calibration("old", noise: 0.9))
    #expect(Set(try store.calibrations()) == Set(kept))
    #expect(try ResultStore.openForReading(path: directory.file()).calibrations().count == 3)
  }

  @Test func `of runs of one moment, the one stored last counts`() throws {
    for id in ["a", "b"] {
      try run(id, at: 100, purpose: .calibration)
      try store.insert(calibration: Self.calibration(id))
    }
    #expect(try store.calibrations().map(\.run) == ["b"])
  }

  @Test func `the same run's calibration of a cell is replaced`() throws {
    try run("a", at: 100, purpose: .calibration)
    try store.insert(calibration: Self.calibration("a", noise: 0.9))
    try store.insert(calibration: Self.calibration("a", noise: 0.1))
    #expect(try store.calibrations() == [Self.calibration("a", noise: 0.1)])
  }

  @Test func `a calibration belongs to a run that is stored`() throws {
    #expect(throws: StoreError.self) {
      try store.insert(calibration: Self.calibration("nobody"))
    }
    #expect(try store.calibrations() == [])
  }

  // MARK: Blessings

  private static func blessing(
    _ run: String, _ cell: Cell = Fixture.reload, scenario: String = "flask-hello",
    why: String = "Flask 3"
  ) -> Blessing {
    Blessing(
      scenario: scenario, cell: cell.name, run: run, why: why, blessedAt: Fixture.date(50.125))
  }

  @Test func `blessings come back in the order in which they were given, of their scenario`() throws
  {
    let all = [
      Self.blessing("b", why: "it's \"fine\" – 日本語\n'); DROP TABLE blessing; --"),
      Self.blessing("a"), Self.blessing("a", Fixture.restart), Self.blessing("b"),
    ]
    for blessing in all { try store.insert(blessing: blessing) }
    try store.insert(blessing: Self.blessing("a", scenario: "node-hello"))
    #expect(try store.blessings(scenario: "flask-hello") == all)
    #expect(try store.blessings(scenario: "node-hello").count == 1)
    #expect(try store.blessings(scenario: "nobody's") == [])
  }

  @Test(
    arguments: [(nil, 2, ["a", "b"]), ("a", 1, ["a"]), ("x", 0, [])] as [(String?, Int, [String])])
  func `what was accepted of a cell is taken back, or of one run`(
    _ run: String?, count: Int, taken: [String]
  ) throws {
    let others = [
      Self.blessing("a", Fixture.restart), Self.blessing("a", scenario: "node-hello"),
    ]
    for blessing in [Self.blessing("a"), Self.blessing("b")] + others {
      try store.insert(blessing: blessing)
    }
    func takeBack(at seconds: Double) throws -> Int {
      try store.takeBack(
        scenario: "flask-hello", cell: Fixture.reload.name, run: run, at: Fixture.date(seconds))
    }
    #expect(try takeBack(at: 60) == count)
    #expect(try takeBack(at: 70) == 0, "what was taken back stays so, with its first date")
    let blessings =
      try store.blessings(scenario: "flask-hello") + store.blessings(scenario: "node-hello")
    #expect(blessings.filter { $0.takenBackAt != nil }.map(\.run) == taken)
    #expect(blessings.compactMap(\.takenBackAt).allSatisfy { $0 == Fixture.date(60) })
    #expect(others.allSatisfy { blessings.contains($0) })
  }

  @Test func `what was taken back can be accepted again`() throws {
    try store.insert(blessing: Self.blessing("a"))
    _ = try store.takeBack(
      scenario: "flask-hello", cell: Fixture.reload.name, at: Fixture.date(60))
    try store.insert(blessing: Self.blessing("a", why: "after all"))
    #expect(
      try store.blessings(scenario: "flask-hello").map { $0.takenBackAt != nil } == [true, false])
  }

  // MARK: References

  @Test func `runs of a commit, a branch and a scenario come newest first, measurements only`()
    throws
  {
    try run("1", at: 100)
    try run("2", at: 300, commit: "bbb", branch: "topic")
    try run("3", at: 200, scenario: "node-hello")
    try run("4", at: 400, commit: "aaa-dirty", branch: nil)
    try run("5", at: 200)
    try run("6", at: 500, purpose: .calibration)
    try run("7", at: 600, purpose: .confirmation)
    try run("8", at: 50, commit: nil)
    let table: [(String, [String], [String])] = [
      ("a commit", try store.runs(ofCommit: "aaa"), ["5", "3", "1"]),
      (
        "a commit, of a scenario", try store.runs(ofCommit: "aaa", scenario: "node-hello"), ["3"]
      ),
      ("a beginning of a commit", try store.runs(ofCommit: "aa"), []),
      ("changed files", try store.runs(ofCommit: "aaa-dirty"), ["4"]),
      ("a branch", try store.runs(ofBranch: "main"), ["5", "3", "1", "8"]),
      (
        "a branch, of a scenario", try store.runs(ofBranch: "main", scenario: "flask-hello"),
        ["5", "1", "8"]
      ),
      ("a branch nobody measured", try store.runs(ofBranch: "m%"), []),
      ("a scenario", try store.runs(ofScenario: "flask-hello"), ["4", "2", "5", "1", "8"]),
      ("a scenario nobody measured", try store.runs(ofScenario: "x"), []),
    ]
    for (what, found, expected) in table { #expect(found == expected, "\(what)") }
    #expect(try store.scenarioOfLatestRun() == "flask-hello")
    try run("9", at: 700, scenario: "go-hello", purpose: .calibration)
    #expect(try store.scenarioOfLatestRun() == "flask-hello")
  }

  @Test(arguments: [nil, RunRecord.Purpose.calibration])
  func `there is no latest scenario without a measurement`(_ purpose: RunRecord.Purpose?) throws {
    if let purpose { try run("1", at: 100, purpose: purpose) }
    let error = #expect(throws: StoreError.self) { _ = try store.scenarioOfLatestRun() }
    guard case .noRuns = try #require(error) else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
