/// A table before a renderer makes it its own. Texts aren't escaped.
struct ReportTable: Sendable, Hashable {
  struct Column: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
      /// What the rows are about: not repeated where a page is narrow.
      case label
      case text
      case figure
    }

    let title: String
    let kind: Kind
    /// Left out where there are 80 columns.
    let isWide: Bool

    init(_ title: String, _ kind: Kind = .figure, isWide: Bool = false) {
      (self.title, self.kind, self.isWide) = (title, kind, isWide)
    }
  }

  struct Row: Sendable, Hashable {
    /// One a column.
    let texts: [String]
    let isBad: Bool

    init(_ texts: [String], isBad: Bool = false) {
      (self.texts, self.isBad) = (texts, isBad)
    }
  }

  let title: String
  let columns: [Column]
  var rows: [Row]
  /// The rows where a page is short, with what is left out of them counted; nil where all fit.
  var brief: [Row]?
  /// How to read it; empty for nothing.
  let note: String

  init(
    _ title: String, _ columns: [Column], _ rows: [Row], brief: [Row]? = nil, note: String = ""
  ) {
    (self.title, self.columns, self.rows, self.note) = (title, columns, rows, note)
    self.brief = brief
  }

  /// The table for a page that has no room for hundreds of rows.
  var short: ReportTable {
    var table = self
    table.rows = brief ?? rows
    return table
  }

  /// The table for a page of some 80 columns.
  var narrow: ReportTable {
    let kept = columns.indices.filter { !columns[$0].isWide }
    return ReportTable(
      title, kept.map { columns[$0] },
      rows.map { row in Row(kept.map { row.texts[$0] }, isBad: row.isBad) }, note: note)
  }

  /// The same without the labels that a row shares with the one above it.
  var withoutRepeats: ReportTable {
    var table = self
    var previous: [String]?
    table.rows = rows.map { row in
      var texts = row.texts
      if let previous {
        for index in columns.indices {
          guard columns[index].kind == .label, row.texts[index] == previous[index] else { break }
          texts[index] = ""
        }
      }
      previous = row.texts
      return Row(texts, isBad: row.isBad)
    }
    return table
  }
}
