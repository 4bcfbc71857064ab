import Measurement

/// A cell's median as a bar on a scale that all cells share, divided by the phases' shares of the time.
///
/// Shares, because they add up; the medians of phases don't.
struct PhaseBars {
  /// All phases of the report, in order; a phase has the same colour in every bar.
  let names: [String]
  /// Seconds that fill the whole width.
  let longest: Double

  /// The palette's colours; further phases begin again.
  private static let colours = 12

  init(_ cells: [CellResult]) {
    names = PhaseSummary.names(of: cells)
    longest = cells.map(Self.total).max() ?? 0
  }

  /// The CSS class of a phase's colour.
  func style(of name: String) -> String {
    guard name != Phase.unattributed, let index = names.firstIndex(of: name) else { return "pu" }
    return "p\(index % Self.colours)"
  }

  private static func total(of cell: CellResult) -> Double { cell.summary.median ?? 0 }

  func svg(of cell: CellResult, identifier: String) -> String {
    let phases = cell.summary.phases
    let words = phases.map {
      "\(PlainText.line($0.name)) \(ShareText.text($0.share))"
    }.joined(separator: ", ")
    var svg = """
      <svg class="bar" role="img" width="100%" height="26" \
      aria-labelledby="\(identifier)-t \(identifier)-d">
      <title id="\(identifier)-t">Phases of \(HTMLText.escape(PlainText.line(cell.label)))</title>
      <desc id="\(identifier)-d">Shares of the time: \(HTMLText.escape(words)).</desc>

      """
    var start = 0.0
    for phase in phases where phase.share > 0 && longest > 0 {
      let width = phase.share * Self.total(of: cell) / longest * 100
      svg += "<rect class=\"\(style(of: phase.name))\" x=\"\(DurationText.fixed(start, 2))%\" "
      svg += "y=\"1\" width=\"\(DurationText.fixed(width, 2))%\" height=\"24\"><title>"
      svg += "\(HTMLText.escape(PlainText.line(phase.name))): "
      svg +=
        "\(ShareText.text(phase.share)), median \(DurationText.text(phase.median))</title></rect>\n"
      start += width
    }
    return svg + "</svg>\n"
  }
}
