import Statistics
import Testing

@Suite("Bootstrap intervals of any statistic")
struct BCaTests {
  static let skewed = [0.2, 0.21, 0.22, 0.25, 0.3, 0.35, 0.5, 0.8, 1.5, 4, 0.24, 0.28]

  // scipy.stats.bootstrap((x,), numpy.mean, method=…, n_resamples=400000, rng=default_rng(1)) of SciPy
  // 1.17.1. Other random numbers and fewer of them: ends agree to a few thousandths of the spread.
  @Test(
    "the mean's agree with SciPy",
    arguments: [
      (
        QuantileTests.reload, Interval(low: 0.421, high: 0.784), Interval(low: 0.426, high: 0.79),
        0.01
      ),
      (
        skewed, Interval(low: 0.294167, high: 1.4125), Interval(low: 0.363333, high: 1.870833), 0.06
      ),
    ])
  func mean(values: [Double], percentile: Interval, bca: Interval, slack: Double) throws {
    var generator = SeededGenerator(seed: 3)
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let plain = try #require(
      Bootstrap.percentileInterval(of: values, using: &generator, statistic: mean))
    let corrected = try #require(
      Bootstrap.bcaInterval(of: values, using: &generator, statistic: mean))
    for (interval, expected) in [(plain, percentile), (corrected, bca)] {
      #expect(abs(interval.low - expected.low) < slack / 2)
      #expect(abs(interval.high - expected.high) < slack)
    }
  }

  @Test("need two values, and are a point for equal ones")
  func degenerate() {
    var generator = SeededGenerator(seed: 1)
    for values in [[], [1.0]] {
      #expect(Bootstrap.bcaInterval(of: values, using: &generator) { $0.reduce(0, +) } == nil)
      #expect(
        Bootstrap.percentileInterval(of: values, using: &generator) { $0.reduce(0, +) } == nil)
    }
    let point = Bootstrap.bcaInterval(of: [2, 2, 2], using: &generator) { $0[0] }
    #expect(point == Interval(low: 2, high: 2))
    #expect(Bootstrap.bcaInterval(of: [1, 2], using: &generator) { _ in .nan } == nil)
  }
}
