import Testing

@testable import Statistics

@Suite("Spearman")
struct SpearmanTests {
  // scipy.stats.spearmanr of SciPy 1.17.1.
  @Test(
    "agrees with SciPy",
    arguments: [
      (MedianRatioTests.slower, MedianRatioTests.reload, 0.9999999999999999),
      (MedianRatioTests.restart, MedianRatioTests.reload, 0.35757575757575755),
      ([1, 2, 2, 3, 9], [2, 1, 4, 4, 4], 0.6308932681440449), ([1, 1, 1], [1, 2, 3], 0),
      ([1, 2], [2, 1], -1),
    ] as [([Double], [Double], Double)])
  func referenceValues(first: [Double], second: [Double], expected: Double) {
    #expect(abs(Spearman.correlation(first, second) - expected) < 1e-12)
  }
}
