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
