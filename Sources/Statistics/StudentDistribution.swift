import Foundation

/// Student's t distribution.
enum StudentDistribution {
  /// The value that |t| exceeds with probability `p`.
  ///
  /// Source: Hill, "Algorithm 396: Student's t-Quantiles", CACM 13(10), 1970; at least five digits.
  static func twoSidedQuantile(_ p: Double, degreesOfFreedom n: Double) -> Double {
    if n <= 1 { return cos(p * .pi / 2) / sin(p * .pi / 2) }
    if n == 2 { return (2 / (p * (2 - p)) - 2).squareRoot() }
    let a = 1 / (n - 0.5)
    let b = 48 / (a * a)
    var c = ((20_700 * a / b - 98) * a - 16) * a + 96.36
    let d = ((94.5 / (b + c) - 3) / b + 1) * (a * .pi / 2).squareRoot() * n
    var y = pow(d * p, 2 / n)
    if y > 0.05 + a {
      let x = NormalDistribution.quantile(p / 2)
      y = x * x
      if n < 5 { c += 0.3 * (n - 4.5) * (x + 0.6) }
      c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c
      y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
      y = expm1(a * y * y)
    } else {
      let inner = 1 / (((n + 6) / (n * y) - 0.089 * d - 0.822) * (n + 2) * 3)
      y = ((inner + 0.5 / (n + 4)) * y - 1) * (n + 1) / (n + 2) + 1 / y
    }
    return (n * y).squareRoot()
  }
}
