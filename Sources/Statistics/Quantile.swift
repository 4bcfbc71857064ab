/// Sample quantiles, interpolated linearly between order statistics.
///
/// Definition 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", The American
/// Statistician 50(4), 1996: what R, NumPy and spreadsheets call the default.
package enum Quantile {
  /// The `p` quantile, `p` from 0 to 1; nil without values. The order of `values` is irrelevant.
  package static func r7(_ values: [Double], _ p: Double) -> Double? {
    r7(sorted: values.sorted(), p)
  }

  /// The same for values that are in ascending order already.
  package static func r7(sorted values: [Double], _ p: Double) -> Double? {
    precondition((0...1).contains(p), "a quantile lies between 0 and 1")
    guard let last = values.last else { return nil }
    let position = Double(values.count - 1) * p
    let below = Int(position)
    guard below + 1 < values.count else { return last }
    let (lower, upper) = (values[below], values[below + 1])
    // Between equal infinities there is no difference to take a part of.
    guard lower < upper, position > Double(below) else { return lower }
    return lower + (position - Double(below)) * (upper - lower)
  }

  /// The middle value, or the mean of the two middle values; nil without values.
  package static func median(_ values: [Double]) -> Double? {
    r7(values, 0.5)
  }

  /// At most `count` values that stand for all: the quantiles in the middle of equal parts.
  static func thinned(_ values: [Double], to count: Int) -> [Double] {
    guard values.count > count else { return values }
    let sorted = values.sorted()
    return (0..<count).compactMap { r7(sorted: sorted, (Double($0) + 0.5) / Double(count)) }
  }
}
