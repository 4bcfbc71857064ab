import Statistics
import Testing

@Suite("Ratio of medians")
struct MedianRatioTests {
  static let reload = QuantileTests.reload
  static let restart = [0.347, 0.352, 0.341, 0.338, 0.36, 0.349, 0.345, 0.355, 0.343, 0.35]
  /// One and a half times `reload`, with a small deviation each.
  static let slower = [0.295, 0.785, 1.67, 0.445, 1.33, 0.695, 0.95, 1.405, 0.37, 1.055]

  // 400,000 resamples by numpy.random.default_rng(1), of the pairs or of both sides independently.
  @Test(
    "paired: agrees with NumPy",
    arguments: [
      (restart, 0.605217, 0.395455, 1.116129), (slower, 1.508696, 1.435484, 1.532258),
    ])
  func paired(values: [Double], estimate: Double, low: Double, high: Double) throws {
    var generator = SeededGenerator(seed: 1)
    let ratio = try #require(MedianRatio.paired(values, to: Self.reload, using: &generator))
    #expect(abs(ratio.estimate - estimate) < 1e-6)
    #expect(ratio.pairs == 10)
    #expect(abs(try #require(ratio.interval).low - low) < 0.01)
    #expect(abs(try #require(ratio.interval).high - high) < 0.02)
  }

  @Test(
    "unpaired: agrees with NumPy",
    arguments: [
      (restart, 0.605217, 0.393182, 1.127419), (slower, 1.508696, 0.708696, 3.153846),
    ])
  func unpaired(values: [Double], estimate: Double, low: Double, high: Double) throws {
    var generator = SeededGenerator(seed: 1)
    let ratio = try #require(MedianRatio.unpaired(values, to: Self.reload, using: &generator))
    #expect(abs(ratio.estimate - estimate) < 1e-6)
    #expect(ratio.pairs == nil)
    #expect(abs(try #require(ratio.interval).low - low) < 0.04)
    // 10,000 resamples place the end between the quantiles 0.971 and 0.979: 3.06 and 3.23.
    #expect(abs(try #require(ratio.interval).high - high) < 0.1)
  }

  @Test("has no interval for a single pair or a single value")
  func single() {
    var generator = SeededGenerator(seed: 1)
    #expect(
      MedianRatio.paired([1], to: [2], using: &generator)
        == MedianRatio(estimate: 0.5, interval: nil, pairs: 1))
    #expect(
      MedianRatio.unpaired([1], to: [2, 2], using: &generator)
        == MedianRatio(estimate: 0.5, interval: nil, pairs: nil))
  }

  @Test(
    "is nil where a ratio means nothing",
    arguments: [([], []), ([], [1]), ([1], []), ([1], [0]), ([0], [1]), ([1, 2], [-1, 4])])
  func meaningless(values: [Double], baseline: [Double]) {
    var generator = SeededGenerator(seed: 1)
    #expect(MedianRatio.paired(values, to: baseline, using: &generator) == nil)
    #expect(MedianRatio.unpaired(values, to: baseline, using: &generator) == nil)
  }

  @Test func `inverted, the ends change places`() {
    let ratio = MedianRatio(estimate: 0.5, interval: Interval(low: 0.25, high: 0.8), pairs: 7)
    #expect(
      ratio.inverted
        == MedianRatio(estimate: 2, interval: Interval(low: 1.25, high: 4), pairs: 7))
  }
}
