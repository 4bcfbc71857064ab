/// Makes text of unknown origin literal in GitHub Flavored Markdown.
///
/// Characters with a meaning become numeric character references, which CommonMark never takes for
/// structure, not even inside a table. What GitHub looks for in the finished text (mentions, issue
/// numbers, addresses) is broken up by a zero-width space.
enum MarkdownText {
  /// GitHub takes 65,536 characters a comment; bytes are counted, to be sure.
  static let longestComment = 65_536

  /// For a paragraph, a heading or a table cell; line ends show as `↵`.
  static func inline(
    _ text: String, limit: Int = 200, startsLine: Bool = false
  ) -> String {
    // By scalar, not by character: a combining mark makes another character of `|`, but not another
    // byte, and parsers go by the byte.
    let scalars = Array(PlainText.line(text, limit: limit).unicodeScalars)
    var output = String.UnicodeScalarView()
    for (index, scalar) in scalars.enumerated() {
      let reference = "&#\(scalar.value);"
      switch scalar {
      case "@", "#": output.append(contentsOf: (reference + "&#8203;").unicodeScalars)
      case "." where index > 0 && (scalars[index - 1] == "w" || scalars[index - 1] == "W"),
        ":" where index + 1 < scalars.count && scalars[index + 1] == "/":
        output.append(contentsOf: reference.unicodeScalars)
      case _ where special.contains(scalar):
        output.append(contentsOf: reference.unicodeScalars)
      default: output.append(scalar)
      }
    }
    return startsLine ? guardedStart(String(output)) : String(output)
  }

  /// A fenced block that no line of the text can close.
  static func fenced(_ lines: [String]) -> String {
    let text = lines.map { PlainText.line($0, limit: 1_000) }.joined(separator: "\n")
    var longest = 0
    var current = 0
    for scalar in text.unicodeScalars {
      current = scalar == "`" ? current + 1 : 0
      longest = max(longest, current)
    }
    let fence = String(repeating: "`", count: max(3, longest + 1))
    return "\(fence)text\n\(text)\n\(fence)"
  }

  private static let special: Set<Unicode.Scalar> = [
    "\\", "`", "*", "_", "{", "}", "[", "]", "<", ">", "|", "~", "&", "$",
  ]

  private static func code(_ character: Character) -> UInt32 {
    character.unicodeScalars.first?.value ?? 0xFFFD
  }

  /// A list marker, a rule or a number with a full stop means something at the start of a line only.
  private static func guardedStart(_ text: String) -> String {
    guard let first = text.first else { return "" }
    if "-+=".contains(first) { return "&#\(code(first));" + text.dropFirst() }
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    if !digits.isEmpty, let next = text.dropFirst(digits.count).first, ".)".contains(next) {
      return digits + "&#\(code(next));" + text.dropFirst(digits.count + 1)
    }
    return text
  }
}
