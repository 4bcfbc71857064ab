/// The mean of the smaller of the serving time and a limit `tau`: how long one waits on average if one
/// gives up after `tau`.
///
/// It is the area under the Kaplan-Meier curve up to `tau`. `tau` is stated, never implied: one
/// iteration that isn't served counts as `tau`, so a mean of 10 with one time-out at 60 s is mostly that
/// limit. The interval is of normal theory and misleads for few values with a long tail; for those,
/// use quantiles.
///
/// Sources: Greenwood's variance as in Klein and Moeschberger, "Survival Analysis", 2003, section 4.5,
/// the same as R's `print(survfit(…), rmean = tau)`; the interval takes the variance times n/(n − 1) and
/// Student's t, because with Greenwood's and 1.96 it covers 90 of 100 for 10 values and so 94 to 95.
package struct RestrictedMean: Sendable, Hashable {
  /// Seconds.
  package var mean: Double
  package var standardError: Double
  /// Of 95 %; nil for a single iteration.
  package var interval: Interval?
  /// Seconds.
  package var tau: Double

  /// Nil if `tau` isn't positive and finite, or lies beyond what the curve is known for.
  package init?(_ curve: KaplanMeier, upTo tau: Double) {
    guard tau > 0, tau.isFinite, tau <= curve.horizon else { return nil }
    let steps = curve.steps.filter { $0.time <= tau }
    // Areas from the right: what lies behind each step is what its uncertainty moves.
    var (area, variance, end) = (0.0, 0.0, tau)
    for step in steps.reversed() {
      area += step.unserved * (end - step.time)
      end = step.time
      if step.atRisk > step.served {
        variance +=
          area * area * Double(step.served)
          / (Double(step.atRisk) * Double(step.atRisk - step.served))
      }
    }
    mean = area + end
    standardError = variance.squareRoot()
    self.tau = tau
    let count = Double(curve.attempts)
    guard count >= 2 else { return }
    let t = StudentDistribution.twoSidedQuantile(
      1 - Bootstrap.confidence, degreesOfFreedom: count - 1)
    let reach = t * standardError * (count / (count - 1)).squareRoot()
    // No waiting is shorter than none or longer than tau.
    interval = Interval(low: max(0, mean - reach), high: min(tau, mean + reach))
  }
}
