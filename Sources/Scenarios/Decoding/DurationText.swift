/// Durations as a scenario file writes them: a decimal number and its unit, `5ms`, `1.5s`, `2m`.
enum DurationText {
  enum Problem: Error {
    case missingUnit, malformed
  }

  private static let units: [(name: String, duration: Duration)] = [
    ("h", .seconds(3600)), ("m", .seconds(60)), ("s", .seconds(1)), ("ms", .milliseconds(1)),
  ]

  /// At most nine digits before the point and six after it, without sign or space.
  static func parse(_ text: Substring) -> Result<Duration, Problem> {
    guard let match = text.wholeMatch(of: /([0-9]{1,9})(?:\.([0-9]{1,6}))?([a-z]*)/) else {
      return .failure(.malformed)
    }
    let (_, whole, fraction, unitName) = match.output
    if unitName.isEmpty { return .failure(.missingUnit) }
    guard let unit = units.first(where: { $0.name == unitName })?.duration,
      let wholeNumber = Int(whole)
    else { return .failure(.malformed) }
    var duration = unit * wholeNumber
    if let fraction, let digits = Int(fraction) {
      let scale = repeatElement(10, count: fraction.count).reduce(1, *)
      duration += unit * digits / scale
    }
    return .success(duration)
  }

  /// The duration in the largest unit in which it is a whole number, or in milliseconds.
  static func text(_ duration: Duration) -> String {
    if duration == .zero { return "0s" }
    for unit in units {
      let count = Int(duration / unit.duration)
      if count > 0, unit.duration * count == duration { return "\(count)\(unit.name)" }
    }
    return "\(duration / .milliseconds(1))ms"
  }
}
