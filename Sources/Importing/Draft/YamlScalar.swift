/// Text as a scalar of YAML 1.2 that reads back as exactly that text.
package enum YamlScalar {
  /// Plain where no reader could take it for anything else, in flow collections as well; else quoted.
  package static func text(_ text: String) -> String { isPlain(text) ? text : quoted(text) }

  /// In double quotes, the only form that can hold every text.
  package static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x22: quoted += "\\\""
      case 0x5C: quoted += "\\\\"
      case 0x09: quoted += "\\t"
      case 0x0A: quoted += "\\n"
      case 0x0D: quoted += "\\r"
      default: quoted += mayStand(scalar) ? String(scalar) : escaped(scalar)
      }
    }
    return quoted + "\""
  }

  private static func isPlain(_ text: String) -> Bool {
    guard text.wholeMatch(of: /(?:--?[A-Za-z]|[A-Za-z_.\/])[A-Za-z0-9_.\/-]*/) != nil else {
      return false
    }
    // A word of YAML 1.1 or 1.2 that is no text, or a number such as .5 and .inf.
    let words: Set = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"]
    guard !words.contains(text.lowercased()) else { return false }
    return !text.hasPrefix(".") || text.hasPrefix("./") || text == "."
  }

  /// What a reader could fold, refuse or reorder is escaped.
  private static func mayStand(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned,
      .surrogate:
      false
    default: true
    }
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let length = scalar.value > 0xFFFF ? 8 : 4
    return (length == 8 ? "\\U" : "\\u") + String(repeating: "0", count: length - digits.count)
      + digits
  }
}
