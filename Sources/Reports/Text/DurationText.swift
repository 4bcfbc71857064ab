import Foundation

/// Durations as people read them. The only place that chooses a unit.
package enum DurationText {
  static let none = "–"

  /// `85 µs`, `2.3 ms`, `12 ms`, `0.276 s`, `12.35 s`, `2 min 3 s`, `1 h 5 min`; a dash for nil.
  package static func text(_ seconds: Double?) -> String {
    guard let seconds, seconds.isFinite else { return none }
    let (number, unit) = parts(seconds)
    return unit.isEmpty ? number : "\(number) \(unit)"
  }

  /// For rows of figures that are to be compared: whole milliseconds without a unit, `278`, `<1`.
  package static func milliseconds(_ seconds: Double) -> String {
    seconds > 0 && seconds < 0.000_5 ? "<1" : fixed(seconds * 1e3, 0)
  }

  /// `0.310–0.880 s`, or `95 ms–0.120 s` where the ends have different units; `≥ 0.310 s` without an upper
  /// end, and a dash where both are infinite.
  static func range(_ low: Double?, _ high: Double?) -> String {
    guard let low, let high, low.isFinite else { return none }
    guard high.isFinite else { return "≥ \(text(low))" }
    let (lowNumber, lowUnit) = parts(low)
    let (highNumber, highUnit) = parts(high)
    if lowUnit == highUnit, !lowUnit.isEmpty { return "\(lowNumber)–\(highNumber) \(highUnit)" }
    return "\(text(low))–\(text(high))"
  }

  /// `0.085 s/min`: one unit for all, since they stand side by side.
  static func perMinute(_ seconds: Double) -> String {
    seconds > 0 && seconds < 0.000_5
      ? "<0.001 s/min" : "\(fixed(seconds, seconds < 9.999_5 ? 3 : 2)) s/min"
  }

  private static func parts(_ seconds: Double) -> (number: String, unit: String) {
    if seconds < 0 {
      let (number, unit) = parts(-seconds)
      return ("-" + number, unit)
    }
    // Each limit is where the smaller unit's rounding would print its own upper end.
    switch seconds {
    case 0: return ("0", "s")
    case ..<0.000_999_5: return (fixed(seconds * 1e6, 0), "µs")
    case ..<0.009_95: return (fixed(seconds * 1e3, 1), "ms")
    case ..<0.099_5: return (fixed(seconds * 1e3, 0), "ms")
    case ..<9.999_5: return (fixed(seconds, 3), "s")
    case ..<59.995: return (fixed(seconds, 2), "s")
    default: break
    }
    let whole = Int64(min(seconds.rounded(), 1e15))
    if whole < 3_600 { return (pair(whole / 60, "min", whole % 60, "s"), "") }
    let minutes = (whole + 30) / 60
    return (pair(minutes / 60, "h", minutes % 60, "min"), "")
  }

  private static func pair(
    _ large: Int64, _ largeUnit: String, _ small: Int64, _ smallUnit: String
  ) -> String {
    small == 0 ? "\(large) \(largeUnit)" : "\(large) \(largeUnit) \(small) \(smallUnit)"
  }

  package static func fixed(_ value: Double, _ decimals: Int) -> String {
    String(format: "%.\(decimals)f", value)
  }
}
