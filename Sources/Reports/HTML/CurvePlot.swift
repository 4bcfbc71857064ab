import Measurement
import Statistics

/// Latencies against another figure, as SVG: a mark for each cell's median with its interval, the cells
/// of one curve joined.
///
/// Horizontal places are percentages, so that the drawing takes any width without distortion.
struct CurvePlot {
  private let curves: LatencyCurves
  private let x: PlotAxis
  private let y: PlotAxis

  private static let left = 9.0
  private static let right = 94.0
  private static let top = 14.0
  private static let bottom = 226.0
  private static let height = 268
  private static let colours = 12

  init(_ curves: LatencyCurves) {
    self.curves = curves
    x = curves.axis
    y = PlotAxis(
      values: curves.curves.flatMap(\.points).flatMap { point in
        [point.summary.median, point.summary.interval?.low, point.summary.interval?.high]
          .compactMap { $0 }
      })
  }

  /// The CSS class of a curve's colour.
  static func style(of curve: Int) -> String { "p\(curve % colours)" }

  func svg(identifier: String) -> String {
    var svg = """
      <svg class="curve" role="img" width="100%" height="\(Self.height)" \
      aria-labelledby="\(identifier)-t \(identifier)-d">
      <title id="\(identifier)-t">\(HTMLText.escape(curves.title))</title>
      <desc id="\(identifier)-d">\(HTMLText.escape(description))</desc>

      """
    svg += grid()
    for (index, curve) in curves.curves.enumerated() { svg += draw(curve, index) }
    return svg + "</svg>\n"
  }

  private func grid() -> String {
    var svg = "<g class=\"axis\">\n"
    for tick in y.ticks {
      let place = number(vertical(tick.value))
      svg += "<line class=\"grid\" x1=\"\(percent(Self.left))\" x2=\"\(percent(Self.right))\" "
      svg += "y1=\"\(place)\" y2=\"\(place)\"/>"
      svg += "<text class=\"value\" x=\"\(percent(Self.left - 1))\" y=\"\(place)\" dy=\"4\">"
      svg += "\(HTMLText.escape(tick.label))</text>\n"
    }
    for tick in x.ticks {
      svg += "<text x=\"\(percent(horizontal(tick.value)))\" y=\"\(number(Self.bottom + 18))\">"
      svg += "\(HTMLText.escape(tick.label))</text>\n"
    }
    svg += "<line x1=\"\(percent(Self.left))\" x2=\"\(percent(Self.right))\" "
    svg += "y1=\"\(number(Self.bottom))\" y2=\"\(number(Self.bottom))\"/>\n"
    return svg + "</g>\n"
  }

  private func draw(_ curve: LatencyCurves.Curve, _ index: Int) -> String {
    var svg = "<g>\n"
    for (point, next) in zip(curve.points, curve.points.dropFirst()) {
      guard let from = point.summary.median, let to = next.summary.median else { continue }
      svg += "<line class=\"join\" x1=\"\(percent(horizontal(point.x)))\" "
      svg += "y1=\"\(number(vertical(from)))\" x2=\"\(percent(horizontal(next.x)))\" "
      svg += "y2=\"\(number(vertical(to)))\"/>\n"
    }
    for point in curve.points {
      guard let median = point.summary.median else { continue }
      let place = percent(horizontal(point.x))
      if let interval = point.summary.interval {
        svg += "<line class=\"error\" x1=\"\(place)\" x2=\"\(place)\" "
        svg +=
          "y1=\"\(number(vertical(interval.low)))\" y2=\"\(number(vertical(interval.high)))\"/>"
      }
      svg += mark(index, at: place, vertical(median))
      svg += "<title>\(HTMLText.escape(words(of: point, in: curve)))</title></svg>\n"
    }
    return svg + "</g>\n"
  }

  /// A shape as well as a colour for each curve, so that colour alone tells nothing.
  private func mark(_ index: Int, at x: String, _ y: Double) -> String {
    let shapes = [
      "<circle r=\"6\"/>", "<path d=\"M-6-6H6V6H-6Z\"/>", "<path d=\"M0-7L7 6H-7Z\"/>",
      "<path d=\"M0-8L8 0 0 8-8 0Z\"/>", "<path d=\"M0 7L7-6H-7Z\"/>",
      "<path d=\"M-7-2H-2V-7H2V-2H7V2H2V7H-2V2H-7Z\"/>",
    ]
    return
      "<svg x=\"\(x)\" y=\"\(number(y))\" overflow=\"visible\"><g class=\"\(Self.style(of: index))\">"
      + shapes[index % shapes.count] + "</g>"
  }

  private func words(of point: LatencyCurves.Point, in curve: LatencyCurves.Curve) -> String {
    let name = point.name.isEmpty ? "" : " \(PlainText.line(point.name))"
    let interval = point.summary.interval.map { " (\(DurationText.range($0.low, $0.high)))" } ?? ""
    return
      "\(PlainText.line(curve.label))\(name): \(DurationText.text(point.summary.median))\(interval)"
  }

  /// The drawing in words.
  private var description: String {
    curves.curves.flatMap { curve in curve.points.map { words(of: $0, in: curve) } }
      .joined(separator: "; ")
  }

  private func horizontal(_ value: Double) -> Double {
    Self.left + 2 + (Self.right - Self.left - 4) * x.position(value)
  }

  private func vertical(_ seconds: Double) -> Double {
    Self.bottom - (Self.bottom - Self.top) * y.position(seconds)
  }

  private func percent(_ value: Double) -> String { DurationText.fixed(value, 2) + "%" }
  private func number(_ value: Double) -> String { DurationText.fixed(value, 1) }
}
