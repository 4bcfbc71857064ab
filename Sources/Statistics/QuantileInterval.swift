import Foundation

/// A confidence interval of any quantile from the order statistics themselves.
///
/// How many of n values lie below the p quantile is binomial, whatever the values' distribution is. Few values
/// say nothing of how far up a high quantile may be: below 36 of them, the 95 % interval of the 90th percentile
/// has no upper end.
///
/// Source: David and Nagaraja, "Order Statistics", 3rd edition, 2003, section 7.1; equal tails.
package enum QuantileInterval {
  /// Nil without values or with a NaN. The upper end is infinite, or the lower −∞, where no value bounds it.
  package static func orderStatistics(
    of values: [Double], _ p: Double, confidence: Double = Bootstrap.confidence
  ) -> Interval? {
    guard !values.isEmpty, !values.contains(where: \.isNaN), p > 0, p < 1 else { return nil }
    let sorted = values.sorted()
    let tail = (1 - confidence) / 2
    var (low, high) = (-Double.infinity, Double.infinity)
    var below = 0.0
    // After value k, `below` is the probability that at most k lie below the quantile.
    for k in 0...sorted.count {
      if k > 0, below <= tail { low = sorted[k - 1] }
      below += mass(k, of: sorted.count, p)
      if below >= 1 - tail, k < sorted.count {
        high = sorted[k]
        break
      }
    }
    return Interval(low: low, high: high)
  }

  /// The binomial probability of k, by logarithms: no factorial overflows.
  private static func mass(_ k: Int, of n: Int, _ p: Double) -> Double {
    let (count, n) = (Double(k), Double(n))
    let choose = lgamma(n + 1) - lgamma(count + 1) - lgamma(n - count + 1)
    return exp(choose + count * log(p) + (n - count) * log1p(-p))
  }
}
