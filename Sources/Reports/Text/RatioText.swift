import Statistics

/// Ratios as people read them.
enum RatioText {
  /// `0.62×`; a dash for nil.
  static func text(_ ratio: MedianRatio?) -> String {
    guard let ratio else { return DurationText.none }
    return number(ratio.estimate, decimals: decimals(for: ratio)) + "×"
  }

  /// `0.55–0.70`; a dash without an interval.
  static func interval(_ ratio: MedianRatio?) -> String {
    guard let ratio, let interval = ratio.interval else { return DurationText.none }
    let decimals = decimals(for: ratio)
    return number(interval.low, decimals: decimals) + "–"
      + number(interval.high, decimals: decimals)
  }

  /// As few decimals as show the first digits of a small ratio, and on which side of 1 an end lies.
  private static func decimals(for ratio: MedianRatio) -> Int {
    let ends = [ratio.interval?.low, ratio.interval?.high].compactMap { $0 }
    for decimals in 2...4 {
      let scale = decimals == 2 ? 100.0 : decimals == 3 ? 1_000 : 10_000
      let hidesOne = ends.contains { $0 != 1 && ($0 * scale).rounded() == scale }
      let tooSmall = ratio.estimate * scale < 5
      if !hidesOne && !tooSmall { return decimals }
    }
    return 4
  }

  private static func number(_ value: Double, decimals: Int) -> String {
    switch value {
    case ..<9.995: DurationText.fixed(value, decimals)
    case ..<99.95: DurationText.fixed(value, 1)
    default: DurationText.fixed(value, 0)
    }
  }
}
