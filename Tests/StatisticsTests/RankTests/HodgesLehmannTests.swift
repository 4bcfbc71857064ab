import Foundation
import Statistics
import Testing

@Suite("Hodges-Lehmann")
struct HodgesLehmannTests {
  static let restart = MedianRatioTests.restart
  static let reload = MedianRatioTests.reload
  static let slower = MedianRatioTests.slower

  // The algorithm of R's wilcox.test(a, b, conf.int = TRUE, exact = TRUE, conf.level = c), written
  // out with NumPy 2.4.6: the order statistics qwilcox(α / 2) of all differences.
  @Test(
    "shift: agrees with R's algorithm",
    arguments: [
      (restart, reload, 0.95, -0.226, -0.535, 0.04), (restart, reload, 0.9, -0.226, -0.528, 0.033),
      (slower, reload, 0.95, 0.255, -0.15, 0.72), (slower, reload, 0.9, 0.255, -0.045, 0.64),
      ([19, 22, 16, 29, 24], [20, 11, 17, 12], 0.95, 7, -1, 17),
      ([19, 22, 16, 29, 24], [20, 11, 17, 12], 0.9, 7, -1, 13),
    ] as [([Double], [Double], Double, Double, Double, Double)])
  func shift(
    first: [Double], second: [Double], confidence: Double, estimate: Double, low: Double,
    high: Double
  ) throws {
    let shift = try #require(HodgesLehmann.shift(first, second, confidence: confidence))
    #expect(abs(shift.estimate - estimate) < 1e-9)
    #expect(abs(try #require(shift.interval).low - low) < 1e-9)
    #expect(abs(try #require(shift.interval).high - high) < 1e-9)
  }

  // The same on logarithms.
  @Test(
    "ratio: agrees with R's algorithm",
    arguments: [
      (restart, 0.6085213512573675, 0.39204545454545453, 1.1290322580645158),
      (slower, 1.498585547363141, 0.8263157894736842, 2.693548387096774),
    ])
  func ratio(values: [Double], estimate: Double, low: Double, high: Double) throws {
    let ratio = try #require(HodgesLehmann.ratio(values, Self.reload))
    #expect(abs(ratio.estimate - estimate) < 1e-12)
    #expect(abs(try #require(ratio.interval).low - low) < 1e-12)
    #expect(abs(try #require(ratio.interval).high - high) < 1e-12)
  }

  // As above for one sample, by qsignrank. The first row is examples 3.3 and 3.4 of Hollander and
  // Wolfe: 0.46, and 0.010 to 0.786 at 96.1 %.
  @Test(
    "centre of differences: agrees with R's algorithm and the book",
    arguments: [
      (SignedRankTests.hamilton, 0.46, 0.01, 0.786), ([1, 2, 3, 4, 5, 6], 3.5, 1, 6),
      ([-1, 2, -3, 4, -5, 6, 7, 8, 9, 10], 4, -0.5, 8),
    ])
  func centre(differences: [Double], estimate: Double, low: Double, high: Double) throws {
    let centre = try #require(HodgesLehmann.centre(ofDifferences: differences))
    #expect(abs(centre.estimate - estimate) < 1e-12)
    #expect(abs(try #require(centre.interval).low - low) < 1e-12)
    #expect(abs(try #require(centre.interval).high - high) < 1e-12)
  }

  @Test("the interval excludes no shift exactly when the test doesn't reject")
  func duality() throws {
    var generator = SeededGenerator(seed: 8)
    for round in 0..<200 {
      let count = 4 + round % 9
      let first = (0..<count).map { _ in generator.unit() }
      let second = (0..<(count + round % 3)).map { _ in generator.unit() + 0.4 }
      let shift = try #require(HodgesLehmann.shift(first, second)?.interval)
      let test = try #require(MannWhitney.test(first, second))
      #expect(shift.contains(0) == (test.pValue > 0.05))
      let differences = (0..<(6 + round % 20)).map { _ in generator.unit() - 0.3 }
      let centre = try #require(HodgesLehmann.centre(ofDifferences: differences)?.interval)
      #expect(centre.contains(0) == (try #require(SignedRank.test(differences)).pValue > 0.05))
    }
  }

  @Test("has no interval where no interval has the confidence")
  func tooFew() {
    #expect(HodgesLehmann.shift([2], [1]) == HodgesLehmann(estimate: 1, interval: nil))
    #expect(HodgesLehmann.shift([1, 2, 3], [1, 2, 3])?.interval == nil)
    #expect(HodgesLehmann.shift([1, 2, 3, 4], [1, 2, 3, 4])?.interval != nil)
    #expect(HodgesLehmann.centre(ofDifferences: [1, 2, 3, 4, 5])?.interval == nil)
    #expect(HodgesLehmann.centre(ofDifferences: [1, 2, 3, 4, 5, 6])?.interval != nil)
    #expect(HodgesLehmann.shift([], [1]) == nil)
    #expect(HodgesLehmann.centre(ofDifferences: []) == nil)
    #expect(HodgesLehmann.ratio([1], [-1]) == nil)
  }

  @Test("zeros that equal each other are a ratio of one")
  func zeros() {
    let equal = [Double](repeating: 0, count: 5)
    #expect(
      HodgesLehmann.ratio(equal, equal)
        == HodgesLehmann(estimate: 1, interval: Interval(low: 1, high: 1)))
    #expect(HodgesLehmann.ratio([1, 1], [0, 0])?.estimate == .infinity)
  }

  @Test("what wasn't reached has no upper bound, and two of them say nothing")
  func censored() throws {
    let base = [1, 1.1, 1.2, 1.3, 1.4, 1.5]
    let worse = [1, 1.1, 1.2, .infinity, .infinity, .infinity]
    let ratio = try #require(HodgesLehmann.ratio(worse, base))
    #expect(ratio.interval?.high == .infinity)
    #expect(try #require(ratio.interval).low < 1)
    let never = [Double](repeating: .infinity, count: 6)
    #expect(HodgesLehmann.ratio(never, never) == nil)
    #expect(HodgesLehmann.ratio(never, base)?.estimate == .infinity)
    #expect(
      HodgesLehmann.centre(ofDifferences: [.nan, .nan, .nan, 1, 1, 1])?.interval
        == Interval(low: -.infinity, high: .infinity))
  }

  @Test("takes a hundred thousand values on a side")
  func large() throws {
    var generator = SeededGenerator(seed: 10)
    let first = (0..<100_000).map { _ in 1 + generator.unit() }
    let second = (0..<100_000).map { _ in 1.1 * (1 + generator.unit()) }
    let ratio = try #require(HodgesLehmann.ratio(second, first))
    #expect(abs(ratio.estimate - 1.1) < 0.003)
    // The normal theory of the rank test: 1.96 standard errors are 0.19 %.
    let interval = try #require(ratio.interval)
    #expect((0.003...0.006).contains(interval.high - interval.low))
    let differences = zip(second, first).map { log($0 / $1) }
    let centre = try #require(HodgesLehmann.centre(ofDifferences: differences)?.exponential)
    #expect(abs(centre.estimate - 1.1) < 0.003)
    #expect(try #require(centre.interval).contains(centre.estimate))
  }
}
