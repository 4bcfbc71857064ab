import Testing

@testable import Statistics

struct RankedMedianRatioTests {
  static let never = Double.infinity
  static let steady: [Double] = [1, 1.1, 0.9, 1.05, 0.95, 1, 1.02, 0.98]

  static let cases:
    [(one: [Double], other: [Double], estimate: Double?, low: ClosedRange<Double>?)] =
      [
        (steady.map { $0 * 2 }, steady, 2, 1.7...2.05),
        // One of eight that was never served moves no median, and the upper end is finite still.
        (Array(steady.dropLast()) + [never], steady, 1.01, 0.8...1.05),
        (steady.map { _ in never }, steady, never, never...never),
        (steady, steady.map { _ in never }, 0, 0...0),
        (steady.map { _ in never }, steady.map { _ in never }, nil, nil),
        ([2, 2, 2], [1, 1, 1], 2, nil),
        ([], [1], nil, nil),
        ([0], [1], nil, nil),
      ]

  @Test(arguments: cases) func `what wasn't reached ranks last`(
    _ one: [Double], _ other: [Double], _ estimate: Double?, _ low: ClosedRange<Double>?
  ) {
    var generator = SeededGenerator(seed: 5)
    let ratio = RankedMedianRatio(one, to: other, using: &generator, resamples: 2_000)
    #expect((ratio == nil) == (estimate == nil))
    if let ratio, let estimate {
      #expect(ratio.estimate == estimate || abs(ratio.estimate - estimate) < 1e-9)
    }
    #expect((ratio?.interval != nil) == (low != nil))
    if let interval = ratio?.interval, let low {
      #expect(low.contains(interval.low), "\(interval)")
    }
  }

  @Test func `where half isn't served the interval has no upper end`() throws {
    var generator = SeededGenerator(seed: 5)
    let half = Array(Self.steady.prefix(5)) + [Self.never, Self.never, Self.never]
    let ratio = try #require(RankedMedianRatio(half, to: Self.steady, using: &generator))
    let interval = try #require(ratio.interval)
    #expect(interval.low.isFinite && interval.high == Self.never)
  }

  @Test func `finite values give what the other ratio of medians gives`() throws {
    var (one, other) = (SeededGenerator(seed: 5), SeededGenerator(seed: 6))
    let slow = Self.steady.map { $0 * 1.5 }
    let ranked = try #require(RankedMedianRatio(slow, to: Self.steady, using: &one)?.interval)
    let plain = try #require(
      MedianRatio.unpaired(slow, to: Self.steady, using: &other)?.interval)
    #expect(abs(ranked.low - plain.low) < 0.03 && abs(ranked.high - plain.high) < 0.03)
  }
}
