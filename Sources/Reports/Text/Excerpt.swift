/// The part of a long text that fits a report: its beginning, which says what went wrong, and its
/// end, which has the app's last lines.
enum Excerpt {
  /// Harmless lines, at most `lines` and one, each of at most `columns` characters.
  static func lines(of text: String, lines limit: Int = 12, columns: Int = 240) -> [String] {
    let lines = PlainText.clean(text).split(whereSeparator: \.isNewline)
      .map { String(trimmingEnd(of: $0)) }.filter { !$0.isEmpty }
    guard lines.count > limit else { return lines.map { shortened($0, to: columns) } }
    let head = max(1, limit / 3)
    let tail = limit - head
    let left = lines.count - head - tail
    let marker = "… \(left) \(left == 1 ? "line" : "lines") left out …"
    return (lines.prefix(head) + [marker] + lines.suffix(tail)).map { shortened($0, to: columns) }
  }

  private static func shortened(_ line: String, to columns: Int) -> String {
    guard line.utf8.count > columns, line.count > columns else { return line }
    let head = columns * 2 / 3
    return line.prefix(head) + " … " + line.suffix(columns - head - 3)
  }

  private static func trimmingEnd(of line: Substring) -> Substring {
    var line = line
    while line.last?.isWhitespace == true { line.removeLast() }
    return line
  }
}
