import Foundation

/// What the rule does on this machine when a cell is compared with itself (A/A).
///
/// Blocks of the calibration are resampled to as many as a comparison has, and the sides of each are
/// changed at random, since which is which means nothing. The rank interval of a shifted sample is the
/// shifted interval, so for each resample the smallest change that would have raised an alarm is known
/// at once, and the smallest change that can be detected is a quantile of those.
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
  /// By what factor the second side of the blocks was larger. An interval that excludes 1 says that the
  /// sides weren't treated alike, and that the calibration isn't to be trusted.
  package var bias: HodgesLehmann?
  /// How many blocks of the calibration were used: those that were served on both sides.
  package var blocks: Int

  /// Which part of the comparisons of a cell with itself stays within the noise.
  package static let noiseQuantile = 0.99
  package static let power = 0.95
  /// With fewer the resamples only repeat them.
  package static let fewestBlocks = 10

  /// From both sides' seconds of each block, +∞ where one wasn't served.
  ///
  /// Nil for fewer than `fewestBlocks` that were served on both sides, in more than no time, or for no
  /// iterations.
  package init?(
    blocks all: [(first: Double, second: Double)], iterations: Int,
    rule: JudgementRule = JudgementRule(), resamples: Int = 2_000,
    using generator: inout SeededGenerator
  ) {
    let blocks = all.filter { min($0.first, $0.second) > 0 && max($0.first, $0.second) < .infinity }
    guard blocks.count >= Self.fewestBlocks, iterations > 0, resamples > 0 else { return nil }
    self.iterations = iterations
    self.blocks = blocks.count
    let logRatios = blocks.map { log($0.second / $0.first) }
    bias = HodgesLehmann.centre(ofDifferences: logRatios)?.exponential
    // Estimate, and the interval that excludes 1 exactly when p is at most the alarm's level.
    let ratios = (0..<resamples).compactMap { _ in
      let drawn = (0..<iterations).map { _ in
        let block = blocks[Int(generator.uniform(below: UInt64(blocks.count)))]
        return generator.next() & 1 == 0 ? block : (first: block.second, second: block.first)
      }
      return LogRatio.inBlocks(
        drawn.map(\.first), to: drawn.map(\.second), confidence: 1 - rule.alarmLevel)
    }
    let estimates = ratios.map { log($0.estimate ?? 1) }
    let noise = exp(Quantile.r7(estimates.map(abs), Self.noiseQuantile) ?? 0) - 1
    self.noise = noise
    let threshold = log(JudgementRule(margin: rule.margin, noise: max(rule.noise, noise)).threshold)
    // The shift of each resample from which on it raises an alarm upwards, and downwards.
    let up = zip(ratios, estimates).compactMap { ratio, estimate in
      ratio.interval.map { max(threshold - estimate, -log($0.low)) }
    }
    let down = zip(ratios, estimates).compactMap { ratio, estimate in
      ratio.interval.map { max(threshold + estimate, log($0.high)) }
    }
    let alarms = (up + down).count { $0 < 0 }
    falseAlarmRate = Double(alarms) / Double(resamples)
    minimumDetectable = Quantile.r7(up, Self.power).map { exp($0) - 1 }
  }
}
