import Foundation

/// The shift between two samples, or the centre of differences, with a distribution-free interval.
///
/// The interval holds the shifts that the rank test doesn't reject, so it covers the truth with at
/// least the stated confidence whatever the distribution, and it excludes no shift exactly when the
/// test's p is above 1 − confidence (without ties). It is nil if the samples are too small for the
/// confidence: 95 % takes 4 values on each side, or 6 differences.
///
/// Values may be infinite: +∞ is what wasn't reached. Two values that weren't reached tell nothing of
/// the shift between them; such a pair is left out of the estimate and widens the interval on both
/// sides. An end of the interval that is infinite has no bound.
///
/// All differences are looked at, of up to `most` values on a side (`most` differences of pairs); more
/// are thinned to as many quantiles, which moves an end by less than a thousandth of the distribution.
///
/// Sources: Hodges and Lehmann, "Estimates of Location Based on Rank Tests", Annals of Mathematical
/// Statistics 34, 1963; the interval is Moses' (for two samples) and Tukey's (for differences), in
/// Hollander, Wolfe and Chicken, "Nonparametric Statistical Methods", 2014, sections 4.3 and 3.3.
/// The same as R's `wilcox.test(conf.int = TRUE, exact = TRUE)`.
package struct HodgesLehmann: Sendable, Hashable {
  package static let most = 600

  package var estimate: Double
  package var interval: Interval?

  package init(estimate: Double, interval: Interval?) {
    self.estimate = estimate
    self.interval = interval
  }

  /// The median of all differences first − second. Nil if either sample is empty or has a NaN, or if
  /// no difference is known.
  package static func shift(
    _ first: [Double], _ second: [Double], confidence: Double = Bootstrap.confidence
  ) -> HodgesLehmann? {
    guard !first.contains(where: \.isNaN), !second.contains(where: \.isNaN) else { return nil }
    let (lefts, rights) = (Quantile.thinned(first, to: most), Quantile.thinned(second, to: most))
    var differences: [Double] = []
    differences.reserveCapacity(lefts.count * rights.count)
    for left in lefts {
      for right in rights { differences.append(difference(left, right)) }
    }
    return HodgesLehmann(
      differences, critical: MannWhitney.critical(1 - confidence, first.count, second.count),
      of: first.count * second.count)
  }

  /// The median of the Walsh averages, which are the means of any two differences and of each with
  /// itself. Nil without differences, or if no average is known. A NaN is a pair of which neither was
  /// reached.
  package static func centre(
    ofDifferences differences: [Double], confidence: Double = Bootstrap.confidence
  ) -> HodgesLehmann? {
    // What isn't known has no quantile; so many that they are thinned are seldom unknown.
    let known = differences.filter { !$0.isNaN }
    let kept = differences.count > most ? Quantile.thinned(known, to: most) : differences
    var averages: [Double] = []
    averages.reserveCapacity(kept.count * (kept.count + 1) / 2)
    for (index, difference) in kept.enumerated() {
      // (∞ − ∞) / 2 is NaN, which is meant: nothing is known of that average.
      for other in kept[index...] { averages.append((difference + other) / 2) }
    }
    let count = kept.count < differences.count ? known.count : differences.count
    return HodgesLehmann(
      averages, critical: SignedRank.critical(1 - confidence, count), of: count * (count + 1) / 2)
  }

  /// The factor between two samples: the shift of their logarithms. Zeros are allowed; nil with a
  /// negative value or where `shift` is nil.
  package static func ratio(
    _ first: [Double], _ second: [Double], confidence: Double = Bootstrap.confidence
  ) -> HodgesLehmann? {
    guard first.allSatisfy({ $0 >= 0 }), second.allSatisfy({ $0 >= 0 }) else { return nil }
    return shift(first.map { log($0) }, second.map { log($0) }, confidence: confidence)?
      .exponential
  }

  /// Back from logarithms.
  package var exponential: HodgesLehmann {
    HodgesLehmann(
      estimate: exp(estimate),
      interval: interval.map { Interval(low: exp($0.low), high: exp($0.high)) })
  }

  /// NaN if neither was reached; equal values differ by nothing, even two logarithms of zero.
  static func difference(_ value: Double, _ other: Double) -> Double {
    value == other && value != .infinity ? 0 : value - other
  }

  /// From values of which the estimate is the median and the interval goes from the `critical`-th
  /// smallest to the `critical`-th largest of `all`, which the values stand for; NaN is a value that could
  /// be any.
  private init?(_ values: [Double], critical exact: Int, of all: Int) {
    let critical =
      all == values.count ? exact : Int(Double(exact) / Double(all) * Double(values.count))
    let known = values.filter { !$0.isNaN }.sorted()
    guard let middle = Self.median(sorted: known) else { return nil }
    estimate = middle
    let unknown = values.count - known.count
    guard critical >= 1 else { return }
    // An unknown value may be the smallest as well as the largest.
    interval = Interval(
      low: critical <= unknown ? -.infinity : known[critical - unknown - 1],
      high: critical <= unknown ? .infinity : known[known.count - (critical - unknown)])
  }

  private static func median(sorted values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let (lower, upper) = (values[(values.count - 1) / 2], values[values.count / 2])
    // The mean of two equal infinities is that infinity; of opposite ones nothing is known.
    let middle = lower == upper ? lower : lower + (upper - lower) / 2
    if middle.isNaN { return lower.isFinite ? upper : (upper.isFinite ? lower : nil) }
    return middle
  }
}
