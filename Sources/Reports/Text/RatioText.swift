import Statistics

/// Ratios as people read them.
enum RatioText {
  /// `0.62×`; a dash for nil, `∞` where the one side was never reached.
  static func text(_ estimate: Double?, _ interval: Interval?) -> String {
    guard let estimate else { return DurationText.none }
    guard estimate.isFinite else { return "∞" }
    return number(estimate, decimals: decimals(for: estimate, interval)) + "×"
  }

  /// `0.55–0.70`; a dash without an interval.
  static func interval(_ estimate: Double?, _ interval: Interval?) -> String {
    guard let estimate, let interval else { return DurationText.none }
    let decimals = decimals(for: estimate, interval)
    return number(interval.low, decimals: decimals) + "–"
      + number(interval.high, decimals: decimals)
  }

  /// `1.6 times`, for a sentence; with two decimals where one wouldn't tell much.
  static func times(_ ratio: MedianRatio?) -> String {
    guard let ratio else { return DurationText.none }
    return number(ratio.estimate, decimals: sentenceDecimals(ratio)) + " times"
  }

  /// `1.3–1.8`, as `times` has it; a dash without an interval.
  static func timesInterval(_ ratio: MedianRatio) -> String {
    guard let interval = ratio.interval else { return DurationText.none }
    let decimals = sentenceDecimals(ratio)
    return number(interval.low, decimals: decimals) + "–"
      + number(interval.high, decimals: decimals)
  }

  private static func sentenceDecimals(_ ratio: MedianRatio) -> Int {
    if let low = ratio.interval?.low, low >= 1.25 { return 1 }
    return decimals(for: ratio.estimate, ratio.interval)
  }

  static func text(_ ratio: MedianRatio?) -> String { text(ratio?.estimate, ratio?.interval) }

  static func interval(_ ratio: MedianRatio?) -> String {
    interval(ratio?.estimate, ratio?.interval)
  }

  /// As few decimals as show the first digits of a small ratio, and on which side of 1 an end lies.
  private static func decimals(for estimate: Double, _ interval: Interval?) -> Int {
    let ends = [interval?.low, interval?.high].compactMap { $0 }
    for decimals in 2...4 {
      let scale = decimals == 2 ? 100.0 : decimals == 3 ? 1_000 : 10_000
      let hidesOne = ends.contains { $0 != 1 && ($0 * scale).rounded() == scale }
      let tooSmall = estimate * scale < 5
      if !hidesOne && !tooSmall { return decimals }
    }
    return 4
  }

  private static func number(_ value: Double, decimals: Int) -> String {
    switch value {
    case .infinity: "∞"
    case ..<9.995: DurationText.fixed(value, decimals)
    case ..<99.95: DurationText.fixed(value, 1)
    default: DurationText.fixed(value, 0)
    }
  }
}
