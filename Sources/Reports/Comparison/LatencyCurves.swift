import Clock
import Measurement
import ResultStore

/// How latency depends on one thing that cells differ in: the link's round trip, its bandwidth, or the
/// number of developers.
struct LatencyCurves: Sendable, Hashable {
  struct Point: Sendable, Hashable {
    /// In the curves' unit.
    var x: Double
    /// What the point is called: the link's name, or empty.
    var name: String
    var summary: CellSummary
  }

  struct Curve: Sendable, Hashable {
    var label: String
    /// By growing `x`.
    var points: [Point]
  }

  enum Figure: Sendable, CaseIterable {
    /// Seconds.
    case roundTrip
    /// Bits a second to the remote.
    case bandwidth
    case developers
  }

  let figure: Figure
  let curves: [Curve]

  /// One for each figure that some cells differ in by nothing but their circumstances.
  static func all(of comparison: Comparison) -> [LatencyCurves] {
    Figure.allCases.compactMap { LatencyCurves($0, of: comparison) }
  }

  private init?(_ figure: Figure, of comparison: Comparison) {
    var groups: [(cell: Cell, points: [Point])] = []
    for result in comparison.cells where result.summary.median != nil {
      let link = comparison.run.links.first { $0.name == result.cell.link }
      var cell = result.cell
      let x: Double?
      switch figure {
      case .roundTrip: x = link?.roundTrip.seconds
      case .bandwidth: x = link?.up.map(Double.init)
      case .developers: x = Double(cell.developers)
      }
      guard let x else { continue }
      if figure == .developers { cell.developers = 1 } else { cell.link = "" }
      let point = Point(
        x: x, name: figure == .developers ? "" : result.cell.link, summary: result.summary)
      if let index = groups.firstIndex(where: { $0.cell == cell }) {
        groups[index].points.append(point)
      } else {
        groups.append((cell, [point]))
      }
    }
    groups.removeAll { Set($0.points.map(\.x)).count < 2 }
    guard !groups.isEmpty else { return nil }
    self.figure = figure
    curves = zip(groups, CellLabels.labels(for: groups.map(\.cell))).map { group, label in
      Curve(label: label, points: group.points.sorted { $0.x < $1.x })
    }
  }

  var title: String {
    switch figure {
    case .roundTrip: "Latency against the link's round-trip time"
    case .bandwidth: "Latency against the link's bandwidth to the remote"
    case .developers: "Latency against the number of developers"
    }
  }

  var note: String {
    let marks = "A mark is a cell's median, the line through it the 95 % interval. "
    switch figure {
    case .roundTrip, .bandwidth:
      return marks + "Links may differ in more than this one figure."
    case .developers:
      return marks + "All of them save their own edits at once, on one remote."
    }
  }

  /// The axis of what the cells differ in.
  var axis: PlotAxis {
    let values = curves.flatMap { $0.points.map(\.x) }
    switch figure {
    case .roundTrip: return PlotAxis(values: values)
    case .bandwidth: return PlotAxis(figures: values) { BandwidthText.text($0) }
    case .developers: return PlotAxis(figures: values, smallestStep: 1) { PlotAxis.shortest($0) }
    }
  }
}
