/// A confidence interval of a share from how often something was so.
///
/// Source: Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22, 1927, without
/// a correction for continuity. Unlike the textbook's interval it has a width where all or none were so.
package enum ShareInterval {
  /// Nil without attempts.
  package static func wilson(
    _ successes: Int, of attempts: Int, confidence: Double = Bootstrap.confidence
  ) -> Interval? {
    guard attempts > 0, (0...attempts).contains(successes) else { return nil }
    let z = NormalDistribution.quantile(1 - (1 - confidence) / 2)
    let n = Double(attempts)
    let share = Double(successes) / n
    let middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    let reach =
      z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot() / (1 + z * z / n)
    return Interval(
      low: successes == 0 ? 0 : max(0, middle - reach),
      high: successes == attempts ? 1 : min(1, middle + reach))
  }
}
