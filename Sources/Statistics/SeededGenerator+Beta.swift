import Foundation

extension SeededGenerator {
  /// A share drawn from what `successes` of `attempts` leave possible: Jeffreys' posterior, Beta(s + ½, n − s + ½).
  ///
  /// Unlike resampled attempts it has a spread where all or none succeeded.
  ///
  /// Source: Brown, Cai and DasGupta, "Interval Estimation for a Binomial Proportion", Statistical Science 16(2),
  /// 2001, section 3.1.2.
  ///
  /// - Parameters:
  ///   - successes: from 0 to `attempts`; needn't be whole where attempts succeed in part.
  ///   - attempts: 0 or more.
  package mutating func share(successes: Double, of attempts: Double) -> Double {
    beta(successes + 0.5, attempts - successes + 0.5)
  }

  /// A number of the beta distribution; both shapes are above 0.
  mutating func beta(_ a: Double, _ b: Double) -> Double {
    let (x, y) = (gamma(a), gamma(b))
    return x + y > 0 ? x / (x + y) : a / (a + b)
  }

  /// A number of the gamma distribution with the scale 1; the shape is above 0.
  ///
  /// Source: Marsaglia and Tsang, "A Simple Method for Generating Gamma Variables", ACM TOMS 26(3), 2000; for
  /// shapes below 1 as in its section 6.
  mutating func gamma(_ shape: Double) -> Double {
    precondition(shape > 0, "a gamma distribution has a shape above 0")
    guard shape >= 1 else { return gamma(shape + 1) * pow(aboveZero(), 1 / shape) }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = NormalDistribution.quantile(aboveZero())
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      if log(aboveZero()) < x * x / 2 + d - d * v + d * log(v) { return d * v }
    }
  }

  /// A uniform number in `(0, 1)`.
  private mutating func aboveZero() -> Double {
    (Double(next() >> 11) + 0.5) * 0x1p-53
  }
}
