/// Text from apps as the database has it.
enum StoredText {
  /// SQLite's text ends at a NUL, so each becomes its visible symbol, U+2400, and nothing is cut.
  static func text(_ text: String) -> String {
    guard text.unicodeScalars.contains("\0") else { return text }
    var visible = String.UnicodeScalarView()
    visible.append(contentsOf: text.unicodeScalars.map { $0 == "\0" ? "\u{2400}" : $0 })
    return String(visible)
  }
}
