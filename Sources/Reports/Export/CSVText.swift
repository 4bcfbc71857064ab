/// Makes text of unknown origin a field of a CSV file.
enum CSVText {
  /// What spreadsheets take for a formula's beginning, in full width too, and what some skip before one.
  ///
  /// Source: OWASP, "CSV Injection".
  private static let formulaStarts: Set<Unicode.Scalar> = [
    "=", "+", "-", "@", "\t", "\r", "\n", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}",
  ]

  /// The text with what terminals obey removed, and with an apostrophe before what a spreadsheet would compute.
  static func field(_ text: String) -> String {
    let clean = PlainText.clean(text)
    guard let first = clean.unicodeScalars.first, formulaStarts.contains(first) else {
      return quoted(clean)
    }
    return quoted("'" + clean)
  }

  /// In quotation marks where RFC 4180 demands them.
  static func quoted(_ text: String) -> String {
    // By bytes: a comma with an accent above it is one character, and a comma to every reader.
    let special: [UInt8] = [0x22, 0x2C, 0x0A, 0x0D]
    guard text.utf8.contains(where: special.contains) else { return text }
    var bytes: [UInt8] = [0x22]
    for byte in text.utf8 {
      if byte == 0x22 { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(0x22)
    return String(decoding: bytes, as: UTF8.self)
  }
}
