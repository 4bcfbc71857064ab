import Statistics

/// The levels of a series, one after another, and which of them counts at the end.
///
/// The first level counts until a better one takes its place, or somebody has blessed another. A level that is
/// slower than the one that counts, by more than the margin, is a regression as long as it lasts.
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

  func status(drift: Drift?) -> TrendSeries.Status {
    var counting: Double?
    var since: Int?
    var ratio = 1.0
    for (place, start) in starts.enumerated() {
      let end = place + 1 < starts.count ? starts[place + 1] : values.count
      guard let level = Quantile.median(Array(values[start..<end])) else { continue }
      guard let reference = counting, !blessed.contains(start) else {
        (counting, since) = (level, nil)
        continue
      }
      ratio = level / reference
      if ratio > 1 + margin {
        since = since ?? start
      } else {
        since = nil
        if ratio < 1 / (1 + margin) { counting = level }
      }
    }
    if let since { return .regression(since: since, ratio: ratio) }
    if let drift, drift.relativeChange > 0 { return .drift(ratio: 1 + drift.relativeChange) }
    return .steady
  }
}
