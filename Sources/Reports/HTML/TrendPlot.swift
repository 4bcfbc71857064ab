import Foundation
import Measurement
import ResultStore
import Statistics

/// A series over time as SVG: its points joined where no run is missing, its levels, its changes.
///
/// The line lies in a drawing of its own that is stretched to the width, so that thousands of points are
/// one path of small numbers; what is text, or must keep its shape, is placed in percent.
struct TrendPlot {
  let part: TrendReport.Part
  private let start: TimeInterval
  private let length: TimeInterval

  static let height = 150.0
  private static let left = 8.0
  private static let right = 98.0
  private static let top = 10.0
  private static let bottom = 128.0
  /// Of the stretched drawing.
  private static let units = 10_000.0
  /// Points beyond these have no mark of their own.
  private static let mostMarks = 120

  init(_ part: TrendReport.Part) {
    self.part = part
    let dates = part.series.flatMap { [$0.points.first, $0.points.last] }.compactMap { $0?.date }
    start = dates.min()?.timeIntervalSince1970 ?? 0
    length = max(1, (dates.max()?.timeIntervalSince1970 ?? 1) - start)
  }

  /// The place of a moment, in percent of the width.
  func place(of date: Date) -> Double {
    Self.left + (Self.right - Self.left) * (date.timeIntervalSince1970 - start) / length
  }

  func svg(of series: TrendSeries, identifier: String, runs: String) -> String {
    let axis = PlotAxis(values: series.points.compactMap(\.median))
    var svg = """
      <svg class="trend" role="img" tabindex="0" width="100%" height="\(Int(Self.height))" \
      data-runs="\(runs)" data-said="\(identifier)-s" data-points="\(data(series))" \
      aria-labelledby="\(identifier)-t \(identifier)-d">
      <title id="\(identifier)-t">\(HTMLText.escape(PlainText.line(series.label))) over time</title>
      <desc id="\(identifier)-d">\(HTMLText.escape(description(of: series)))</desc>

      """
    svg += grid(axis)
    svg += lines(series, axis)
    svg += changes(series, axis)
    svg += marks(series, axis)
    svg += "<line class=\"cursor\" y1=\"\(number(Self.top))\" y2=\"\(number(Self.bottom))\"/>\n"
    return svg + "</svg>\n"
  }

  /// For the script: the run's place among the scenario's and the median in milliseconds, −1 for none.
  private func data(_ series: TrendSeries) -> String {
    series.points.map { point in
      let milliseconds = point.median.map { Int(($0 * 1_000).rounded()) } ?? -1
      return "\(point.run):\(milliseconds)"
    }.joined(separator: " ")
  }

  private func grid(_ axis: PlotAxis) -> String {
    var svg = "<g class=\"axis\">\n"
    for tick in axis.ticks {
      let place = number(vertical(tick.value, axis))
      svg += "<line class=\"grid\" x1=\"\(Self.left)%\" x2=\"\(Self.right)%\" y1=\"\(place)\" "
      svg +=
        "y2=\"\(place)\"/><text class=\"value\" x=\"\(Self.left - 1)%\" y=\"\(place)\" dy=\"4\">"
      svg += "\(HTMLText.escape(tick.label))</text>\n"
    }
    for share in [0.0, 0.5, 1.0] {
      let date = Date(timeIntervalSince1970: start + share * length)
      let anchor = share == 0 ? "start" : share == 1 ? "end" : "middle"
      svg += "<text style=\"text-anchor: \(anchor)\" x=\"\(percent(place(of: date)))\" "
      svg += "y=\"\(number(Self.bottom + 17))\">\(DateText.tick(date, over: length))</text>"
    }
    return svg + "</g>\n"
  }

