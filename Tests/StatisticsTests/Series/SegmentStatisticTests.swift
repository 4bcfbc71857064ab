import Testing

@testable import Statistics

@Suite("Segment statistic")
struct SegmentStatisticTests {
  /// The definition, without running sums: of all segments, the squared difference between the means within
  /// and outside, divided by the sum of the inverse lengths and by n (Olshen and others, section 2).
  static func naive(_ scores: [Double], shortest: Int) -> (range: Range<Int>, statistic: Double) {
    let count = scores.count
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    var best = (range: 0..<0, statistic: -1.0)
    for length in shortest...(count - 2 * shortest) {
      for start in shortest...(count - shortest - length) {
        let range = start..<start + length
        let within = scores[range]
        let outside = scores[..<range.lowerBound] + scores[range.upperBound...]
        let difference = mean(Array(within)) - mean(Array(outside))
        let lengths = 1 / Double(within.count) + 1 / Double(outside.count)
        let statistic = difference * difference / lengths / Double(count)
        if statistic > best.statistic + 1e-12 { best = (range, statistic) }
      }
    }
    return best
  }

  @Test("is what the definition says", arguments: [6, 11, 24, 60], [2, 5])
  func definition(count: Int, shortest: Int) throws {
    guard count >= 3 * shortest else {
      #expect(
        SegmentStatistic([Double](repeating: 1, count: count), shortest: shortest).best() == nil)
      return
    }
    for seed in 1...20 as ClosedRange<UInt64> {
      var generator = SeededGenerator(seed: seed)
      // -1, 0 and 1 in equal parts: the median is 0, and its deviation 1.4826.
      var values = (0..<count).map { Double($0 % 3 - 1) }
      generator.shuffle(&values)
      let mean = values.reduce(0, +) / Double(count)
      let expected = Self.naive(values.map { ($0 - mean) / 1.482_602_2 }, shortest: shortest)
      let found = try #require(SegmentStatistic(values, shortest: shortest).best())
      #expect(abs(found.statistic - expected.statistic) < 1e-9)
    }
  }

  @Test(
    "finds where the stretch is",
    arguments: [
      ([1, 2, 1, 2, 1, 9, 8, 9, 8, 9, 1, 2, 1, 2, 1], 5..<10),
      ([1, 2, 1, 2, 1, -9, -8, -9, -8, -9, -8, 1, 2, 1, 2, 1], 5..<11),
      // Without noise, and of what isn't served.
      ([1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1], 5..<10),
      (
        [1, 2, 1, 2, 1, 2, .infinity, .infinity, .infinity, .infinity, .infinity, 1, 2, 1, 2, 1],
        6..<11
      ),
      // The served one of mostly unserved nights.
      (
        [Double](repeating: .infinity, count: 8) + [1, 2, 1, 2, 1]
          + [Double](repeating: .infinity, count: 8), 8..<13
      ),
    ] as [([Double], Range<Int>)])
  func place(values: [Double], range: Range<Int>) {
    #expect(SegmentStatistic(values, shortest: 5).best()?.range == range)
  }

  @Test("its p is as often below a level as the level says")
  func calibrated() {
    var generator = SeededGenerator(seed: 3)
    let times = 400
    let below = (0..<times).count { _ in
      let statistic = SegmentStatistic((0..<30).map { _ in generator.unit() }, shortest: 5)
      guard let best = statistic.best() else { return false }
      return statistic.pValue(of: best, level: 0.1, permutations: 99, using: &generator) <= 0.1
    }
    // 40 expected, with a standard deviation of 6.
    #expect((22...58).contains(below))
  }
}
