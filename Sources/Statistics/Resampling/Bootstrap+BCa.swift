extension Bootstrap {
  /// The percentile interval of any statistic of one sample (or of the log ratios of pairs).
  ///
  /// Nil for fewer than two values, or where the statistic isn't finite.
  package static func percentileInterval(
    of values: [Double], using generator: inout SeededGenerator, resamples: Int = resamples,
    confidence: Double = confidence, statistic: ([Double]) -> Double
  ) -> Interval? {
    guard
      values.count >= 2,
      let sorted = resampled(values, resamples, using: &generator, statistic: statistic)
    else { return nil }
    return interval(sorted, (1 - confidence) / 2, (1 + confidence) / 2)
  }

  /// The bias-corrected and accelerated interval of any statistic of one sample (or of the log ratios
  /// of pairs): the percentile interval with its ends moved by the statistic's median bias and by how
  /// its spread changes with its value, the acceleration, which the jackknife estimates.
  ///
  /// Nil for fewer than two values, or where the statistic isn't finite. If all resamples, or all
  /// jackknife values, are the same, the correction they would give is left out.
  ///
  /// Source: Efron, "Better Bootstrap Confidence Intervals", JASA 82, 1987; formulas (14.9) to
  /// (14.15) of Efron and Tibshirani, 1993. The same as `scipy.stats.bootstrap(method="BCa")`.
  package static func bcaInterval(
    of values: [Double], using generator: inout SeededGenerator, resamples: Int = resamples,
    confidence: Double = confidence, statistic: ([Double]) -> Double
  ) -> Interval? {
    guard
      values.count >= 2,
      let sorted = resampled(values, resamples, using: &generator, statistic: statistic)
    else { return nil }
    let observed = statistic(values)
    guard observed.isFinite else { return nil }
    let below = sorted.count { $0 < observed }
    let upTo = sorted.count { $0 <= observed }
    let bias = NormalDistribution.quantile(Double(below + upTo) / Double(2 * sorted.count))
    let acceleration = acceleration(of: values, statistic: statistic)
    func level(_ p: Double) -> Double {
      guard bias.isFinite else { return p }
      let moved = bias + NormalDistribution.quantile(p)
      let level = NormalDistribution.cumulative(bias + moved / (1 - acceleration * moved))
      return level.isFinite ? level : p
    }
    return interval(sorted, level((1 - confidence) / 2), level((1 + confidence) / 2))
  }

  private static func resampled(
    _ values: [Double], _ resamples: Int, using generator: inout SeededGenerator,
    statistic: ([Double]) -> Double
  ) -> [Double]? {
    var statistics: [Double] = []
    statistics.reserveCapacity(resamples)
    var resample = values
    for _ in 0..<resamples {
      for index in resample.indices {
        resample[index] = values[Int(generator.uniform(below: UInt64(values.count)))]
      }
      statistics.append(statistic(resample))
    }
    guard statistics.allSatisfy(\.isFinite) else { return nil }
    return statistics.sorted()
  }

  /// From the third moment of the statistic over the sample with one value left out in turn.
  private static func acceleration(
    of values: [Double], statistic: ([Double]) -> Double
  ) -> Double {
    let jackknife = values.indices.map { left in
      statistic(Array(values[..<left] + values[(left + 1)...]))
    }
    let mean = jackknife.reduce(0, +) / Double(jackknife.count)
    let squares = jackknife.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let cubes = jackknife.reduce(0) { $0 + (mean - $1) * (mean - $1) * (mean - $1) }
    let acceleration = cubes / (6 * squares * squares.squareRoot())
    return acceleration.isFinite ? acceleration : 0
  }

  private static func interval(_ sorted: [Double], _ low: Double, _ high: Double) -> Interval? {
    guard let low = Quantile.r7(sorted: sorted, low), let high = Quantile.r7(sorted: sorted, high)
    else { return nil }
    return Interval(low: low, high: high)
  }
}
