import Foundation
import Statistics
import Testing

@testable import Reports

/// What a trend is put together from.
@Suite struct TrendPartsTests {
  static let day: TimeInterval = 86_400

  static func dates(_ days: [Double]) -> [Date] { days.map { Nights.first + $0 * day } }

  @Test(
    arguments: [
      ([], nil), ([0, 1, 2, 3], nil), ([0, 1, 2, 3, 4], 1),
      // A quarter of an hour more or less is the same pace.
      ([0, 1.01, 2, 2.99, 4, 5.01], 1),
      // From Monday to Friday.
      ([0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 14], 1),
      ([0, 1, 2, 9, 10, 11, 12], 1), ([0, 7, 14, 21, 28, 35], 7),
      // By hand, by turns, and all at once.
      ([0, 0.1, 3, 3.2, 9, 9.7, 20], nil), ([0, 0.02, 1, 1.02, 2, 2.02, 3, 3.02], nil),
      ([0, 0, 0, 0, 0, 0], nil),
    ] as [([Double], Double?)])
  func `the usual time from run to run`(_ days: [Double], cadence: Double?) {
    let found = TrendGap.cadence(of: Self.dates(days)).map { $0 / Self.day }
    #expect(found.map { ($0 * 10).rounded() / 10 } == cadence)
  }

