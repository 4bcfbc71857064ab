/// Bootstrap intervals: percentile, and BCa.
///
/// What is used where goes by measured coverage (`Benchmarks/statistics`, 10 and 20 values, 95 % meant).
/// The percentile interval of a ratio of medians covers 95 to 97 % (99 % where blocks drift), and
/// `MedianRatio` keeps it. That of one median covers 92.5 to 95 %: `MedianInterval`, with 93.5 to 96 %, is
/// the one to report. For the mean of log ratios neither percentile (87 to 92.5 %) nor BCa (83 to 92.5 %)
/// will do: ratios are reported by `LogRatio`. BCa is for a statistic that has no interval of its own.
///
/// Source: Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13. The ends of
/// an interval are R-7 quantiles of the statistic over the resamples.
package enum Bootstrap {
  package static let resamples = 10_000
  package static let confidence = 0.95
  /// With fewer values no interval made of them can hold the median with 95 % confidence: the
  /// smallest and the largest of n enclose it with probability 1 − 2^(1−n), 0.938 for n = 5.
  package static let fewestForConfidence = 6

  /// The interval of the median; nil for fewer than two values, which show no spread.
  package static func medianInterval(
    of values: [Double], using generator: inout SeededGenerator, resamples: Int = resamples
  ) -> Interval? {
    guard values.count >= 2 else { return nil }
    let medians = ResampledMedian(values)
    return interval(resamples: resamples) { medians.draw(using: &generator) }
  }

  /// The percentile interval of a statistic, `draw` being called once for each resample.
  static func interval(resamples: Int, draw: () -> Double) -> Interval? {
    var statistics: [Double] = []
    statistics.reserveCapacity(resamples)
    for _ in 0..<resamples { statistics.append(draw()) }
    statistics.sort()
    let tail = (1 - confidence) / 2
    guard
      let low = Quantile.r7(sorted: statistics, tail),
      let high = Quantile.r7(sorted: statistics, 1 - tail)
    else { return nil }
    return Interval(low: low, high: high)
  }
}