  private func lines(_ series: TrendSeries, _ axis: PlotAxis) -> String {
    let gaps = Set(series.gaps.map(\.after))
    var path = ""
    var last: (x: Int, y: Int)?
    for (index, point) in series.points.enumerated() {
      guard let median = point.median else {
        last = nil
        continue
      }
      let here = (x: across(point.date), y: Int((vertical(median, axis) * 10).rounded()))
      if let last {
        path += "l\(here.x - last.x) \(here.y - last.y)"
      } else {
        path += "M\(here.x) \(here.y)"
      }
      last = gaps.contains(index) ? nil : here
    }
    var levels = ""
    let starts = [0] + series.changes.map(\.index)
    for (place, first) in starts.enumerated() where series.status != .tooShort {
      let end = place + 1 < starts.count ? starts[place + 1] : series.points.count
      let values = series.points[first..<end].map(\.value)
      guard let level = Quantile.median(values), level.isFinite else { continue }
      let y = Int((vertical(level, axis) * 10).rounded())
      levels += "M\(across(series.points[first].date)) \(y)H\(across(series.points[end - 1].date))"
    }
    let height = Int(Self.height * 10)
    return """
      <svg x="\(Self.left)%" y="0" width="\(Self.right - Self.left)%" height="\(Int(Self.height))" \
      viewBox="0 0 \(Int(Self.units)) \(height)" preserveAspectRatio="none">
      <path class="series" d="\(path)"/><path class="level" d="\(levels)"/>
      </svg>

      """
  }

  private func changes(_ series: TrendSeries, _ axis: PlotAxis) -> String {
    series.changes.map { change in
      let place = percent(self.place(of: series.points[change.index].date))
      let kind = change.ratio > 1 ? "slower" : "faster"
      return "<g class=\"change\"><line x1=\"\(place)\" x2=\"\(place)\" y1=\"\(number(Self.top))\" "
        + "y2=\"\(number(Self.bottom))\"/><svg x=\"\(place)\" y=\"\(number(Self.top))\" "
        + "overflow=\"visible\"><path class=\"\(kind)\" d=\""
        + (change.ratio > 1 ? "M-6 4L0-7 6 4Z" : "M-6-4L0 7 6-4Z") + "\"/></svg><title>"
        + HTMLText.escape(PlainText.line(part.sentence(of: change, in: series), limit: 300))
        + "</title></g>\n"
    }.joined()
  }

  private func marks(_ series: TrendSeries, _ axis: PlotAxis) -> String {
    var svg = "<g class=\"dots\">\n"
    let isMarked = series.points.count <= Self.mostMarks
    for point in series.points where isMarked || point.median == nil {
      let place = percent(self.place(of: point.date))
      guard let median = point.median else {
        svg += "<svg class=\"failed\" x=\"\(place)\" y=\"\(number(Self.top + 6))\" "
        svg += "overflow=\"visible\"><path d=\"M-3-3L3 3M-3 3L3-3\"/><title>"
        svg += "\(DateText.minutes(point.date)): not served</title></svg>\n"
        continue
      }
      let run = part.runs[point.run]
      svg += "<circle cx=\"\(place)\" cy=\"\(number(vertical(median, axis)))\" r=\"3\"><title>"
      svg += "\(DateText.minutes(point.date)): \(DurationText.text(median))"
      if let commit = run.environment.appCommit {
        svg += ", commit \(HTMLText.escape(PlainText.line(CommitText.short(commit))))"
      }
      svg += "</title></circle>\n"
    }
    return svg + "</g>\n"
  }

  private func description(of series: TrendSeries) -> String {
    let changes =
      series.changes.isEmpty
      ? "No change of level."
      : series.changes.map {
        "Change from \(part.sentence(of: $0, in: series))."
      }.joined(separator: " ")
    return PlainText.line(
      "\(series.points.count) runs, now at \(DurationText.text(series.level)). \(changes)",
      limit: 2_000)
  }

  private func across(_ date: Date) -> Int {
    Int((Self.units * (date.timeIntervalSince1970 - start) / length).rounded())
  }

  private func vertical(_ seconds: Double, _ axis: PlotAxis) -> Double {
    Self.bottom - (Self.bottom - Self.top) * axis.position(seconds)
  }

  private func percent(_ value: Double) -> String { DurationText.fixed(value, 2) + "%" }
  private func number(_ value: Double) -> String { DurationText.fixed(value, 1) }
}
