import Foundation
import Measurement
import ResultStore
import Testing

/// What is said about a run comes with it to another database.
@Suite("Merging judgements")
struct JudgementMergeTests {
  let directory: TemporaryDirectory
  let store: ResultStore

  init() throws {
    directory = try TemporaryDirectory()
    store = try ResultStore.open(path: directory.file())
  }

  static func calibration(_ cell: Cell = Fixture.reload, noise: Double = 0.07) -> StoredCalibration
  {
    StoredCalibration(
      run: Fixture.run().id, cell: cell.name, comparability: "0123456789ab", iterations: 10,
      comparisons: 2_000, falseAlarms: 3, noise: noise, detectable: nil)
  }

  static func blessing(_ why: String = "Flask 3", takenBack: Double? = nil) -> Blessing {
    Blessing(
      scenario: "flask-hello", cell: Fixture.reload.name, run: Fixture.run().id, why: why,
      blessedAt: Fixture.date(50.125), takenBackAt: takenBack.map(Fixture.date))
  }

  static func run(
    _ calibrations: [StoredCalibration], _ blessings: [Blessing],
    status: RunRecord.Status = .finished
  ) -> StoredRun {
    var run = MergeTests.state(status)
    run.judgements = RunJudgements(calibrations: calibrations, blessings: blessings)
    return run
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let here: RunJudgements
    let there: RunJudgements
    let result: RunJudgements
  }

  static func judged(
    _ calibrations: [StoredCalibration] = [], _ blessings: [Blessing] = []
  ) -> RunJudgements {
    RunJudgements(calibrations: calibrations, blessings: blessings)
  }

  static let cases = [
    Case(testDescription: "nothing", here: judged(), there: judged(), result: judged()),
    Case(
      testDescription: "new ones are added", here: judged(),
      there: judged([calibration()], [blessing(), blessing("again")]),
      result: judged([calibration()], [blessing(), blessing("again")])),
    Case(
      testDescription: "what isn't there stays", here: judged([calibration()], [blessing()]),
      there: judged(), result: judged([calibration()], [blessing()])),
    Case(
      testDescription: "of another cell",
      here: judged([calibration()]), there: judged([calibration(Fixture.restart)]),
      result: judged([calibration(), calibration(Fixture.restart)])),
    Case(
      testDescription: "a calibration that is there stays",
      here: judged([calibration()]), there: judged([calibration(noise: 0.5)]),
      result: judged([calibration()])),
    Case(
      testDescription: "a blessing is taken back",
      here: judged([], [blessing()]), there: judged([], [blessing(takenBack: 60)]),
      result: judged([], [blessing(takenBack: 60)])),
    Case(
      testDescription: "one that was taken back doesn't hold again",
      here: judged([], [blessing(takenBack: 60)]), there: judged([], [blessing()]),
      result: judged([], [blessing(takenBack: 60)])),
    Case(
      testDescription: "of two moments the later one counts",
      here: judged([], [blessing(takenBack: 60)]), there: judged([], [blessing(takenBack: 70)]),
      result: judged([], [blessing(takenBack: 70)])),
    Case(
      testDescription: "from either side",
      here: judged([], [blessing(takenBack: 70)]), there: judged([], [blessing(takenBack: 60)]),
      result: judged([], [blessing(takenBack: 70)])),
    Case(
      testDescription: "another reason is another blessing",
      here: judged([], [blessing("e\u{301}")]), there: judged([], [blessing("é")]),
      result: judged([], [blessing("e\u{301}"), blessing("é")])),
  ]

  @Test(
    "of what is said of a run the later state wins, and the run stays the same", arguments: cases)
  func merges(example: Case) throws {
    let here = Self.run(example.here.calibrations, example.here.blessings)
    let there = Self.run(example.there.calibrations, example.there.blessings)
    #expect(try store.merge(here) == .added)
    #expect(try store.storedRun(id: here.record.id) == here)
    let isNews = example.result != example.here
    #expect(try store.merge(there) == (isNews ? .judged : .alreadyThere))
    #expect(try store.storedRun(id: here.record.id).judgements == example.result)
    #expect(try store.merge(there) == .alreadyThere)
    #expect(try store.merge(here) == .alreadyThere)
    #expect(try store.storedRun(id: here.record.id).judgements == example.result)
    #expect(try store.blessings(scenario: "flask-hello") == example.result.blessings)
    #expect(Set(try store.calibrations()) == Set(example.result.calibrations))
  }

  @Test("a later state of a run brings what is said of it, an earlier one what is news")
  func states() throws {
    #expect(try store.merge(Self.run([], [], status: .running)) == .added)
    #expect(try store.merge(Self.run([Self.calibration()], [])) == .completed)
    #expect(
      try store.merge(Self.run([], [Self.blessing()], status: .running)) == .judged)
    #expect(
      try store.storedRun(id: Fixture.run().id)
        == Self.run([Self.calibration()], [Self.blessing()]))
  }

  @Test("what is said of another run of the same id isn't taken")
  func another() throws {
    #expect(try store.merge(Self.run([], [])) == .added)
    var other = Self.run([Self.calibration()], [Self.blessing()])
    other.record.seed = 99
    #expect(throws: StoreError.self) { try store.merge(other) }
    #expect(try store.storedRun(id: Fixture.run().id).judgements.isEmpty)
  }

  @Test("a blessing belongs to the run with which its level begins")
  func belongs() throws {
    for id in ["a", "b"] { try store.insert(run: Fixture.run(id: id)) }
    for (run, why) in [("a", "1"), ("b", "2"), ("a", "3")] {
      var blessing = Self.blessing(why)
      blessing.run = run
      try store.insert(blessing: blessing)
    }
    #expect(try store.storedRun(id: "a").judgements.blessings.map(\.why) == ["1", "3"])
    #expect(try store.storedRun(id: "b").judgements.blessings.map(\.why) == ["2"])
  }
}
