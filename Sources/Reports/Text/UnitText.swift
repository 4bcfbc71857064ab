/// Keeps a number and its unit on one line.
enum UnitText {
  /// What stands between the two.
  static let space: Character = "\u{A0}"

  private static let units: Set<Substring> = [
    "%", "s", "ms", "µs", "min", "h", "bytes", "B", "kB", "MB", "GB",
  ]

  /// The text with no-break spaces between numbers and their units.
  static func joined(_ text: String) -> String {
    var joined = ""
    for (index, word) in text.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
      if index > 0 {
        let unit = word.prefix { $0.isLetter || $0 == "%" }
        joined.append(joined.last?.isNumber == true && units.contains(unit) ? space : " ")
      }
      joined += word
    }
    return joined
  }
}