  @Test(
    arguments: [
      ([], 1, []), ([0], 1, []), ([0, 1, 2], 1, []), ([0, 1.4, 2], 1, []),
      ([0, 1.6, 2], 1, [TrendGap(after: 0, missing: 1)]),
      ([0, 1, 4, 5, 7], 1, [TrendGap(after: 1, missing: 2), TrendGap(after: 3, missing: 1)]),
      ([0, 100], nil, []), ([0, 100], 0, []), ([5, 0], 1, []), ([0, 0], 1, []),
    ] as [([Double], Double?, [TrendGap])])
  func `what is missing at that pace`(_ days: [Double], cadence: Double?, gaps: [TrendGap]) {
    #expect(
      TrendGap.gaps(between: Self.dates(days), cadence: cadence.map { $0 * Self.day }) == gaps)
  }

  @Test(
    arguments: [
      // One broken night, two, one beside a missing one, and two in one night.
      ([0, 1, 3, 4], [2], 1, [TrendGap(after: 1, missing: 0, broken: 1)]),
      ([0, 3, 4], [1, 2], 1, [TrendGap(after: 0, missing: 0, broken: 2)]),
      ([0, 3, 4], [2], 1, [TrendGap(after: 0, missing: 1, broken: 1)]),
      ([0, 2, 3], [1, 1.1], 1, [TrendGap(after: 0, missing: 0, broken: 2)]),
      // Beside a point, before the first and after the last.
      ([1, 2, 3], [0, 1.1, 4], 1, [TrendGap(after: 0, missing: 0, broken: 1)]),
      ([0, 9], [3], nil, [TrendGap(after: 0, missing: 0, broken: 1)]),
    ] as [([Double], [Double], Double?, [TrendGap])])
  func `a run that ended before measuring isn't missing as well`(
    _ days: [Double], broken: [Double], cadence: Double?, gaps: [TrendGap]
  ) {
    #expect(
      TrendGap.gaps(
        between: Self.dates(days), broken: Self.dates(broken),
        cadence: cadence.map { $0 * Self.day }) == gaps)
  }

  @Test(
    arguments: [
      ("no other series", [0, 1, 2], [], false),
      ("another before", [5, 6, 7], [[0, 1, 2, 3]], false),
      ("another since, too few runs", [0, 1, 2], [[4, 5]], false),
      ("another since", [0, 1, 2], [[3, 4, 5]], true),
      ("back to what was before", [10, 11, 12], [[0, 1, 2, 13, 14, 15]], true),
      ("one of several", [0, 1, 2], [[0.5, 1.5], [3, 4, 5]], true),
      ("no one of several has enough", [0, 1, 2], [[3, 6], [4, 7]], false),
      ("by turns", [0, 1, 2, 3], [[0.1, 1.1, 2.1, 3.1]], false),
      ("by turns, one a night behind", [0, 1, 2], [[0.1, 1.1, 2.1, 3.1, 4.1]], false),
      ("weeks beside nights", [0, 7, 14], [[15, 16, 17, 18, 19, 20, 21]], false),
      ("weeks, and no more", [0, 7, 14], [[31, 32, 33]], true),
      ("one run only", [0], [[1, 2, 3]], true), ("no run", [], [[1, 2, 3]], false),
      ("the same moment", [0, 1, 2], [[2, 2, 2, 2]], false),
    ] as [(String, [Double], [[Double]], Bool)])
  func `a series has ended when another goes on`(
    _ what: String, days: [Double], others: [[Double]], hasEnded: Bool
  ) {
    #expect(
      TrendSuccession.hasEnded(Self.dates(days), others: others.map { Self.dates($0) })
        == hasEnded)
  }

  struct Levels: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var levels: [Double]
    var blessed: Set<Int> = []
    var margin = 0.05
    var expected: TrendSeries.Status
  }

  /// Each level is of one value.
  @Test(arguments: [
    Levels(testDescription: "one", levels: [1], expected: .steady),
    Levels(testDescription: "up", levels: [1, 2], expected: .regression(since: 1, ratio: 2)),
    Levels(
      testDescription: "up and up", levels: [1, 2, 4], expected: .regression(since: 1, ratio: 4)),
    Levels(
      testDescription: "up and half way back", levels: [1, 4, 2],
      expected: .regression(since: 1, ratio: 2)),
    Levels(testDescription: "up and back", levels: [1, 2, 1], expected: .steady),
    Levels(
      testDescription: "up, back, and up", levels: [1, 2, 1, 2],
      expected: .regression(since: 3, ratio: 2)),
    Levels(testDescription: "down", levels: [2, 1], expected: .steady),
    Levels(
      testDescription: "down and up again", levels: [2, 1, 2],
      expected: .regression(since: 2, ratio: 2)),
    Levels(testDescription: "within the margin", levels: [1, 1.04], expected: .steady),
    Levels(
      testDescription: "two steps within the margin add up", levels: [1, 1.04, 1.08],
      expected: .regression(since: 2, ratio: 1.08)),
    Levels(
      testDescription: "a wide margin", levels: [1, 1.4], margin: 0.5, expected: .steady),
    Levels(testDescription: "blessed", levels: [1, 2], blessed: [1], expected: .steady),
    Levels(
      testDescription: "slower than what was blessed", levels: [1, 2, 4], blessed: [1],
      expected: .regression(since: 2, ratio: 2)),
    Levels(
      testDescription: "faster than what was blessed counts", levels: [1, 4, 2, 4], blessed: [1],
      expected: .regression(since: 3, ratio: 2)),
    Levels(
      testDescription: "not served", levels: [1, .infinity],
      expected: .regression(since: 1, ratio: .infinity)),
    Levels(testDescription: "served at last", levels: [.infinity, 1], expected: .steady),
    Levels(
      testDescription: "not served, and blessed", levels: [1, .infinity], blessed: [1],
      expected: .steady),
    Levels(
      testDescription: "a blessing of what isn't served ends when it is",
      levels: [1, .infinity, 2, 4],
      blessed: [1], expected: .regression(since: 3, ratio: 2)),
  ])
  func `the level that counts is the best so far, or the one blessed last`(_ example: Levels) {
    let changes = example.levels.indices.dropFirst().map { index in
      TrendSeries.Change(
        index: index, before: example.levels[index - 1], after: example.levels[index], pValue: 0)
    }
    let levels = TrendLevels(
      values: example.levels, changes: changes, blessed: example.blessed, margin: example.margin)
    #expect(levels.status(drift: nil) == example.expected)
  }

  @Test(
    arguments: [
      ([], ""), ([1], "▄"), ([1, 1], "▄▄"), ([0, 1], "▁█"),
      ([0, 1, 2, 3, 4, 5, 6, 7], "▁▂▃▄▅▆▇█"), ([7, nil, 0], "█ ▁"), ([1, .infinity, 2], "▁×█"),
      ([.infinity, nil], "× "), ([nil, nil], "  "), ([-1, 0, 1], "▁▅█"),
    ] as [([Double?], String)])
  func `a sparkline has a block a value`(_ values: [Double?], text: String) {
    #expect(Sparkline.text(values) == text)
  }

  @Test(arguments: [
    ("0f3c2ab1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f6a7", "0f3c2ab1d2e3"),
    ("0f3c2ab1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f6a7-dirty", "0f3c2ab1d2e3-dirty"),
    ("0f3c2ab", "0f3c2ab"), ("0f3c2ab-dirty", "0f3c2ab-dirty"), ("", ""), ("-dirty", "-dirty"),
    ("a-b-c", "a-b-c"), ("é\u{301}日本語日本語日本語日本語", "é\u{301}日本語日本語日本語日本"),
  ])
  func `a commit is cut to twelve digits`(_ commit: String, text: String) {
    #expect(CommitText.short(commit) == text)
  }

  @Test(
    arguments: [
      (nil, nil, "–", "–"), (.infinity, nil, "∞", "–"),
      (.infinity, Interval(low: 2, high: .infinity), "∞", "2.00–∞"),
      (1.5, Interval(low: 1.2, high: .infinity), "1.50×", "1.20–∞"),
      (0, Interval(low: 0, high: 0.5), "0.0000×", "0.0000–0.5000"),
      (1.1, Interval(low: 1.001, high: 1.2), "1.100×", "1.001–1.200"),
    ] as [(Double?, Interval?, String, String)])
  func `a ratio to what was never reached has no end`(
    _ estimate: Double?, interval: Interval?, ratio: String, ends: String
  ) {
    #expect(RatioText.text(estimate, interval) == ratio)
    #expect(RatioText.interval(estimate, interval) == ends)
  }
}
