/// Makes text of unknown origin literal in XML 1.0, in elements and in quoted attributes.
enum XMLText {
  /// Control characters are gone as in every report; of what is left, XML allows no U+FFFE and U+FFFF.
  static func escape(_ text: String) -> String {
    var output = String.UnicodeScalarView()
    for scalar in PlainText.clean(text).unicodeScalars {
      switch scalar {
      case "&": output.append(contentsOf: "&amp;".unicodeScalars)
      case "<": output.append(contentsOf: "&lt;".unicodeScalars)
      case ">": output.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": output.append(contentsOf: "&quot;".unicodeScalars)
      case "\u{FFFE}", "\u{FFFF}": output.append("\u{FFFD}")
      default: output.append(scalar)
      }
    }
    return String(output)
  }

  /// For an attribute, where a parser would make a line end a space.
  static func attribute(_ text: String) -> String {
    escape(text).replacing("\n", with: "&#10;")
  }
}
