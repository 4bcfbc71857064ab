import Foundation

/// Points in time, always in UTC, so that a report reads the same wherever it is rendered.
enum DateText {
  /// `2026-11-21T03:15:00Z`.
  static func iso(_ date: Date) -> String {
    date.formatted(Date.ISO8601FormatStyle())
  }

  /// `2026-11-21 03:15:00 UTC`.
  static func text(_ date: Date) -> String {
    iso(date).replacing("T", with: " ").replacing("Z", with: " UTC")
  }

  /// `2026-11-21 03:15`, for a column that says it is UTC.
  static func minutes(_ date: Date) -> String {
    String(text(date).prefix(16))
  }

  /// At an axis: the day, and the time too where the whole axis is of a few days. `length` is in seconds.
  static func tick(_ date: Date, over length: TimeInterval) -> String {
    let text = minutes(date)
    return length < 3 * 86_400 ? text : String(text.prefix(10))
  }
}
