/// Text of a project's files, made fit for one line of a comment or a message.
enum PlainWords {
  private static let longest = 160

  /// At most 160 characters.
  static func line(_ text: String) -> String { whole(text, limit: longest) }

  /// However long it is.
  static func whole(_ text: String, limit: Int = .max) -> String {
    var line = ""
    for (index, scalar) in text.unicodeScalars.enumerated() {
      if index == limit { return line + "…" }
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned,
        .surrogate:
        line += scalar == "\t" || scalar == "\n" || scalar == "\r" ? " " : "\u{FFFD}"
      default: line.unicodeScalars.append(scalar)
      }
    }
    return line
  }

  static func quoted(_ text: String) -> String { "“\(line(text))”" }
}
