import Foundation

/// Names of runs: the UTC time of the start and four random hexadecimal digits, so that they sort by
/// time and two that start in the same second differ.
enum RunID {
  static func make(at date: Date, using generator: inout some RandomNumberGenerator) -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(secondsFromGMT: 0)
    formatter.dateFormat = "yyyyMMdd-HHmmss"
    let digits = String(UInt16(truncatingIfNeeded: generator.next() as UInt64), radix: 16)
    return formatter.string(from: date) + "-" + String(repeating: "0", count: 4 - digits.count)
      + digits
  }
}
