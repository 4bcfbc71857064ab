import Foundation
import Measurement
import ResultStore
import Testing

/// Runs that a wrong clock dated later than now.
@Suite struct FutureTests {
  let directory: TemporaryDirectory
  let store: ResultStore
  static let now = Fixture.date(1_000_000)

  init() throws {
    directory = try TemporaryDirectory()
    store = try ResultStore.open(path: directory.file())
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// Days from now on.
    var days: [Double]
    var latest: Int
    var future: [Int] = []
    /// Newest first.
    var runs: [Int]
    /// Of the newest two.
    var history: [Int]
  }

  static let cases = [
    Case(
      testDescription: "past", days: [-3, -2, -1], latest: 2, runs: [2, 1, 0], history: [1, 2]),
    Case(
      testDescription: "one in a year", days: [-3, 365, -1], latest: 2, future: [1], runs: [2, 0],
      history: [0, 2, 1]),
    Case(
      testDescription: "more of the future than are asked for", days: [-3, 30, 10, 20],
      latest: 0, future: [2, 3, 1], runs: [0], history: [0, 2, 3, 1]),
    Case(
      testDescription: "a day later at most", days: [-3, 1, 0.5], latest: 1, runs: [1, 2, 0],
      history: [2, 1]),
    Case(
      testDescription: "a moment more than a day", days: [-3, 1.00001], latest: 0, future: [1],
      runs: [0], history: [0, 1]),
    Case(
      testDescription: "only of the future", days: [5, 7, 6], latest: 1, future: [0, 2, 1],
      runs: [1, 2, 0], history: [0, 2, 1]),
  ]

  @Test(arguments: cases)
  func `what is dated later than now is never the newest, where there are others`(
    _ example: Case
  ) throws {
    for (index, day) in example.days.enumerated() {
      try store.insert(
        run: Fixture.run(id: "r\(index)", startedAt: Self.now + day * 86_400))
    }
    func ids(_ indices: [Int]) -> [String] { indices.map { "r\($0)" } }
    #expect(try store.latestRunID(now: Self.now) == "r\(example.latest)")
    #expect(try store.futureRuns(now: Self.now).map(\.id) == ids(example.future))
    let scenario = try store.scenarioOfLatestRun(now: Self.now)
    #expect(try store.runs(ofScenario: scenario, now: Self.now) == ids(example.runs))
    let history = try store.history(HistoryFilter(scenario: scenario, last: 2, now: Self.now))
    #expect(history.runs.map(\.id) == ids(example.history))
    // Listed where the date puts it.
    let listed = example.days.indices.sorted { example.days[$0] > example.days[$1] }
    #expect(try store.listings(limit: 9).map(\.id) == ids(listed))
  }
}
