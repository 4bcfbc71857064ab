import Foundation

/// The standard normal distribution.
enum NormalDistribution {
  /// The probability of a value above `z`.
  static func upperTail(_ z: Double) -> Double {
    erfc(z / 2.0.squareRoot()) / 2
  }

  /// The probability of a value of at most `z`.
  static func cumulative(_ z: Double) -> Double {
    upperTail(-z)
  }

  /// The value that a standard normal number stays below with probability `p`, from 0 to 1.
  ///
  /// Source: Acklam's rational approximation (relative error 1.15e-9), refined by one step of
  /// Halley's method against the complementary error function, which brings it to full precision.
  static func quantile(_ p: Double) -> Double {
    guard p > 0 else { return -.infinity }
    guard p < 1 else { return .infinity }
    // Halved at the middle so that the refinement never subtracts from 1.
    if p > 0.5 { return -quantile(1 - p) }
    let start = p < 0.024_25 ? tail(p) : centre(p)
    let error = cumulative(start) - p
    let step = error * (2 * Double.pi).squareRoot() * exp(start * start / 2)
    return start - step / (1 + start * step / 2)
  }

  private static func polynomial(_ coefficients: [Double], at x: Double) -> Double {
    coefficients.reduce(0) { $0 * x + $1 }
  }

  private static func tail(_ p: Double) -> Double {
    let q = (-2 * log(p)).squareRoot()
    return polynomial(
      [
        -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
        -2.549732539343734e+00, 4.374664141464968e+00, 2.938163982698783e+00,
      ], at: q)
      / polynomial(
        [
          7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00,
          3.754408661907416e+00, 1,
        ], at: q)
  }

  private static func centre(_ p: Double) -> Double {
    let q = p - 0.5
    let r = q * q
    return polynomial(
      [
        -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02,
        1.383577518672690e+02, -3.066479806614716e+01, 2.506628277459239e+00,
      ], at: r) * q
      / polynomial(
        [
          -5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02,
          6.680131188771972e+01, -1.328068155288572e+01, 1,
        ], at: r)
  }
}
