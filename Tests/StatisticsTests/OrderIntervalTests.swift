import Testing

@testable import Statistics

struct OrderIntervalTests {
  /// Places among the sorted values; nil where no value bounds the end. Binomial sums of exact integers (Python
  /// 3.11, math.comb).
  static let places: [(count: Int, p: Double, low: Int?, high: Int?)] = [
    (1, 0.5, nil, nil), (6, 0.5, 1, 6), (10, 0.5, 2, 9), (10, 0.9, 7, nil), (35, 0.9, 28, nil),
    (36, 0.9, 29, 36), (40, 0.9, 32, 40), (100, 0.9, 84, 96),
  ]

  @Test(arguments: places) func `a quantile's interval is between two of the values`(
    _ count: Int, _ p: Double, _ low: Int?, _ high: Int?
  ) throws {
    let values = (1...count).map(Double.init).reversed()
    let interval = try #require(QuantileInterval.orderStatistics(of: Array(values), p))
    #expect(interval.low == low.map(Double.init) ?? -.infinity)
    #expect(interval.high == high.map(Double.init) ?? .infinity)
  }

  @Test func `no values, no interval`() {
    #expect(QuantileInterval.orderStatistics(of: [], 0.9) == nil)
    #expect(QuantileInterval.orderStatistics(of: [1, .nan], 0.9) == nil)
    #expect(ShareInterval.wilson(0, of: 0) == nil)
    #expect(ShareInterval.wilson(3, of: 2) == nil)
  }

  /// scipy 1.17.1, `binomtest(k, n).proportion_ci(method="wilson")`.
  static let shares: [(Int, Int, Double, Double)] = [
    (8, 10, 0.4901624715366418, 0.9433178485456248), (0, 5, 0, 0.43448246478317476),
    (5, 5, 0.5655175352168251, 1), (1, 3, 0.06149194472039626, 0.7923403991979523),
  ]

  @Test(arguments: shares) func `a share's interval is Wilson's`(
    _ count: Int, _ all: Int, _ low: Double, _ high: Double
  ) throws {
    let interval = try #require(ShareInterval.wilson(count, of: all))
    #expect(abs(interval.low - low) < 1e-9)
    #expect(abs(interval.high - high) < 1e-9)
  }
}
