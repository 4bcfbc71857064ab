/// Mann and Kendall's test: does y tend to rise or to fall with x?
///
/// Normal approximation with the corrections for ties in both and for continuity. Sources: Mann,
/// "Nonparametric Tests Against Trend", Econometrica 13, 1945; Kendall, "Rank Correlation Methods",
/// 1975, section 4.
package struct MannKendall: Sendable, Hashable {
  /// The pairs of points that rise minus those that fall.
  package var s: Int
  /// Two-sided.
  package var pValue: Double

  /// Nil for fewer than two points, or with a NaN.
  package init?(x: [Double], y: [Double]) {
    guard x.count == y.count, x.count >= 2, !(x + y).contains(where: \.isNaN) else { return nil }
    var s = 0
    for first in x.indices {
      for second in x.indices[(first + 1)...] {
        let run = x[second] > x[first] ? 1 : (x[second] < x[first] ? -1 : 0)
        s += y[second] > y[first] ? run : (y[second] < y[first] ? -run : 0)
      }
    }
    self.s = s
    let deviation = Self.variance(x: x, y: y).squareRoot()
    pValue =
      s == 0 || deviation == 0
      ? 1 : min(1, 2 * NormalDistribution.upperTail(Double(abs(s) - 1) / deviation))
  }

  /// Of s, if x and y have nothing to do with each other.
  static func variance(x: [Double], y: [Double]) -> Double {
    let n = Double(x.count)
    guard n >= 2 else { return 0 }
    let (inX, inY) = (Midranks(x).groups.map(Double.init), Midranks(y).groups.map(Double.init))
    func sum(_ groups: [Double], _ term: (Double) -> Double) -> Double {
      groups.reduce(0) { $0 + term($1) }
    }
    func first(_ t: Double) -> Double { t * (t - 1) * (2 * t + 5) }
    func second(_ t: Double) -> Double { t * (t - 1) }
    func third(_ t: Double) -> Double { t * (t - 1) * (t - 2) }
    var variance = (first(n) - sum(inX, first) - sum(inY, first)) / 18
    variance += sum(inX, second) * sum(inY, second) / (2 * n * (n - 1))
    if n > 2 { variance += sum(inX, third) * sum(inY, third) / (9 * n * (n - 1) * (n - 2)) }
    return max(0, variance)
  }
}
