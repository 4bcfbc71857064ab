import Foundation

/// What the rule could find if the logarithms of the times were normal and their spread were known:
/// the bound to measure the rule by, and a first guess before anything is measured.
///
/// Source: the power of the two-sided z test, as in Julious, "Sample Sizes for Clinical Trials", 2010,
/// chapter 3, and the same for the estimate to exceed the rule's threshold.
package enum NormalTheory {
  /// The probability that a true ratio raises an alarm in its direction.
  ///
  /// - Parameters:
  ///   - deviation: the standard deviation of the logarithms of one side's times, or of the log ratios
  ///     of pairs.
  ///   - iterations: on each side.
  package static func power(
    ratio: Double, deviation: Double, iterations: Int, isPaired: Bool,
    rule: JudgementRule = JudgementRule(), level: Double? = nil
  ) -> Double {
    let error = deviation * ((isPaired ? 1 : 2) / Double(iterations)).squareRoot()
    let change = abs(log(ratio))
    let critical = -NormalDistribution.quantile((level ?? rule.alarmLevel) / 2)
    let needed = max(critical * error, log(rule.threshold))
    guard error > 0 else { return change > needed ? 1 : 0 }
    return NormalDistribution.cumulative((change - needed) / error)
  }

  /// The smallest ratio above 1 that raises an alarm with the given power.
  package static func detectableRatio(
    deviation: Double, iterations: Int, isPaired: Bool, rule: JudgementRule = JudgementRule(),
    power: Double = 0.95
  ) -> Double {
    let error = deviation * ((isPaired ? 1 : 2) / Double(iterations)).squareRoot()
    let critical = -NormalDistribution.quantile(rule.alarmLevel / 2)
    let needed = max(critical * error, log(rule.threshold))
    return exp(needed + NormalDistribution.quantile(power) * error)
  }

  /// The probability that the rule raises an alarm, if head's time exceeds base's with probability
  /// `exceeding`, and still does with `exceedingThreshold` once head is divided by the rule's threshold.
  /// It holds for any distribution.
  ///
  /// Source: Noether, "Sample Size Determination for Some Common Nonparametric Tests", JASA 82, 1987, for
  /// the Mann-Whitney test.
  package static func rankPower(
    exceeding: Double, exceedingThreshold: Double, iterations: Int,
    rule: JudgementRule = JudgementRule()
  ) -> Double {
    // 12 c (1 − c) N with both sides alike.
    let scale = (6 * Double(iterations)).squareRoot()
    let critical = -NormalDistribution.quantile(rule.alarmLevel / 2)
    let test = NormalDistribution.cumulative(scale * (exceeding - 0.5) - critical)
    return min(test, NormalDistribution.cumulative(scale * (exceedingThreshold - 0.5)))
  }
}
