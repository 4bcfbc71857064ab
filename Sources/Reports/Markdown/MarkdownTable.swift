/// Rows of escaped cells as a GitHub Flavored Markdown table, padded so that the source reads well too.
enum MarkdownTable {
  /// - Parameters:
  ///   - rows: the header first; all equally long.
  ///   - leftAligned: so many columns at the left are texts, the others figures.
  static func text(_ rows: [[String]], leftAligned: Int) -> String {
    let columns = rows.first?.indices ?? 0..<0
    let widths = columns.map { column in
      rows.map { min(40, DisplayWidth.of($0[column])) }.max() ?? 0
    }
    var lines = rows.map { row in
      let cells = columns.map { column in
        let padding = String(
          repeating: " ", count: max(0, widths[column] - DisplayWidth.of(row[column])))
        return column < leftAligned ? row[column] + padding : padding + row[column]
      }
      return "| " + cells.joined(separator: " | ") + " |"
    }
    let rule = columns.map { column in
      column < leftAligned
        ? String(repeating: "-", count: max(3, widths[column]))
        : String(repeating: "-", count: max(2, widths[column] - 1)) + ":"
    }
    lines.insert("| " + rule.joined(separator: " | ") + " |", at: 1)
    return lines.joined(separator: "\n")
  }
}
