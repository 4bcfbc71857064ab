import Foundation

/// By what factor one sample is larger than another, with its interval and the p of the test that
/// belongs to it.
///
/// The estimate is the Hodges-Lehmann estimate on logarithms, the interval the factors that the rank
/// test doesn't reject. Both are exact under a change by a factor, whatever the distribution, which
/// no bootstrap interval is: for 10 pairs, the percentile interval of the geometric mean covers 87 to 91
/// of 100, BCa 83 to 90 (`Benchmarks/statistics`).
///
/// Values are seconds, or anything that isn't negative; +∞ is what wasn't reached. See
/// `HodgesLehmann` for what infinite ends mean, and for when there is no interval.
package struct LogRatio: Sendable, Hashable {
  /// 1.1 for 10 % more. Infinite if half of the comparisons or more are against what wasn't reached;
  /// nil if nothing can be compared.
  package var estimate: Double?
  package var interval: Interval?
  /// Of Mann-Whitney's test for samples, of the signed-rank test for pairs.
  package var pValue: Double
  /// How many pairs were compared; nil if the samples were compared independently.
  package var pairs: Int?

  /// Value i of the one sample and value i of the other were measured under the same conditions, and
  /// what both share cancels out. The estimate is the pseudo-median of the pairs' ratios, near their
  /// geometric mean and not moved by a few wild pairs.
  ///
  /// Nil without pairs, with samples of different length, or with a value below zero.
  package static func paired(
    _ values: [Double], to baseline: [Double], confidence: Double = Bootstrap.confidence
  ) -> LogRatio? {
    guard values.count == baseline.count, areUsable(values), areUsable(baseline) else { return nil }
    let differences = zip(values, baseline).map { HodgesLehmann.difference(log($0), log($1)) }
    // A pair of which neither was reached says nothing, as a pair without a difference does.
    let test = SignedRank.test(differences.map { $0.isNaN ? 0 : $0 })
    let centre = HodgesLehmann.centre(ofDifferences: differences, confidence: confidence)
    return LogRatio(centre, pValue: test?.pValue ?? 1, pairs: values.count)
  }

  /// Nil if either sample is empty or has a value below zero.
  package static func unpaired(
    _ values: [Double], to baseline: [Double], confidence: Double = Bootstrap.confidence
  ) -> LogRatio? {
    guard areUsable(values), areUsable(baseline), let test = MannWhitney.test(values, baseline)
    else { return nil }
    let ratio = HodgesLehmann.shift(
      values.map { log($0) }, baseline.map { log($0) }, confidence: confidence)
    return LogRatio(ratio, pValue: test.pValue, pairs: nil)
  }

  /// Value i of the one sample and value i of the other were measured in the same block, one after the
  /// other: paired if the blocks have something in common, and unpaired if not.
  ///
  /// Both are valid: interleaving has balanced the blocks, and what blocks share only makes the unpaired
  /// test more careful. But pairs are the poorer where blocks share nothing: a pair is wild if either of
  /// its values is, so with one wild value in ten the signed-rank test finds 10 % in half as many
  /// comparisons, and 10 pairs have no p between 0.002 and 0.004. So the pairs are used if the ranks of
  /// the two sides correlate by at least `leastCorrelation` (Spearman's), and if there are enough to
  /// raise an alarm. Looking first costs half a percentage point of coverage (`Benchmarks/statistics`).
  ///
  /// Nil where `paired` is.
  package static func inBlocks(
    _ values: [Double], to baseline: [Double], confidence: Double = Bootstrap.confidence
  ) -> LogRatio? {
    guard values.count == baseline.count, areUsable(values), areUsable(baseline) else { return nil }
    let isPaired =
      values.count >= fewestPairs && Spearman.correlation(values, baseline) >= leastCorrelation
    return isPaired
      ? paired(values, to: baseline, confidence: confidence)
      : unpaired(values, to: baseline, confidence: confidence)
  }

  package static let leastCorrelation = 0.4
  /// 2 / 2⁹ is the first p below 0.005.
  package static let fewestPairs = 9

  private init(_ logarithm: HodgesLehmann?, pValue: Double, pairs: Int?) {
    let ratio = logarithm?.exponential
    estimate = ratio?.estimate
    interval = ratio?.interval
    self.pValue = pValue
    self.pairs = pairs
  }

  private static func areUsable(_ values: [Double]) -> Bool {
    !values.isEmpty && values.allSatisfy { $0 >= 0 }
  }
}
