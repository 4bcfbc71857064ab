/// How messages quote what the user wrote, and what they suggest.
package enum Wording {
  private static let longestQuote = 60

  /// The text in quotes, shortened, with control characters escaped: messages reach terminals.
  package static func quote(_ text: String) -> String {
    var quoted = ""
    for (index, scalar) in text.unicodeScalars.enumerated() {
      if index == longestQuote {
        quoted += "…"
        break
      }
      switch scalar {
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      default:
        let isControl =
          scalar.properties.generalCategory == .control
          || scalar.properties.generalCategory == .format
        quoted += isControl ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
      }
    }
    return "\"\(quoted)\""
  }

  /// `a, b or c`.
  package static func choice(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.joined() }
    return words.dropLast().joined(separator: ", ") + " or " + last
  }

  /// `did you mean "x"?` if one of the words is near; otherwise what can be written.
  package static func suggestion(
    for word: String, among words: [String], otherwise lead: String
  ) -> String {
    if let near = NearNames.nearest(to: word, among: words) {
      return "did you mean \(quote(near))?"
    }
    return "\(lead) \(choice(words))"
  }
}
