/// The median of a sample divided by the median of a baseline.
package struct MedianRatio: Sendable, Hashable {
  package var estimate: Double
  /// 95 % bootstrap percentile interval; nil if either side, or the pairs, number fewer than two.
  package var interval: Interval?
  /// How many pairs were compared; nil if the samples were resampled independently.
  package var pairs: Int?

  package init(estimate: Double, interval: Interval?, pairs: Int?) {
    self.estimate = estimate
    self.interval = interval
    self.pairs = pairs
  }

  /// Value i of the one sample and value i of the other were measured under the same conditions;
  /// pairs are resampled whole, so what both share doesn't widen the interval.
  ///
  /// Nil without pairs, or with a value that isn't positive, for which a ratio means nothing.
  package static func paired(
    _ values: [Double], to baseline: [Double], using generator: inout SeededGenerator,
    resamples: Int = Bootstrap.resamples
  ) -> MedianRatio? {
    guard values.count == baseline.count, let estimate = ratio(values, baseline) else { return nil }
    var interval: Interval?
    if values.count >= 2 {
      var medians = PairedResample(values, baseline)
      interval = Bootstrap.interval(resamples: resamples) {
        let (first, second) = medians.draw(using: &generator)
        return first / second
      }
    }
    return MedianRatio(estimate: estimate, interval: interval, pairs: values.count)
  }

  /// Both samples are resampled on their own. Nil if either is empty or has a value that isn't
  /// positive.
  package static func unpaired(
    _ values: [Double], to baseline: [Double], using generator: inout SeededGenerator,
    resamples: Int = Bootstrap.resamples
  ) -> MedianRatio? {
    guard let estimate = ratio(values, baseline) else { return nil }
    var interval: Interval?
    if values.count >= 2, baseline.count >= 2 {
      let first = ResampledMedian(values)
      let second = ResampledMedian(baseline)
      interval = Bootstrap.interval(resamples: resamples) {
        first.draw(using: &generator) / second.draw(using: &generator)
      }
    }
    return MedianRatio(estimate: estimate, interval: interval, pairs: nil)
  }

  /// The baseline's median divided by the sample's.
  package var inverted: MedianRatio {
    MedianRatio(
      estimate: 1 / estimate,
      interval: interval.map { Interval(low: 1 / $0.high, high: 1 / $0.low) }, pairs: pairs)
  }

  private static func ratio(_ values: [Double], _ baseline: [Double]) -> Double? {
    guard
      values.allSatisfy({ $0 > 0 }), baseline.allSatisfy({ $0 > 0 }),
      let numerator = Quantile.median(values), let denominator = Quantile.median(baseline)
    else { return nil }
    return numerator / denominator
  }
}
