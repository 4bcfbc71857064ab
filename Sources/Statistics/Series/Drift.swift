/// A slow rise or fall of a series within its last level.
///
/// Mann and Kendall's test says whether there is one, the Theil-Sen line how steep it is, over the real
/// abscissae (days), so that a gap is a gap. Only what lies after the last change point is looked at: a
/// step isn't a drift.
package struct Drift: Sendable, Hashable {
  /// The index the drift was looked for from on.
  package var start: Int
  package var pValue: Double
  /// In the values' unit for one unit of the abscissae, with its 95 % interval.
  package var slope: Double
  package var slopeInterval: Interval?
  /// The values of the line at the first and at the last point.
  package var from: Double
  package var to: Double
  /// The standard deviation of the points around the line, as a share of its start: 0.02 for 2 %.
  package var noise: Double

  /// The fewest points: with 8, the test can reach a p of 0.001.
  package static let fewest = 8

  /// Of the stretch after the last change point; nil if it has fewer than `fewest` points, if all its
  /// abscissae are the same, or if something isn't finite. Abscissae must be in ascending order. More
  /// than 200 points are thinned to medians of equal stretches.
  package init?(
    _ values: [Double], at abscissae: [Double], after changes: [ChangePoint] = []
  ) {
    let start = changes.last?.index ?? 0
    guard values.count == abscissae.count, start >= 0, values.count - start >= Self.fewest else {
      return nil
    }
    let points = Thinned(x: Array(abscissae[start...]), y: Array(values[start...]), most: 200)
    guard
      let line = TheilSen(x: points.x, y: points.y),
      let test = MannKendall(x: points.x, y: points.y)
    else { return nil }
    self.start = start
    pValue = test.pValue
    slope = line.slope
    slopeInterval = line.interval
    from = line.intercept + line.slope * abscissae[start]
    to = line.intercept + line.slope * abscissae[abscissae.count - 1]
    let residuals = (start..<values.count).map {
      abs(values[$0] - line.intercept - line.slope * abscissae[$0])
    }
    noise = from > 0 ? NoiseScale.deviation(residuals) / from : 0
  }

  /// The line's change over the stretch, relative to its start: 0.1 for 10 % more.
  package var relativeChange: Double { to / from - 1 }

  /// Whether it is hardly chance.
  package func isSignificant(level: Double = 0.001) -> Bool { pValue <= level }

  /// Whether it is worth reporting: hardly chance, and over the stretch a change that matters.
  package func isReportable(level: Double = 0.001, margin: Double = 0.05) -> Bool {
    isSignificant(level: level) && abs(relativeChange) >= margin
  }
}
