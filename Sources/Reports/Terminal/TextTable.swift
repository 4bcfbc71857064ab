/// A table for a terminal. Columns that may wrap give way when the table is too wide.
struct TextTable {
  enum Alignment { case left, right }

  struct Column {
    var title: String
    var alignment: Alignment
    var wraps: Bool

    init(_ title: String, _ alignment: Alignment = .left, wraps: Bool = false) {
      self.title = title
      self.alignment = alignment
      self.wraps = wraps
    }
  }

  struct Cell: ExpressibleByStringInterpolation {
    var text: String
    var emphasis: Emphasis?

    init(_ text: String, _ emphasis: Emphasis? = nil) {
      self.text = text
      self.emphasis = emphasis
    }

    init(stringLiteral text: String) {
      self.init(text)
    }
  }

  var columns: [Column]
  var rows: [[Cell]] = []
  private static let gap = 2
  private static let narrowest = 8

  init(_ columns: [Column]) {
    self.columns = columns
  }

  mutating func add(_ cells: [Cell]) {
    rows.append(cells)
  }

  /// Lines without a line end, none wider than `width` unless the columns that don't wrap are.
  func lines(width: Int, colour: Bool) -> [String] {
    let header = columns.map { Cell($0.title, .heading) }
    let harmless = ([header] + rows).map { row in
      zip(row, columns).map { cell, column in
        Cell(
          column.wraps ? PlainText.clean(cell.text) : PlainText.line(cell.text), cell.emphasis)
      }
    }
    let widths = widths(of: harmless, within: width)
    return harmless.flatMap { lines(of: $0, widths: widths, colour: colour) }
  }

  private func widths(of rows: [[Cell]], within width: Int) -> [Int] {
    var widths = columns.indices.map { index in
      rows.map { row in
        row[index].text.split(separator: "\n").map { DisplayWidth.of(String($0)) }.max() ?? 0
      }.max() ?? 0
    }
    let gaps = Self.gap * (columns.count - 1)
    // The widest column that may wrap gives way first.
    while widths.reduce(gaps, +) > width {
      let candidates = columns.indices.filter {
        columns[$0].wraps && widths[$0] > Self.narrowest
      }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
      let excess = widths.reduce(gaps, +) - width
      let next = candidates.filter { $0 != widest }.map { widths[$0] }.max() ?? 0
      widths[widest] -= max(1, min(excess, widths[widest] - max(Self.narrowest, next)))
    }
    return widths
  }

  private func lines(of row: [Cell], widths: [Int], colour: Bool) -> [String] {
    let wrapped = columns.indices.map { index in
      columns[index].wraps
        ? LineWrap.wrap(row[index].text, to: widths[index]) : [row[index].text]
    }
    let height = wrapped.map(\.count).max() ?? 0
    return (0..<height).map { line in
      var output = ""
      var pending = 0
      for index in columns.indices {
        if index > 0 { pending += Self.gap }
        let text = line < wrapped[index].count ? wrapped[index][line] : ""
        let padding = max(0, widths[index] - DisplayWidth.of(text))
        if columns[index].alignment == .right { pending += padding }
        if !text.isEmpty {
          output += String(repeating: " ", count: pending)
          output += Emphasis.paint(text, row[index].emphasis, colour: colour)
          pending = 0
        } else if columns[index].alignment == .right {
          continue
        }
        if columns[index].alignment == .left { pending += padding }
      }
      return output
    }
  }
}
