import Statistics

/// The levels of a series, one after another, and which of them counts at the end.
///
/// The first level counts until a better one takes its place, or somebody has blessed another. A level that is
/// slower than the one that counts, by more than the margin, is a regression as long as it lasts. So is a
/// significant drift whose end is slower than the level that counts, by more than both margin and noise.
struct TrendLevels {
  private let values: [Double]
  private let starts: [Int]
  private let blessed: Set<Int>
  private let margin: Double

  init(values: [Double], changes: [TrendSeries.Change], blessed: Set<Int>, margin: Double) {
    self.values = values
    // A blessing begins a level of its own, so that what came before it says nothing of it.
    starts = Array(Set([0] + changes.map(\.index) + blessed)).sorted()
    self.blessed = blessed
    self.margin = margin
  }

  /// - Parameters:
  ///   - drift: of what comes after the last change and the last blessing, if it is significant.
  ///   - points: the places in the series of the points that the drift was looked for in.
  func status(drift: Drift?, of points: [Int] = []) -> TrendSeries.Status {
    var counting: Double?
    var countsFrom = 0
    var since: Int?
    var ratio = 1.0
    for (place, start) in starts.enumerated() {
      let end = place + 1 < starts.count ? starts[place + 1] : values.count
      guard let level = Quantile.median(Array(values[start..<end])) else { continue }
      guard let reference = counting, !blessed.contains(start) else {
        (counting, countsFrom, since) = (level, start, nil)
        continue
      }
      ratio = level / reference
      if ratio > 1 + margin {
        since = since ?? start
      } else {
        since = nil
        if ratio < 1 / (1 + margin) { (counting, countsFrom) = (level, start) }
      }
    }
    if let since { return .regression(since: since, ratio: ratio) }
    guard let drift, drift.relativeChange > 0 else { return .steady }
    if let first = points.first, let counting {
      // The median of a level that itself drifts is its middle: what counts is where the drift began.
      let reference = countsFrom >= starts.last ?? 0 ? drift.from : counting
      let limit = reference * (1 + max(margin, drift.noise))
      if drift.to > limit {
        return .gradual(
          from: first, since: crossing(drift, points, limit), ratio: drift.to / reference)
      }
    }
    return drift.relativeChange >= margin ? .drift(ratio: 1 + drift.relativeChange) : .steady
  }

  /// The first of the points at which the line is above the limit, which the last one is.
  private func crossing(_ drift: Drift, _ points: [Int], _ limit: Double) -> Int {
    // By the place among the points; gaps in time move it by a few runs, which decides nothing.
    let share = (limit - drift.from) / (drift.to - drift.from)
    let place = Int((share * Double(points.count - 1)).rounded(.up))
    return points[min(max(place, 1), points.count - 1)]
  }
}
