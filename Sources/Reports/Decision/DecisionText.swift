import Decision
import Foundation
import Measurement
import Statistics

/// Figures of criteria as people read them.
enum DecisionText {
  /// `0.349 s`, `85 MB`, `93 %`; `not reached` for what is infinite.
  static func value(_ value: Double, _ unit: Criterion.Unit, currency: String) -> String {
    guard value.isFinite else { return value.isNaN ? DurationText.none : "not reached" }
    switch unit {
    case .seconds: return DurationText.text(value)
    case .bytes: return bytes(value)
    case .secondsPerMinute: return DurationText.perMinute(value)
    case .share: return share(value)
    case .ratio: return DurationText.fixed(value, 2)
    case .money: return "\(money(value)) \(currency)"
    }
  }

  /// `0.310–0.880 s`; `≥ 0.310 s` without an upper end, `≤` without a lower one.
  static func range(_ interval: Interval, _ unit: Criterion.Unit, currency: String) -> String {
    func one(_ value: Double) -> String { Self.value(value, unit, currency: currency) }
    guard interval.low.isFinite else {
      return interval.high.isFinite ? "≤ \(one(interval.high))" : DurationText.none
    }
    guard interval.high.isFinite else { return "≥ \(one(interval.low))" }
    if unit == .seconds { return DurationText.range(interval.low, interval.high) }
    return joined(one(interval.low), one(interval.high))
  }

  /// `1.58–1.61 min`: the unit once where both ends have the same, and one where both are.
  static func joined(_ low: String, _ high: String) -> String {
    if low == high { return low }
    let (lowParts, highParts) = (low.split(separator: " "), high.split(separator: " "))
    if lowParts.count == 2, highParts.count == 2, lowParts[1] == highParts[1] {
      return "\(lowParts[0])–\(high)"
    }
    return "\(low)–\(high)"
  }

  /// `93 %`, `99.6 %`: what isn't all never reads as all.
  static func share(_ share: Double) -> String {
    let percent = share * 100
    if share < 1, percent >= 99.5 {
      return percent >= 99.95 ? ">99.9 %" : DurationText.fixed(percent, 1) + " %"
    }
    return ShareText.text(share)
  }

  /// `1,234`, `12.50`.
  static func money(_ amount: Double) -> String {
    guard abs(amount) < 1e15 else { return "\(amount)" }
    if abs(amount) < 99.995 { return DurationText.fixed(amount, 2) }
    var digits = Array(String(Int64(amount.rounded().magnitude)))
    var place = digits.count - 3
    while place > 0 {
      digits.insert(",", at: place)
      place -= 3
    }
    return (amount < 0 ? "-" : "") + String(digits)
  }

  static func minutes(_ minutes: Double) -> String {
    DurationText.fixed(minutes, minutes < 9.95 ? 2 : minutes < 99.5 ? 1 : 0) + " min"
  }

  /// As the team wrote it: `20`, `0.5`.
  static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
  }

  /// With six digits that count, so that a formula gives the amount beside it: `0.200`, `0.348127`, `1.23457`.
  static func precise(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return number(value) }
    let magnitude = Int(abs(value) < 1e-9 ? -9 : log10(abs(value)).rounded(.down))
    var text = DurationText.fixed(value, min(12, max(3, 5 - magnitude)))
    let whole = text.prefix { $0 != "." }.count
    while text.count > whole + 4, text.hasSuffix("0") { text.removeLast() }
    return text
  }

  static func score(_ score: Double) -> String { DurationText.fixed(score, 2) }

  /// As long as its part of 1 is of the width: `████████`.
  static func bar(_ part: Double, of width: Int) -> String {
    String(repeating: "█", count: Int((min(1, max(0, part)) * Double(width)).rounded()))
  }

  /// `0.123 ███`, the bar at most five long and as wide in every row.
  static func part(_ contribution: Double, most: Double) -> String {
    let bar = most > 0 ? bar(contribution / most, of: barWidth) : ""
    return DurationText.fixed(contribution, 3) + " "
      + bar.padding(toLength: barWidth, withPad: "░", startingAt: 0)
  }

  private static let barWidth = 5

  private static func bytes(_ value: Double) -> String {
    ByteText.text(Int(min(max(0, value), 9e18).rounded()))
  }
}

/// What a table shows of a finding.
struct FindingText {
  let value: String
  /// Empty where there is none.
  let interval: String
  /// What keeps it from being taken for a measured figure: `by design`, `stated`. Empty for one.
  let mark: String
  /// What a reader must know; not escaped.
  let notes: [String]
  let isMissing: Bool

  init(_ finding: Finding, _ unit: Criterion.Unit, currency: String) {
    switch finding {
    case .measured(let measured):
      value = DecisionText.value(measured.value, unit, currency: currency)
      if let found = measured.interval {
        interval = DecisionText.range(found, unit, currency: currency)
      } else if let range = measured.range {
        let text = DecisionText.range(range, unit, currency: currency)
        // What reads the same at both ends says nothing beside the figure.
        interval = text == value ? "" : "(\(text))"
      } else {
        interval = ""
      }
      let of =
        measured.count == 1 && measured.of.hasSuffix("s")
        ? String(measured.of.dropLast()) : measured.of
      notes =
        ["\(measured.count) \(of)"] + measured.notes
        + measured.asides.map { aside in
          switch aside {
          case .seconds(let words, let seconds):
            "\(words) \(DecisionText.value(seconds, .seconds, currency: currency))"
          case .bytes(let words, let bytes):
            "\(DecisionText.value(bytes, .bytes, currency: currency)) \(words)"
          }
        }
      (mark, isMissing) = ("", false)
    case .byDesign(let found, let why):
      value = DecisionText.value(found, unit, currency: currency)
      (interval, mark, notes, isMissing) = ("", "by design", ["by design: \(why)"], false)
    case .stated(let found, let why):
      value = DecisionText.number(found)
      (interval, mark, notes, isMissing) = ("", "stated", ["stated: \(why)"], false)
    case .notMeasured:
      (value, interval, mark, notes, isMissing) = ("not measured", "", "", [], true)
    case .notPossible(let reason, _):
      (value, interval, mark, notes, isMissing) = ("not possible", "", "", [reason], true)
    case .failed(let reason, _):
      (value, interval, mark, notes, isMissing) = ("failed", "", "", [reason], true)
    case .notApplicable(let why):
      (value, interval, mark, notes, isMissing) = ("not applicable", "", "", [why], true)
    }
  }
}
