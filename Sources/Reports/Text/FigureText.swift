package import Measurement

/// Figures of trials as people read them.
package enum FigureText {
  /// `1.234 s`, `34.0 MB`, `0.085 s/min`, `12 %`, `3`.
  package static func text(_ value: Double, _ unit: Figure.Unit) -> String {
    switch unit {
    case .seconds: return DurationText.text(value)
    case .secondsPerMinute: return DurationText.perMinute(value)
    case .share: return DecisionText.share(value)
    case .bytes:
      guard let bytes = Int(exactly: value.magnitude.rounded()) else { return "\(value) B" }
      return (value < 0 ? "-" : "") + ByteText.text(bytes)
    case .count:
      guard let whole = Int(exactly: value) else { return DurationText.fixed(value, 1) }
      return "\(whole)"
    }
  }

  /// `31.0–34.0 MB`; a dash where both read the same.
  package static func range(_ low: Double, _ high: Double, _ unit: Figure.Unit) -> String {
    if unit == .seconds, low != high { return DurationText.range(low, high) }
    let (from, to) = (text(low, unit), text(high, unit))
    return from == to ? DurationText.none : DecisionText.joined(from, to)
  }
}
