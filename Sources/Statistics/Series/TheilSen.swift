/// A line through points that a few wild ones don't move: the median of all slopes between two points.
///
/// Sources: Theil, "A Rank-Invariant Method of Linear and Polynomial Regression Analysis", Proc.
/// Koninklijke Nederlandse Akademie van Wetenschappen 53, 1950; Sen, "Estimates of the Regression
/// Coefficient Based on Kendall's Tau", JASA 63, 1968, whose interval this is. The same as
/// `scipy.stats.theilslopes`.
package struct TheilSen: Sendable, Hashable {
  /// Of y, for one unit of x.
  package var slope: Double
  /// Of the slope; nil if no slopes are as many as the confidence asks for.
  package var interval: Interval?
  /// y at x = 0: the median of y minus the slope times the median of x.
  package var intercept: Double

  /// Nil if there are no two points with different x, or if something isn't finite.
  package init?(x: [Double], y: [Double], confidence: Double = Bootstrap.confidence) {
    guard
      x.count == y.count, (x + y).allSatisfy(\.isFinite), let middleX = Quantile.median(x),
      let middleY = Quantile.median(y)
    else { return nil }
    var slopes: [Double] = []
    slopes.reserveCapacity(x.count * (x.count - 1) / 2)
    for first in x.indices {
      for second in x.indices[(first + 1)...] where x[second] != x[first] {
        slopes.append((y[second] - y[first]) / (x[second] - x[first]))
      }
    }
    guard !slopes.isEmpty else { return nil }
    slopes.sort()
    guard let slope = Quantile.r7(sorted: slopes, 0.5) else { return nil }
    self.slope = slope
    intercept = middleY - slope * middleX
    let deviation = MannKendall.variance(x: x, y: y).squareRoot()
    let reach = NormalDistribution.quantile((1 + confidence) / 2) * deviation
    // Rounded as SciPy does; where SciPy takes the outermost slopes for want of wider ones: none.
    let lower = Int(((Double(slopes.count) - reach) / 2).rounded(.toNearestOrEven)) - 1
    let upper = Int(((Double(slopes.count) + reach) / 2).rounded(.toNearestOrEven))
    if lower >= 0, upper < slopes.count {
      interval = Interval(low: slopes[lower], high: slopes[upper])
    }
  }
}
