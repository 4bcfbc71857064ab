import Clock
import Measurement

/// What share of a cell's edits was served within a time, as SVG: a step up for each edit, the cells on one axis.
/// Edits that were never served keep a curve below 100 %.
///
/// The curves lie in a drawing of their own that is stretched to the width; what is text is placed in percent.
struct CumulativePlot {
  private let cells: [CellResult]
  private let axis: PlotAxis

  private static let left = 9.0
  private static let right = 96.0
  private static let top = 14.0
  private static let bottom = 226.0
  private static let height = 268
  /// Of the stretched drawing.
  private static let units = 10_000.0
  private static let colours = 12
  /// Patterns of the lines, so that colour alone tells nothing.
  private static let dashes = ["none", "8 3", "3 3", "12 3 3 3", "1 4", "16 4"]

  /// Nil where no cell has enough served edits to make a curve.
  init?(_ cells: [CellResult]) {
    let drawn = cells.filter { $0.summary.served >= 2 }
    guard !drawn.isEmpty else { return nil }
    self.cells = drawn
    axis = PlotAxis(
      values: drawn.flatMap { [$0.summary.min, $0.summary.max].compactMap { $0 } })
  }

  var legend: [(label: String, style: String, dashes: String)] {
    cells.enumerated().map { index, cell in
      (PlainText.line(cell.label), Self.style(index), Self.dashes(index))
    }
  }

  static func style(_ index: Int) -> String { "s\(index % colours)" }
  static func dashes(_ index: Int) -> String { dashes[index % dashes.count] }

  func svg(identifier: String) -> String {
    var svg = """
      <svg class="curve" role="img" width="100%" height="\(Self.height)" \
      aria-labelledby="\(identifier)-t \(identifier)-d">
      <title id="\(identifier)-t">Share of edits served within a time</title>
      <desc id="\(identifier)-d">\(HTMLText.escape(description))</desc>

      """
    svg += grid()
    svg += "<svg x=\"\(Self.left)%\" y=\"0\" width=\"\(Self.right - Self.left)%\" "
    svg += "height=\"\(Self.height)\" viewBox=\"0 0 \(Int(Self.units)) \(Self.height)\" "
    svg += "preserveAspectRatio=\"none\">\n"
    for (index, cell) in cells.enumerated() {
      svg += "<path class=\"cumulative \(Self.style(index))\" "
      svg += "stroke-dasharray=\"\(Self.dashes(index))\" d=\"\(path(of: cell))\"/>\n"
    }
    return svg + "</svg>\n</svg>\n"
  }

  private func grid() -> String {
    var svg = "<g class=\"axis\">\n"
    for percent in [0, 25, 50, 75, 100] {
      let place = DurationText.fixed(vertical(Double(percent) / 100), 1)
      svg += "<line class=\"grid\" x1=\"\(Self.left)%\" x2=\"\(Self.right)%\" y1=\"\(place)\" "
      svg += "y2=\"\(place)\"/><text class=\"value\" x=\"\(Self.left - 1)%\" y=\"\(place)\" "
      svg += "dy=\"4\">\(percent) %</text>\n"
    }
    for tick in axis.ticks {
      let place = Self.left + (Self.right - Self.left) * axis.position(tick.value)
      svg += "<text x=\"\(DurationText.fixed(place, 2))%\" "
      svg +=
        "y=\"\(DurationText.fixed(Self.bottom + 18, 1))\">\(HTMLText.escape(tick.label))</text>\n"
    }
    return svg + "</g>\n"
  }

  /// A thousand steps at most: more can't be told apart.
  private func path(of cell: CellResult) -> String {
    let served = Self.served(cell)
    let attempted = Double(cell.summary.attempted)
    let stride = max(1, served.count / 1_000)
    var path = "M\(across(axis.low)) \(DurationText.fixed(vertical(0), 1))"
    for index in Swift.stride(from: stride - 1, to: served.count, by: stride) {
      let share = Double(index + 1) / attempted
      path += "H\(across(served[index]))V\(DurationText.fixed(vertical(share), 1))"
    }
    return path + "H\(across(axis.high))"
  }

  private static func served(_ cell: CellResult) -> [Double] {
    cell.samples.filter { !$0.isWarmup && $0.outcome == .served }
      .map(\.duration.seconds)
      .sorted()
  }

  private var description: String {
    cells.map { cell in
      let summary = cell.summary
      return "\(PlainText.line(cell.label)): half within \(DurationText.text(summary.median)), "
        + "95 % of what was served within \(DurationText.text(summary.p95)), served "
        + summary.servedText
    }.joined(separator: "; ")
  }

  private func across(_ seconds: Double) -> Int {
    Int((Self.units * axis.position(seconds)).rounded())
  }

  private func vertical(_ share: Double) -> Double {
    Self.bottom - (Self.bottom - Self.top) * share
  }
}
