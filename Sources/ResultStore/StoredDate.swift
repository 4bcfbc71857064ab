package import Foundation

/// Dates as the database has them: ISO-8601 text in UTC with milliseconds, always 24 characters.
///
/// Such text sorts as time does and SQLite's own date functions read it. `ISO8601FormatStyle`
/// cuts milliseconds where a Double falls just short of them, so .123 may come back as .122;
/// whole milliseconds survive here.
package enum StoredDate {
  private static let dayMilliseconds: Int64 = 86_400_000
  /// The years 0000 to 9999, all that four digits hold; a clock that is off further is clamped.
  private static let range = -62_167_219_200_000.0...253_402_300_799_999.0

  /// `2026-11-21T03:15:00.123Z`
  package static func text(_ date: Date) -> String {
    let exact = (date.timeIntervalSince1970 * 1000).rounded()
    let milliseconds = Int64(max(range.lowerBound, min(range.upperBound, exact)))
    let days = floorDivision(milliseconds, dayMilliseconds)
    let time = milliseconds - days * dayMilliseconds
    let (year, month, day) = civil(days: days)
    return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2) + "T"
      + padded(time / 3_600_000, 2) + ":" + padded(time / 60_000 % 60, 2) + ":"
      + padded(time / 1000 % 60, 2) + "." + padded(time % 1000, 3) + "Z"
  }

  /// Nil for text of any other form. Days and hours beyond a calendar's are counted on.
  package static func date(_ text: String) -> Date? {
    let bytes = Array(text.utf8)
    let template = Array("0000-00-00T00:00:00.000Z".utf8)
    let zero = UInt8(ascii: "0")
    guard bytes.count == template.count else { return nil }
    for (byte, expected) in zip(bytes, template) {
      let fits = expected == zero ? (zero...zero + 9).contains(byte) : byte == expected
      guard fits else { return nil }
    }
    func number(_ range: Range<Int>) -> Int64 {
      bytes[range].reduce(0) { $0 * 10 + Int64($1 - zero) }
    }
    let days = days(year: number(0..<4), month: number(5..<7), day: number(8..<10))
    let seconds = number(11..<13) * 3600 + number(14..<16) * 60 + number(17..<19)
    let milliseconds = days * dayMilliseconds + seconds * 1000 + number(20..<23)
    return Date(timeIntervalSince1970: Double(milliseconds) / 1000)
  }

  // Days since 1970-01-01 and dates of the Gregorian calendar, as in Howard Hinnant's
  // "chrono-Compatible Low-Level Date Algorithms": years start in March, eras have 400 years.

  private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = floorDivision(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let march = (5 * dayOfYear + 2) / 153
    let month = march < 10 ? march + 3 : march - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * march + 2) / 5 + 1)
  }

  private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = floorDivision(shifted, 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  private static func floorDivision(_ dividend: Int64, _ divisor: Int64) -> Int64 {
    let quotient = dividend / divisor
    return dividend % divisor < 0 ? quotient - 1 : quotient
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
