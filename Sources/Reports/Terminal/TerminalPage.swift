/// Collects a report's lines. The only way to a terminal: all text is made harmless here or in
/// `TextTable`, before colour is added.
struct TerminalPage {
  let colour: Bool
  let width: Int
  private var lines: [String] = []

  init(colour: Bool, width: Int) {
    self.colour = colour
    self.width = width
  }

  /// The page, with a line end at its end.
  var text: String { lines.joined(separator: "\n") + "\n" }

  mutating func heading(_ text: String) {
    if !lines.isEmpty { lines.append("") }
    paragraph(text, .heading)
  }

  /// One paragraph of prose, wrapped; line ends in it don't count.
  mutating func paragraph(_ text: String, _ emphasis: Emphasis? = nil, indent: Int = 0) {
    add(LineWrap.wrap(PlainText.line(text, limit: 1_000), to: width - indent), emphasis, indent)
  }

  /// A command that can be copied as it stands: it is broken between words only, with a backslash. Text that is no
  /// command of devbench's is a paragraph.
  mutating func command(
    _ command: String, after label: String = "", _ emphasis: Emphasis? = nil, indent: Int = 0
  ) {
    let text = PlainText.line(command, limit: 1_000)
    let words = Self.words(text)
    let room = width - indent - 4
    guard text.hasPrefix("devbench "), words.allSatisfy({ DisplayWidth.of($0) <= room }) else {
      return paragraph(label + command, emphasis, indent: indent)
    }
    var rows: [String] = []
    var row = PlainText.line(label) + (words.first ?? "")
    for word in words.dropFirst() {
      // The backslash has its place on every line but the last; keeping it free there is simpler.
      if DisplayWidth.of(row) + 1 + DisplayWidth.of(word) + 2 > width - indent {
        rows.append(row + " \\")
        row = "  " + word
      } else {
        row += " " + word
      }
    }
    add(rows + [row], emphasis, indent)
  }

  /// A shell's words: what is within single quotes isn't parted.
  private static func words(_ text: String) -> [String] {
    var words = [""]
    var isQuoted = false
    for character in text {
      if character == "'" { isQuoted.toggle() }
      if character == " ", !isQuoted {
        words.append("")
      } else {
        words[words.count - 1].append(character)
      }
    }
    return words.filter { !$0.isEmpty }
  }

  /// Lines that keep their own breaks and are wrapped where they are too long.
  mutating func quote(_ text: [String], indent: Int) {
    for line in text {
      add(LineWrap.wrap(PlainText.line(line, limit: 1_000), to: width - indent), .faint, indent)
    }
  }

  mutating func table(_ table: TextTable) {
    lines += table.lines(width: width, colour: colour)
  }

  mutating func blank() {
    lines.append("")
  }

  private mutating func add(_ wrapped: [String], _ emphasis: Emphasis?, _ indent: Int) {
    let margin = String(repeating: " ", count: indent)
    lines += wrapped.map { margin + Emphasis.paint($0, emphasis, colour: colour) }
  }
}
