import Statistics
import Testing

@Suite("Restricted mean")
struct RestrictedMeanTests {
  // The aml rows are what R 3's print(survfit(Surv(time, status) ~ x, aml), rmean = 161) prints: 52.6
  // (19.83) and 22.7 (4.18). All were computed from Greenwood's formula with NumPy 2.4.6.
  @Test(
    "and its standard error agree with R",
    arguments: [
      (KaplanMeierTests.maintained, 161, 52.64545454545455, 19.828602795562585),
      (KaplanMeierTests.unmaintained, 161, 22.708333333333336, 4.180941981033155),
      (KaplanMeierTests.remission, 35, 23.287394957983196, 2.8274676233714393),
      (KaplanMeierTests.remission, 20, 16.116526610644257, 1.2515601960050473),
      (
        CensoredSample(served: [1, 2, 3, 4], timedOut: [60], failed: 2), 60, 27.142857142857142,
        10.759767411621247
      ),
      (CensoredSample(served: [1, 2, 3, 4], failed: 2), 100, 35, 18.767584347012328),
      (CensoredSample(served: [1, 2, 3]), 100, 2, 0.4714045207910317),
    ] as [(CensoredSample, Double, Double, Double)])
  func referenceValues(sample: CensoredSample, tau: Double, mean: Double, error: Double) throws {
    let curve = try #require(KaplanMeier(sample))
    let restricted = try #require(RestrictedMean(curve, upTo: tau))
    #expect(abs(restricted.mean - mean) < 1e-12)
    #expect(abs(restricted.standardError - error) < 1e-12)
    #expect(try #require(restricted.interval).contains(mean))
  }

  @Test("isn't known beyond the last limit, nor without one")
  func horizon() throws {
    let curve = try #require(KaplanMeier(CensoredSample(served: [1, 2], timedOut: [60])))
    #expect(RestrictedMean(curve, upTo: 60) != nil)
    #expect(RestrictedMean(curve, upTo: 60.1) == nil)
    #expect(RestrictedMean(curve, upTo: 0) == nil)
    #expect(RestrictedMean(curve, upTo: .infinity) == nil)
  }

  @Test("of what was never served is the limit itself; of one iteration it has no interval")
  func degenerate() throws {
    let never = try #require(KaplanMeier(CensoredSample(served: [], timedOut: [60, 60])))
    #expect(RestrictedMean(never, upTo: 60)?.mean == 60)
    #expect(RestrictedMean(never, upTo: 60)?.interval == Interval(low: 60, high: 60))
    let one = try #require(KaplanMeier(CensoredSample(served: [2])))
    #expect(RestrictedMean(one, upTo: 60)?.mean == 2)
    #expect(RestrictedMean(one, upTo: 60)?.interval == nil)
  }
}
