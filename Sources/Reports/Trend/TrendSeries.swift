package import Foundation
package import Measurement
import ResultStore
package import Statistics

/// The history of one cell on one kind of machine, judged.
package struct TrendSeries: Sendable, Hashable {
  /// What one run says of the cell.
  package struct Point: Sendable, Hashable {
    /// The place among the scenario's runs.
    package var run: Int
    package var date: Date
    package var attempted: Int
    package var served: Int
    /// Of what was served, in seconds; nil if nothing was.
    package var median: Double?

    /// What the search for changes takes: a night in which most edits weren't served is slower than any.
    var value: Double {
      guard let median, served * 2 >= attempted else { return .infinity }
      return median
    }
  }

  /// A place from which on the level is another.
  package struct Change: Sendable, Hashable {
    /// Of `points`: the first of the new level.
    package var index: Int
    package var before: Double
    package var after: Double
    package var pValue: Double

    package var ratio: Double { after / before }
  }

  /// What stands at the end.
  package enum Status: Sendable, Hashable {
    /// With fewer points nothing is judged.
    case tooShort
    case steady
    /// Slower than the level that counts, since a point, and not blessed.
    case regression(since: Int, ratio: Double)
    /// Rising slowly since a point, and slower than the level that counts since another, by more than
    /// margin and noise; not blessed.
    case gradual(from: Int, since: Int, ratio: Double)
    /// Rising slowly within the last level.
    case drift(ratio: Double)
    /// It gets no more runs: those of its cell go on in another series. With how much slower than the level
    /// that counts it was in the end, if it was a regression.
    case ended(slower: Double?)
  }

  package let scenario: String
  package let cell: Cell
  /// As short as tells the scenario's cells apart. Not escaped.
  package let label: String
  package let key: ComparabilityKey
  /// Runs that attempted the cell, oldest first.
  package let points: [Point]
  /// Runs that set out to measure the cell, and didn't attempt it once.
  package let broken: Int
  package let changes: [Change]
  package let drift: Drift?
  package let gaps: [TrendGap]
  /// Accepted levels: the point from which on, and why.
  package let blessed: [Int: String]
  package let status: Status

  /// The fewest points that are judged: two levels of the shortest length.
  package static let fewest = 2 * ChangePoints().shortest

  init(
    scenario: String, cell: Cell, label: String, key: ComparabilityKey, points: [Point],
    broken: [Date], runs: [History.Run], cadence: TimeInterval?, blessings: [Blessing],
    margin: Double, hasEnded: Bool
  ) {
    self.scenario = scenario
    self.cell = cell
    self.label = label
    self.key = key
    self.points = points
    self.broken = broken.count
    gaps = TrendGap.gaps(between: points.map(\.date), broken: broken, cadence: cadence)
    var blessed: [Int: String] = [:]
    for blessing in blessings where blessing.cell == cell.name && blessing.takenBackAt == nil {
      guard let index = points.firstIndex(where: { runs[$0.run].id == blessing.run }) else {
        continue
      }
      blessed[index] = blessing.why
    }
    self.blessed = blessed
    guard points.count >= Self.fewest else {
      (changes, drift, status) = ([], nil, .tooShort)
      return
    }
    var finder = ChangePoints()
    finder.leastChange = margin
    let values = points.map(\.value)
    let found = finder.find(in: values)
    changes = found.map {
      Change(index: $0.index, before: $0.before, after: $0.after, pValue: $0.pValue)
    }
    // What was accepted ends a drift as a step does. A run in which nothing was served is on no line, and
    // hides none.
    let start = max(found.last?.index ?? 0, blessed.keys.max() ?? 0)
    let places = points.indices[start...].filter { values[$0].isFinite }
    let days = places.map { points[$0].date.timeIntervalSince1970 / 86_400 }
    let line = Drift(places.map { values[$0] }, at: days).flatMap { $0.isSignificant() ? $0 : nil }
    let last = TrendLevels(
      values: values, changes: changes, blessed: Set(blessed.keys), margin: margin
    )
    .status(drift: line, of: places)
    drift = line.flatMap { $0.isReportable(margin: margin) ? $0 : nil }
    status = hasEnded ? .ended(slower: last.slower) : last
  }

  /// The median of the points since the last change; nil without points.
  package var level: Double? {
    let values = points[(changes.last?.index ?? 0)...].map(\.value).filter(\.isFinite)
    return Quantile.median(values)
  }
}

extension TrendSeries {
  /// Whether it closes a gate.
  package var isRegression: Bool {
    switch status {
    case .regression, .gradual: true
    case .tooShort, .steady, .drift, .ended: false
    }
  }
}

extension TrendSeries.Status {
  /// How much slower than the level that counts a regression is.
  var slower: Double? {
    switch self {
    case .regression(_, let ratio), .gradual(_, _, let ratio): ratio
    case .tooShort, .steady, .drift, .ended: nil
    }
  }
}
