import Clock
import Measurement
import Statistics

/// A cell's samples on a time axis, as SVG: a dot for each served sample, a cross in the right
/// margin for each that wasn't, the median as a line, its interval as a band.
///
/// Horizontal places are percentages, so that the drawing takes any width without distortion and the
/// text keeps its size on a phone.
struct StripPlot {
  let axis: PlotAxis
  /// Whether any strip of the report needs the margin for what wasn't served.
  let hasMargin: Bool

  private static let left = 2.5
  private static let height = 92
  private static let middle = 38.0
  private static let band = 36.0
  private static let bottom = 66

  private var right: Double { hasMargin ? 84 : 96 }

  func svg(of cell: CellResult, identifier: String) -> String {
    svg(
      label: cell.label, samples: cell.samples.filter { !$0.isWarmup }, summary: cell.summary,
      identifier: identifier)
  }

  /// - Parameter samples: without warm-ups.
  func svg(
    label: String, samples: [Sample], summary: CellSummary, identifier: String
  ) -> String {
    let served = samples.filter { $0.outcome == .served }
    let failed = samples.filter { $0.outcome != .served }
    var svg = """
      <svg class="strip" role="img" width="100%" height="\(Self.height)" \
      aria-labelledby="\(identifier)-t \(identifier)-d">
      <title id="\(identifier)-t">Latency of \(HTMLText.escape(PlainText.line(label)))</title>
      <desc id="\(identifier)-d">\(HTMLText.escape(description(of: summary)))</desc>

      """
    svg += grid()
    if let interval = summary.interval {
      let start = x(interval.low)
      svg += "<rect class=\"interval\" x=\"\(percent(start))\" y=\"12\" "
      svg += "width=\"\(percent(x(interval.high) - start))\" height=\"52\"/>\n"
    }
    let radius = served.count > 500 ? 2 : served.count > 60 ? 3 : 4
    svg += "<g class=\"dots\">\n"
    for (index, sample) in served.enumerated() {
      let seconds = sample.duration.seconds
      svg += "<circle cx=\"\(percent(x(seconds)))\" cy=\"\(y(index))\" r=\"\(radius)\">"
      svg += "<title>#\(sample.iteration): \(DurationText.text(seconds))</title></circle>\n"
    }
    svg += "</g>\n"
    if let median = summary.median {
      let place = percent(x(median))
      svg += "<line class=\"median\" x1=\"\(place)\" x2=\"\(place)\" y1=\"10\" y2=\"66\"/>\n"
    }
    return svg + margin(failed) + "</svg>\n"
  }

  private func grid() -> String {
    var svg = "<g class=\"axis\">\n"
    for tick in axis.ticks {
      let place = percent(x(tick.value))
      svg += "<line class=\"grid\" x1=\"\(place)\" x2=\"\(place)\" y1=\"10\" y2=\"70\"/>"
      svg += "<text x=\"\(place)\" y=\"85\">\(tick.label)</text>\n"
    }
    svg += "<line x1=\"\(percent(Self.left))\" x2=\"\(percent(right))\" y1=\"66\" y2=\"66\"/>\n"
    return svg + "</g>\n"
  }

  private func margin(_ failed: [Sample]) -> String {
    guard !failed.isEmpty else { return "" }
    var svg = "<g class=\"failed\"><text x=\"100%\" y=\"11\">not served</text>\n"
    for (index, sample) in failed.enumerated() {
      let place = 93 + 8 * (spread(index, of: 0.754_877_666) - 0.5)
      svg += "<svg x=\"\(percent(place))\" y=\"\(y(index))\" overflow=\"visible\">"
      svg += "<path d=\"M-4-4L4 4M-4 4L4-4\"/><title>#\(sample.iteration): "
      svg += "\(sample.outcome.rawValue), \(sample.outcome.endText) "
      svg += "\(DurationText.text(sample.duration.seconds))</title></svg>\n"
    }
    return svg + "</g>\n"
  }

  /// The drawing in words.
  private func description(of summary: CellSummary) -> String {
    let scale = axis.isLogarithmic ? "Logarithmic" : "Linear"
    guard summary.median != nil else {
      return "Served \(summary.servedText). \(scale) time axis, without dots."
    }
    return "Served \(summary.servedText), each a dot from \(DurationText.text(summary.min)) to "
      + "\(DurationText.text(summary.max)). Median \(DurationText.text(summary.median)), "
      + "95 % interval \(DurationText.range(summary.interval?.low, summary.interval?.high)). "
      + "\(scale) time axis."
  }

  private func x(_ seconds: Double) -> Double {
    Self.left + axis.position(seconds) * (right - Self.left)
  }

  /// Neighbours in time land far apart: multiples of the golden ratio, modulo one.
  private func y(_ index: Int) -> String {
    let offset = (spread(index, of: 0.618_033_989) - 0.5) * Self.band
    return DurationText.fixed(Self.middle + offset, 1)
  }

  private func spread(_ index: Int, of ratio: Double) -> Double {
    (Double(index + 1) * ratio).truncatingRemainder(dividingBy: 1)
  }

  private func percent(_ value: Double) -> String {
    DurationText.fixed(value, 2) + "%"
  }
}
