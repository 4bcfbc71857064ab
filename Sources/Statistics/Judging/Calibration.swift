import Foundation

/// What the rule does on this machine when a cell is compared with itself (A/A).
///
/// The pairs' log ratios are resampled to as many as a comparison has, with signs drawn at random,
/// since which side is which means nothing. The rank interval of a shifted sample is the shifted
/// interval, so for each resample the smallest change that would have raised an alarm is known at once,
/// and the smallest change that can be detected is a quantile of those.
///
/// This knows only what varies within the calibration: two runs on different days may differ by more.
package struct Calibration: Sendable, Hashable {
  /// On each side of a comparison, which all of the following is for.
  package var iterations: Int
  /// The relative change that 99 of 100 comparisons of a cell with itself stay within: what
  /// `JudgementRule.noise` takes.
  package var noise: Double
  /// The part of comparisons of a cell with itself that raise an alarm, the noise taken into account.
  package var falseAlarmRate: Double
  /// The smallest relative increase that raises an alarm 95 times in 100, the noise taken into account:
  /// 0.08 for 8 %. Nil if so few iterations can't raise one.
  package var minimumDetectable: Double?
  /// By what factor the second side of the pairs was larger. An interval that excludes 1 says that the
  /// sides weren't treated alike, and that the calibration isn't to be trusted.
  package var bias: HodgesLehmann?
  package var resamples: Int

  /// Which part of the comparisons of a cell with itself stays within the noise.
  package static let noiseQuantile = 0.99
  package static let power = 0.95
  /// With fewer pairs the resamples only repeat them.
  package static let fewestPairs = 10

  /// Nil for fewer than `fewestPairs` pairs, for log ratios that aren't finite, or for no iterations.
  package init?(
    logRatios: [Double], iterations: Int, rule: JudgementRule = JudgementRule(),
    resamples: Int = 2_000, using generator: inout SeededGenerator
  ) {
    guard
      logRatios.count >= Self.fewestPairs, logRatios.allSatisfy(\.isFinite), iterations > 0,
      resamples > 0
    else { return nil }
    self.iterations = iterations
    self.resamples = resamples
    bias = HodgesLehmann.centre(ofDifferences: logRatios)?.exponential
    // Estimate, and the interval that excludes 0 exactly when p is at most the alarm's level.
    let centres = (0..<resamples).compactMap { _ in
      HodgesLehmann.centre(
        ofDifferences: (0..<iterations).map { _ in
          let drawn = logRatios[Int(generator.uniform(below: UInt64(logRatios.count)))]
          return generator.next() & 1 == 0 ? drawn : -drawn
        }, confidence: 1 - rule.alarmLevel)
    }
    let sizes = centres.map { abs($0.estimate) }
    let noise = exp(Quantile.r7(sizes, Self.noiseQuantile) ?? 0) - 1
    self.noise = noise
    let threshold = log(JudgementRule(margin: rule.margin, noise: max(rule.noise, noise)).threshold)
    // The shift of each resample from which on it raises an alarm upwards, and downwards.
    let up = centres.compactMap { centre in
      centre.interval.map { max(threshold - centre.estimate, -$0.low) }
    }
    let down = centres.compactMap { centre in
      centre.interval.map { max(threshold + centre.estimate, $0.high) }
    }
    falseAlarmRate =
      Double(up.count { $0 < 0 } + down.count { $0 < 0 }) / Double(resamples)
    minimumDetectable = Quantile.r7(up, Self.power).map { exp($0) - 1 }
  }
}
