/// Which values lie far outside, by Tukey's fences. Nothing is dropped: an outlier is a label.
///
/// Inner fences lie 1.5, outer fences 3 interquartile ranges outside the quartiles. Source:
/// Tukey, "Exploratory Data Analysis", 1977, section 2D; criterion labels its samples alike.
package struct TukeyFences: Sendable, Hashable {
  package enum Class: String, Sendable, Hashable, CaseIterable {
    case lowSevere, lowMild, inside, highMild, highSevere
  }

  package var inner: Interval
  package var outer: Interval

  /// Nil without values, or with one that isn't finite.
  package init?(_ values: [Double]) {
    let sorted = values.sorted()
    guard
      values.allSatisfy(\.isFinite), let low = Quantile.r7(sorted: sorted, 0.25),
      let high = Quantile.r7(sorted: sorted, 0.75)
    else { return nil }
    let range = high - low
    inner = Interval(low: low - 1.5 * range, high: high + 1.5 * range)
    outer = Interval(low: low - 3 * range, high: high + 3 * range)
  }

  /// A value on a fence is inside it.
  package func classify(_ value: Double) -> Class {
    if value < outer.low { return .lowSevere }
    if value > outer.high { return .highSevere }
    if value < inner.low { return .lowMild }
    return value > inner.high ? .highMild : .inside
  }
}
