import Testing

@testable import Statistics

@Suite("Student's t distribution")
struct StudentDistributionTests {
  // scipy.stats.t.ppf(1 − p / 2, n) of SciPy 1.17.1.
  @Test(
    "quantiles agree with SciPy",
    arguments: [
      (0.05, 1, 12.70620474), (0.05, 2, 4.30265273), (0.05, 3, 3.182446305), (0.05, 4, 2.776445105),
      (0.05, 9, 2.262157163), (0.05, 19, 2.093024054), (0.05, 199, 1.971956544),
      (0.01, 1, 63.65674116), (0.01, 2, 9.924843201), (0.01, 3, 5.84090931), (0.01, 4, 4.604094871),
      (0.01, 9, 3.249835542), (0.01, 19, 2.860934606), (0.01, 199, 2.600760216), (0.5, 1, 1),
      (0.5, 2, 0.8164965809), (0.5, 3, 0.7648923284), (0.5, 4, 0.7406970841),
      (0.5, 9, 0.7027221468), (0.5, 19, 0.6876214602), (0.5, 199, 0.6757245956),
    ] as [(Double, Double, Double)])
  func quantiles(p: Double, n: Double, expected: Double) {
    let quantile = StudentDistribution.twoSidedQuantile(p, degreesOfFreedom: n)
    #expect(abs(quantile / expected - 1) < 2e-5)
  }
}
