/// Wilcoxon's signed-rank test: are the differences of pairs centred on zero?
///
/// Zeros are left out, as Wilcoxon did. Sources: Wilcoxon, "Individual Comparisons by Ranking
/// Methods", Biometrics Bulletin 1(6), 1945; Hollander, Wolfe and Chicken, "Nonparametric
/// Statistical Methods", 2014, section 3.1. The same as `scipy.stats.wilcoxon` with
/// `correction=True`, whose "exact" has no ties: with ties this one is exact by the distribution of
/// the tied ranks under all changes of sign.
package struct SignedRank: Sendable, Hashable {
  /// The sum of the ranks of the positive differences.
  package var w: Double
  /// Two-sided: twice the smaller tail, at most 1.
  package var pValue: Double
  /// The differences that aren't zero.
  package var count: Int

  static let mostForExact = 100

  /// Nil without differences, or with a NaN. Without any that isn't zero, p is 1. Differences may be
  /// infinite: +∞ is a pair of which only the second was reached.
  package static func test(_ differences: [Double]) -> SignedRank? {
    guard !differences.isEmpty, !differences.contains(where: \.isNaN) else { return nil }
    let moved = differences.filter { $0 != 0 }
    let ranks = Midranks(moved.map(abs))
    let doubledW = zip(moved, ranks.doubled).reduce(0) { $0 + ($1.0 > 0 ? $1.1 : 0) }
    let w = Double(doubledW) / 2
    guard moved.count > mostForExact else {
      let scale = ranks.hasTies ? 1 : 2
      let distribution = ScoreSumDistribution(tossingFor: ranks.doubled.map { $0 / scale })
      return SignedRank(
        w: w, pValue: distribution.twoSided(doubledW / scale), count: moved.count)
    }
    let (mean, deviation) = moments(moved.count, tieSum: ranks.tieSum)
    let distance = (abs(w - mean) - 0.5) / deviation
    return SignedRank(
      w: w, pValue: min(1, 2 * NormalDistribution.upperTail(distance)), count: moved.count)
  }

  private static func moments(
    _ count: Int, tieSum: Double = 0
  ) -> (mean: Double, deviation: Double) {
    let n = Double(count)
    let variance = n * (n + 1) * (2 * n + 1) / 24 - tieSum / 48
    return (n * (n + 1) / 4, variance.squareRoot())
  }

  /// The largest c for which a sum below c, on either side, has a probability of at most `level`,
  /// without ties. 0 if even differences that are all positive are likelier than that.
  static func critical(_ level: Double, _ count: Int) -> Int {
    guard count > mostForExact else {
      return ScoreSumDistribution(tossingFor: Array(0..<(count + 1))).critical(level)
    }
    let (mean, deviation) = moments(count)
    return max(
      0, Int((mean + 0.5 + NormalDistribution.quantile(level / 2) * deviation).rounded(.down)))
  }
}
