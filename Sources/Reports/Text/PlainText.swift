/// Makes text of unknown origin harmless to look at: what apps print, file names, host names.
///
/// Escape sequences are removed; what is left of control characters and of characters that reorder
/// their neighbours becomes U+FFFD, visibly. Line ends become `\n`. Each renderer escapes its own
/// syntax on top of this.
package enum PlainText {
  /// Text that may have several lines.
  package static func clean(_ text: String) -> String {
    if text.utf8.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x0A }) { return text }
    var reader = Reader(scalars: Array(text.unicodeScalars))
    return reader.read()
  }

  /// Text for one line: line ends show as `↵`, and more than `limit` characters as `…`.
  package static func line(_ text: String, limit: Int = 200) -> String {
    // Names are short; of a megabyte in a name's place, the beginning says enough.
    let cleaned = clean(String(text.prefix(limit * 4)))
    let joined = cleaned.split(separator: "\n").joined(separator: "↵")
    guard joined.count > limit else { return joined }
    return String(joined.prefix(limit - 1)) + "…"
  }
}

private struct Reader {
  let scalars: [Unicode.Scalar]
  private var position = 0
  private var output = String.UnicodeScalarView()

  init(scalars: [Unicode.Scalar]) {
    self.scalars = scalars
  }

  mutating func read() -> String {
    while position < scalars.count {
      let scalar = scalars[position]
      position += 1
      switch scalar.value {
      case 0x0A, 0x85, 0x2028, 0x2029: output.append("\n")
      case 0x0D:
        if peek() != 0x0A { output.append("\n") }
      case 0x09: output.append(contentsOf: "  ".unicodeScalars)
      case 0x1B: skipEscapeSequence()
      case 0x9B: skipControlSequence()
      case 0x00...0x1F, 0x7F...0x9F: output.append("\u{FFFD}")
      // Embeddings, overrides, isolates and marks of UAX #9.
      case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: output.append("\u{FFFD}")
      // Invisible: zero-width space, word joiner, byte order mark, tags.
      case 0x200B, 0x2060...0x2064, 0xFEFF, 0xE0000...0xE007F: break
      default: output.append(scalar)
      }
    }
    return String(output)
  }

  private func peek() -> UInt32? {
    position < scalars.count ? scalars[position].value : nil
  }

  /// ECMA-48: `ESC [` begins a control sequence, `ESC ]` and its kin a string; others are short.
  private mutating func skipEscapeSequence() {
    guard let next = peek() else { return }
    switch next {
    case 0x5B:
      position += 1
      skipControlSequence()
    case 0x50, 0x58, 0x5D...0x5F:
      position += 1
      skipControlString()
    case 0x20...0x2F:
      while let value = peek(), (0x20...0x2F).contains(value) { position += 1 }
      if let value = peek(), (0x30...0x7E).contains(value) { position += 1 }
    case 0x30...0x7E: position += 1
    default: break
    }
  }

  private mutating func skipControlSequence() {
    while let value = peek(), (0x20...0x3F).contains(value) { position += 1 }
    if let value = peek(), (0x40...0x7E).contains(value) { position += 1 }
  }

  /// Skips to BEL or `ESC \`. A string without an end on its line was cut off: its text stays.
  private mutating func skipControlString() {
    var end = position
    while end < scalars.count, scalars[end].value != 0x0A {
      if scalars[end].value == 0x07 || scalars[end].value == 0x9C {
        position = end + 1
        return
      }
      if scalars[end].value == 0x1B, end + 1 < scalars.count, scalars[end + 1].value == 0x5C {
        position = end + 2
        return
      }
      end += 1
    }
  }
}
