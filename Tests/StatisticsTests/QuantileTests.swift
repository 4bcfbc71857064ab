import Statistics
import Testing

@Suite("Quantile")
struct QuantileTests {
  static let reload = [0.19, 0.53, 1.1, 0.31, 0.88, 0.47, 0.62, 0.95, 0.24, 0.71]

  // numpy.quantile(values, [0, .025, .25, .5, .95, 1]) of NumPy 2.4.6, method "linear", which is R-7.
  @Test(
    "agrees with NumPy",
    arguments: [
      ([0.276], [0.276, 0.276, 0.276, 0.276, 0.276, 0.276]),
      ([1, 2], [1, 1.025, 1.25, 1.5, 1.95, 2]),
      ([3, 1, 2], [1, 1.05, 1.5, 2, 2.9, 3]),
      (reload, [0.19, 0.20125, 0.35, 0.575, 1.0325, 1.1]),
      ([5, 5, 5, 1, 9], [1, 1.4, 5, 5, 8.2, 9]),
      ([-3.5, 0, 2.25, 7], [-3.5, -3.2375, -0.875, 1.125, 6.2875, 7]),
    ])
  func referenceValues(values: [Double], expected: [Double]) throws {
    for (p, reference) in zip([0, 0.025, 0.25, 0.5, 0.95, 1], expected) {
      #expect(abs(try #require(Quantile.r7(values, p)) - reference) < 1e-12)
    }
    #expect(Quantile.median(values) == Quantile.r7(values, 0.5))
  }

  @Test("is infinite where what it lies between is")
  func infinite() {
    #expect(Quantile.median([1, .infinity, .infinity, .infinity]) == .infinity)
    #expect(Quantile.median([1, 2, 3, .infinity, .infinity]) == 3)
    #expect(Quantile.median([1, 2, .infinity, .infinity]) == .infinity)
  }

  @Test("has no value without values")
  func empty() {
    #expect(Quantile.r7([], 0.5) == nil)
    #expect(Quantile.median([]) == nil)
  }
}
