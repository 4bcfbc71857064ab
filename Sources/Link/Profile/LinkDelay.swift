import Clock

/// The times of a link as text: `40ms`, `1.5s`, `500us`.
package enum LinkDelay {
  /// Twice the way to a geostationary satellite and back is half a second; a minute is beyond every link.
  package static let longest = Duration.seconds(60)

  /// - Throws: `LinkFailure.invalid` if it isn't a time, or longer than a minute.
  package static func parse(_ text: String) throws(LinkFailure) -> Duration {
    let units: [(String, Double)] = [("us", 1e3), ("ms", 1e6), ("s", 1e9)]
    guard let nanoseconds = text == "0" ? 0 : Quantity.parse(text, units: units) else {
      throw .invalid("“\(text)” is no time; write a number and us, ms or s, as 40ms")
    }
    guard .nanoseconds(nanoseconds) <= longest else {
      throw .invalid("a link's time is at most 60s, not \(text)")
    }
    return .nanoseconds(nanoseconds)
  }

  package static func text(_ delay: Duration) -> String {
    let microseconds = Double(delay.wholeNanoseconds) / 1e3
    if microseconds == 0 { return "0ms" }
    if microseconds < 1000 { return "\(decimal(microseconds))us" }
    return microseconds < 1e6
      ? "\(decimal(microseconds / 1e3))ms" : "\(decimal(microseconds / 1e6))s"
  }

  private static func decimal(_ value: Double) -> String {
    value == value.rounded() ? "\(Int64(value))" : "\(value)"
  }
}
