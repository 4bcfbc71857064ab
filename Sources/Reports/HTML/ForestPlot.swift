import Foundation
import Statistics

/// Ratios with their intervals, a row a cell, on one logarithmic axis, as SVG.
///
/// Source: Lewis and Clarke, "Forest plots: trying to see the wood and the trees", BMJ 322, 2001.
struct ForestPlot {
  /// The relative change within which nothing counts; drawn as a band around 1, of a cell whose noise is
  /// larger as wide as that.
  let margin: Double
  private let low: Double
  private let high: Double
  private let ticks: [Double]

  private static let left = 3.0
  private static let right = 97.0
  private static let candidates = [
    0.01, 0.02, 0.05, 0.1, 0.2, 0.33, 0.5, 0.67, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2, 3, 5, 10, 20, 50,
    100,
  ]

  init(_ cells: [CellChange], margin: Double) {
    self.margin = margin
    let ends = cells.compactMap(\.judgement?.ratio).flatMap { ratio in
      [ratio.estimate, ratio.interval?.low, ratio.interval?.high].compactMap { $0 }
    }.filter { $0 > 0 && $0.isFinite }
    let widest = max(2 * margin, cells.map { Self.band(of: $0, margin) }.max() ?? 0)
    let least = min(ends.min() ?? 1, 1 / (1 + widest)) / 1.02
    let most = max(ends.max() ?? 1, 1 + widest) * 1.02
    (low, high) = (max(least, 1e-3), min(most, 1e3))
    let (low, high) = (low, high)
    var inside = Self.candidates.filter { (low...high).contains($0) }
    while inside.count > 7 {
      inside = inside.enumerated().filter { $0.element == 1 || !$0.offset.isMultiple(of: 2) }.map(
        \.element)
    }
    ticks = inside
  }

  private static func band(of change: CellChange, _ margin: Double) -> Double {
    max(margin, change.noise)
  }

  /// A row without the axis's numbers.
  func svg(of change: CellChange, identifier: String) -> String {
    var svg = """
      <svg class="forest" role="img" width="100%" height="40" aria-labelledby="\(identifier)-t">
      <title id="\(identifier)-t">\(HTMLText.escape(words(of: change)))</title>

      """
    let band = Self.band(of: change, margin)
    let (start, end) = (x(1 / (1 + band)), x(1 + band))
    svg += "<rect class=\"interval\" x=\"\(percent(start))\" y=\"0\" "
    svg += "width=\"\(percent(end - start))\" height=\"40\"/>"
    svg += "<g class=\"axis\">"
    for tick in ticks {
      let place = percent(x(tick))
      svg += "<line class=\"\(tick == 1 ? "one" : "grid")\" x1=\"\(place)\" x2=\"\(place)\" "
      svg += "y1=\"0\" y2=\"40\"/>"
    }
    svg += "</g>\n"
    guard let ratio = change.judgement?.ratio, let estimate = ratio.estimate, estimate > 0 else {
      return svg + "</svg>\n"
    }
    if let interval = ratio.interval {
      svg += "<line class=\"error\" x1=\"\(percent(x(interval.low)))\" "
      svg += "x2=\"\(percent(x(interval.high)))\" y1=\"20\" y2=\"20\"/>"
    }
    svg += "<svg x=\"\(percent(x(estimate)))\" y=\"20\" overflow=\"visible\">"
    svg += "<path class=\"\(Self.style(of: change))\" d=\"M0-7L7 0 0 7-7 0Z\"/></svg>\n"
    return svg + "</svg>\n"
  }

  /// The axis's numbers, below the last row.
  func axis() -> String {
    var svg =
      "<svg class=\"forest\" aria-hidden=\"true\" width=\"100%\" height=\"20\"><g class=\"axis\">"
    for tick in ticks {
      svg += "<text x=\"\(percent(x(tick)))\" y=\"14\">\(PlotAxis.shortest(tick))×</text>"
    }
    return svg + "</g></svg>\n"
  }

  static func style(of change: CellChange) -> String {
    switch change.judgement?.verdict {
    case .regression: "slower"
    case .improvement: "faster"
    case .equivalent, .inconclusive, nil: "neither"
    }
  }

  private func words(of change: CellChange) -> String {
    "\(PlainText.line(change.label)): \(change.ratioText) (\(change.intervalText)), "
      + change.verdictText
  }

  private func x(_ ratio: Double) -> Double {
    let bounded = min(max(ratio, low), high)
    return Self.left + (Self.right - Self.left) * log(bounded / low) / log(high / low)
  }

  private func percent(_ value: Double) -> String { DurationText.fixed(value, 2) + "%" }
}
