import Foundation
import Statistics
import Testing

@Suite("Bootstrap interval of the median")
struct BootstrapTests {
  // The exact bootstrap distribution for odd n: a resample's median is at most the k-th value with
  // probability P(Binomial(n, k/n) ≥ (n+1)/2). Ranks from scipy.stats.binom of SciPy 1.17.1.
  @Test(
    "has the ends of the exact bootstrap distribution",
    arguments: [(5, 1, 5), (11, 3, 9), (21, 7, 15), (101, 41, 61), (1_001, 470, 532)])
  func exactRanks(count: Int, low: Double, high: Double) throws {
    var generator = SeededGenerator(seed: 1)
    let ranks = generator.shuffled((1...count).map(Double.init))
    let interval = try #require(Bootstrap.medianInterval(of: ranks, using: &generator))
    // The ends are steep for small n; for 1,001 the Monte Carlo error is about one rank.
    let slack = count > 1_000 ? 2.0 : 0
    #expect(abs(interval.low - low) <= slack)
    #expect(abs(interval.high - high) <= slack)
  }

  // 400,000 resamples by numpy.random.default_rng(1): median(choice(x, (400000, 10)), axis=1).
  @Test("agrees with NumPy for an even number of values")
  func evenCount() throws {
    var generator = SeededGenerator(seed: 2)
    let interval = try #require(
      Bootstrap.medianInterval(of: QuantileTests.reload, using: &generator))
    #expect(abs(interval.low - 0.31) < 0.011)
    #expect(abs(interval.high - 0.88) < 0.026)
  }

  @Test("needs two values", arguments: [[], [0.276]])
  func tooFew(values: [Double]) {
    var generator = SeededGenerator(seed: 1)
    #expect(Bootstrap.medianInterval(of: values, using: &generator) == nil)
  }

  @Test("is a point for equal values", arguments: [2, 3, 10])
  func equalValues(count: Int) {
    var generator = SeededGenerator(seed: 1)
    let values = [Double](repeating: 0.25, count: count)
    #expect(
      Bootstrap.medianInterval(of: values, using: &generator) == Interval(low: 0.25, high: 0.25))
  }

  @Test("is the same for the same seed, whatever the order of the values")
  func deterministic() {
    let intervals = [QuantileTests.reload, QuantileTests.reload.reversed()].map { values in
      var generator = SeededGenerator(seed: 5)
      return Bootstrap.medianInterval(of: values, using: &generator)
    }
    #expect(intervals[0] == intervals[1])
  }

  @Test("covers the true median about 95 times in 100", arguments: [15, 20])
  func coverage(count: Int) throws {
    var generator = SeededGenerator(seed: 2026)
    var covered = 0
    for _ in 0..<400 {
      // Exponential values; their median is the logarithm of 2.
      let values = (0..<count).map { _ in -log(1 - generator.unit()) }
      let interval = try #require(
        Bootstrap.medianInterval(of: values, using: &generator, resamples: 600))
      if interval.contains(log(2)) { covered += 1 }
    }
    // Four standard deviations of Binomial(400, 0.95) are 17.
    #expect((363...397).contains(covered))
  }

  @Test("handles ten thousand values")
  func large() {
    var generator = SeededGenerator(seed: 9)
    let values = (0..<10_000).map { _ in generator.unit() }
    let interval = Bootstrap.medianInterval(of: values, using: &generator)
    #expect(interval?.contains(0.5) == true)
  }
}
