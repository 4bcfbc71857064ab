/// The Mann-Whitney U test: does one sample tend to larger values than the other?
///
/// Sources: Mann and Whitney, "On a Test of Whether one of Two Random Variables is Stochastically
/// Larger than the Other", Annals of Mathematical Statistics 18, 1947; tie and continuity
/// corrections as in Hollander, Wolfe and Chicken, "Nonparametric Statistical Methods", 2014,
/// section 4.1. The same as `scipy.stats.mannwhitneyu`, whose "exact" has no ties: with ties this one
/// is exact by the permutation distribution of the tied ranks.
package struct MannWhitney: Sendable, Hashable {
  package enum Method: Sendable, Hashable { case exact, normal }

  /// The pairs in which the first sample's value is larger, an equal pair counted as a half.
  package var u: Double
  /// Two-sided: twice the smaller tail, at most 1.
  package var pValue: Double
  package var method: Method

  /// The exact distribution takes a millisecond or two up to this product of the smaller side and both
  /// sides together: 32 and 32 values, or 5 and 404.
  private static let mostForExact = 2_048

  /// Nil if either sample is empty or has a NaN. Values may be infinite: +∞ is what wasn't reached,
  /// and ranks behind everything that was.
  package static func test(_ first: [Double], _ second: [Double]) -> MannWhitney? {
    test(first, second, mostForExact: mostForExact)
  }

  /// Exact up to another product of the smaller side and both together.
  static func test(_ first: [Double], _ second: [Double], mostForExact: Int) -> MannWhitney? {
    guard
      !first.isEmpty, !second.isEmpty, !first.contains(where: \.isNaN),
      !second.contains(where: \.isNaN)
    else { return nil }
    let ranks = Midranks(first + second)
    let (m, n) = (first.count, second.count)
    let doubledU = ranks.doubled.prefix(m).reduce(0, +) - m * (m + 1)
    let isExact = min(m, n) * (m + n) <= mostForExact
    return MannWhitney(
      u: Double(doubledU) / 2,
      pValue: isExact
        ? exact(ranks, first: m) : normal(u: Double(doubledU) / 2, m, n, tieSum: ranks.tieSum),
      method: isExact ? .exact : .normal)
  }

  private static func exact(_ ranks: Midranks, first m: Int) -> Double {
    // The smaller sample's sum has the smaller table; it says the same.
    let isFirst = m <= ranks.doubled.count - m
    let own = isFirst ? ranks.doubled.prefix(m) : ranks.doubled.dropFirst(m)
    // Ranks from 0 on, and no longer doubled if all are whole.
    let (shift, scale) = ranks.hasTies ? (2, 1) : (2, 2)
    let scores = ranks.doubled.map { ($0 - shift) / scale }
    let sum = own.reduce(0) { $0 + ($1 - shift) / scale }
    return ScoreSumDistribution(drawing: own.count, of: scores).twoSided(sum)
  }

  private static func normal(u: Double, _ m: Int, _ n: Int, tieSum: Double) -> Double {
    let deviation = standardDeviation(m, n, tieSum: tieSum)
    guard deviation > 0 else { return 1 }
    let distance = abs(u - Double(m) * Double(n) / 2) - 0.5
    return min(1, 2 * NormalDistribution.upperTail(distance / deviation))
  }

  /// Of U under the null hypothesis.
  static func standardDeviation(_ m: Int, _ n: Int, tieSum: Double = 0) -> Double {
    let (m, n) = (Double(m), Double(n))
    let total = m + n
    return (m * n / 12 * (total + 1 - tieSum / (total * (total - 1)))).squareRoot()
  }

  /// The largest c for which a U below c, on either side, has a probability of at most `level`,
  /// without ties. 0 if even complete separation is likelier than that.
  static func critical(_ level: Double, _ m: Int, _ n: Int) -> Int {
    guard min(m, n) * (m + n) > mostForExact else {
      let drawn = min(m, n)
      let distribution = ScoreSumDistribution(drawing: drawn, of: Array(0..<(m + n)))
      return distribution.critical(level) - drawn * (drawn - 1) / 2
    }
    let reach = NormalDistribution.quantile(level / 2) * standardDeviation(m, n)
    return max(0, Int((Double(m) * Double(n) / 2 + 0.5 + reach).rounded(.down)))
  }
}
