/// Breaks text into lines of a number of display columns.
enum LineWrap {
  /// Breaks at spaces, but not between a number and its unit, and after slashes; within a word only if the
  /// word alone is too long, after a dash if it has one.
  /// Line ends in the text stay. Gives at least one line.
  static func wrap(_ text: String, to columns: Int) -> [String] {
    let columns = max(columns, 2)
    var lines: [String] = []
    for line in UnitText.joined(text).split(separator: "\n", omittingEmptySubsequences: false) {
      lines += wrapLine(line, to: columns)
    }
    return lines.map { String($0.map { $0 == UnitText.space ? " " : $0 }) }
  }

  private static func wrapLine(_ text: Substring, to columns: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    var width = 0
    for word in words(of: text).flatMap({ pieces(of: $0, to: columns) }) {
      let wordWidth = DisplayWidth.of(word)
      let visible = word.last == " " ? wordWidth - 1 : wordWidth
      if width > 0, width + visible > columns {
        lines.append(trimmed(line))
        (line, width) = ("", 0)
      }
      if visible <= columns {
        line += word
        width += wordWidth
        continue
      }
      for character in word {
        let characterWidth = DisplayWidth.of(character)
        if width + characterWidth > columns {
          lines.append(trimmed(line))
          (line, width) = ("", 0)
        }
        line.append(character)
        width += characterWidth
      }
    }
    lines.append(trimmed(line))
    return lines
  }

  /// Each word with the space or slash that ends it.
  private static func words(of text: Substring) -> [String] {
    var words: [String] = []
    var word = ""
    for index in text.indices {
      let character = text[index]
      word.append(character)
      // Not of a unit: “s/min”.
      if character == " " || character == "/" && !text[text.index(after: index)...].hasPrefix("min")
      {
        words.append(word)
        word = ""
      }
    }
    if !word.isEmpty { words.append(word) }
    return words
  }

  /// The ends of a range that is too long for a line.
  private static func pieces(of word: String, to columns: Int) -> [String] {
    guard DisplayWidth.of(word) > columns, let dash = word.firstIndex(of: "–") else {
      return [word]
    }
    let rest = word.index(after: dash)
    return [String(word[..<rest]), String(word[rest...])].filter { !$0.isEmpty }
  }

  private static func trimmed(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }
}
