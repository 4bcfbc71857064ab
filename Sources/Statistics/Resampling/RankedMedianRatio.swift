/// The ratio of two medians where values may be +∞, which is what wasn't reached and ranks behind all that was.
package struct RankedMedianRatio: Sendable, Hashable {
  /// +∞ where only the baseline's median was reached, 0 where only the other's was.
  package var estimate: Double
  /// 95 % bootstrap percentile interval, whose ends may be infinite; nil with fewer values than
  /// `Bootstrap.fewestForConfidence` on either side, or where resamples have no ratio.
  package var interval: Interval?

  /// Nil if a side is empty or has a value that isn't positive, and where neither median was reached.
  package init?(
    _ values: [Double], to baseline: [Double], using generator: inout SeededGenerator,
    resamples: Int = Bootstrap.resamples
  ) {
    guard (values + baseline).allSatisfy({ $0 > 0 }),
      let estimate = Self.ratio(Quantile.median(values), Quantile.median(baseline))
    else { return nil }
    self.estimate = estimate
    guard min(values.count, baseline.count) >= Bootstrap.fewestForConfidence else { return }
    var ratios: [Double] = []
    ratios.reserveCapacity(resamples)
    for _ in 0..<resamples {
      let one = Self.resampled(values, using: &generator)
      let other = Self.resampled(baseline, using: &generator)
      guard let ratio = Self.ratio(Quantile.median(one), Quantile.median(other)) else { continue }
      ratios.append(ratio)
    }
    // What has no ratio could lie anywhere.
    let tail = (1 - Bootstrap.confidence) / 2
    guard Double(resamples - ratios.count) < tail * Double(resamples) else { return }
    ratios.sort()
    guard let low = Quantile.r7(sorted: ratios, tail),
      let high = Quantile.r7(sorted: ratios, 1 - tail)
    else { return }
    interval = Interval(low: low, high: high)
  }

  private static func ratio(_ one: Double?, _ other: Double?) -> Double? {
    guard let one, let other, one.isFinite || other.isFinite else { return nil }
    return one / other
  }

  private static func resampled(
    _ values: [Double], using generator: inout SeededGenerator
  ) -> [Double] {
    values.map { _ in values[Int(generator.uniform(below: UInt64(values.count)))] }
  }
}
