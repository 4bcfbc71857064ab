/// From candidates to change points: moves, tests and drops them until all that are left stand.
struct LevelSearch {
  private let values: [Double]
  private let settings: ChangePoints
  private let level: Double
  private var bounds: [Int]
  /// By a bound and its neighbours.
  private var judged: [[Int]: (change: ChangePoint, stands: Bool)] = [:]

  init(_ values: [Double], _ settings: ChangePoints, candidates: [Int]) {
    self.values = values
    self.settings = settings
    let halves = max(1, 2 * values.count / max(1, settings.window))
    level = settings.level / Double(halves)
    bounds = [0] + candidates + [values.count]
  }

  /// The change points in ascending order.
  func changes() -> [ChangePoint] {
    var search = self
    search.merge()
    for place in search.bounds.indices { search.move(place) }
    return search.prune()
  }

  /// Leaves of candidates that are closer than a level is long the one that splits best.
  private mutating func merge() {
    while bounds.count > 2 {
      let gaps = (1..<bounds.count).map { bounds[$0] - bounds[$0 - 1] }
      guard let tight = gaps.indices.first(where: { gaps[$0] < settings.shortest }) else { return }
      // Of the two ends of the gap, the one whose sides differ less; never an end of the series.
      let (left, right) = (tight, tight + 1)
      if left == 0 {
        bounds.remove(at: right)
      } else if right == bounds.count - 1 {
        bounds.remove(at: left)
      } else {
        bounds.remove(at: test(left, skipping: right) <= test(right, skipping: left) ? right : left)
      }
    }
  }

  /// Puts a candidate where it splits best what lies between its neighbours.
  private mutating func move(_ place: Int) {
    guard place > 0, place < bounds.count - 1 else { return }
    let low = max(bounds[place - 1], bounds[place] - ChangePoints.reach)
    let high = min(bounds[place + 1], bounds[place] + ChangePoints.reach)
    let energy = EnergyStatistic(Array(values[low..<high]), shortest: settings.shortest)
    if let best = energy.best() { bounds[place] = boundary(in: low..<high, near: low + best.index) }
  }

  /// The index that divides the range best into values near the one level and near the other.
  ///
  /// Ranks say that something changed, but they forget how far the levels lie apart: the lowest value
  /// of the higher level is as near to the lower level as that level's own highest. What one value
  /// can weigh is bounded by the distance of the levels.
  private func boundary(in range: Range<Int>, near index: Int) -> Int {
    guard
      let first = Quantile.median(Array(values[range.lowerBound..<index])),
      let second = Quantile.median(Array(values[index..<range.upperBound])), first != second
    else { return index }
    /// How much nearer to the second level than to the first.
    func preference(_ value: Double) -> Double {
      guard first.isFinite, second.isFinite else {
        return value.isFinite == second.isFinite ? 1 : -1
      }
      let value = min(max(value, min(first, second)), max(first, second))
      return abs(value - first) - abs(value - second)
    }
    var (sum, least, best) = (0.0, 0.0, index)
    let possible = range.lowerBound + settings.shortest...range.upperBound - settings.shortest
    for place in range.lowerBound..<possible.upperBound {
      // To the first level belong all before `place + 1`; what prefers the second costs.
      sum += preference(values[place])
      let isFirst = place + 1 == possible.lowerBound
      if possible.contains(place + 1), isFirst || sum < least { (least, best) = (sum, place + 1) }
    }
    return best
  }

  /// Drops the weakest of those that don't stand, one after the other: its neighbours, which get more
  /// room by that, may stand then.
  private mutating func prune() -> [ChangePoint] {
    while true {
      let judged = bounds.indices.dropFirst().dropLast().map { judge($0) }
      let weakest = judged.indices
        .filter { !judged[$0].stands }
        .max { judged[$0].change.pValue < judged[$1].change.pValue }
      guard let weakest else { return judged.map(\.change) }
      bounds.remove(at: weakest + 1)
      move(weakest)
      move(weakest + 1)
    }
  }

  private mutating func judge(_ place: Int) -> (change: ChangePoint, stands: Bool) {
    let key = [bounds[place - 1], bounds[place], bounds[place + 1]]
    if let known = judged[key] { return known }
    let change = change(at: place)
    let result = (change, stands(change, at: place))
    judged[key] = result
    return result
  }

  private func change(at place: Int) -> ChangePoint {
    let before = values[bounds[place - 1]..<bounds[place]]
    let after = values[bounds[place]..<bounds[place + 1]]
    return ChangePoint(
      index: bounds[place], pValue: test(place), before: Quantile.median(Array(before)) ?? .nan,
      after: Quantile.median(Array(after)) ?? .nan)
  }

  /// Between both sides of a bound, up to the neighbouring bounds or as far as the test looks.
  private func test(_ place: Int, skipping skipped: Int? = nil) -> Double {
    let low = place - 1 == skipped ? place - 2 : place - 1
    let high = place + 1 == skipped ? place + 2 : place + 1
    let before = values[max(bounds[low], bounds[place] - ChangePoints.reach)..<bounds[place]]
    let after = values[bounds[place]..<min(bounds[high], bounds[place] + ChangePoints.reach)]
    // The normal approximation is close enough from 10 values on; below, it hides what is clear.
    return MannWhitney.test(Array(before), Array(after), mostForExact: 600)?.pValue ?? 1
  }

  private func stands(_ change: ChangePoint, at place: Int) -> Bool {
    guard change.pValue <= level, change.before != change.after else { return false }
    let size = abs(change.after - change.before)
    guard size.isFinite else { return true }
    guard size >= settings.leastChange * abs(change.before) else { return false }
    let (low, high) = (bounds[place - 1], bounds[place + 1])
    let residuals = (low..<high).map {
      abs(values[$0] - ($0 < change.index ? change.before : change.after))
    }
    guard size >= settings.leastInNoise * NoiseScale.deviation(residuals) else { return false }
    return !isSlope(low..<high, residuals) || isClearNearby(change.index, low..<high)
  }

  /// Whether two levels are clear from what is near, and no slope: in a long range a slope far away, or a
  /// level whose bound was dropped, can make one line the better explanation of the whole.
  private func isClearNearby(_ index: Int, _ range: Range<Int>) -> Bool {
    let near = range.clamped(to: index - ChangePoints.reach..<index + ChangePoints.reach)
    guard
      near != range, let before = Quantile.median(Array(values[near.lowerBound..<index])),
      let after = Quantile.median(Array(values[index..<near.upperBound]))
    else { return false }
    let residuals = near.map { abs(values[$0] - ($0 < index ? before : after)) }
    return abs(after - before) >= 3 * NoiseScale.deviation(residuals) && !isSlope(near, residuals)
  }

  /// Whether one straight line explains both stretches better than two levels do.
  private func isSlope(_ range: Range<Int>, _ residuals: [Double]) -> Bool {
    // A night in which nothing was served lies on no line, and on no level either.
    let range = range.filter { values[$0].isFinite }
    let points = Thinned(x: range.map(Double.init), y: range.map { values[$0] }, most: 60)
    guard let line = TheilSen(x: points.x, y: points.y) else { return false }
    let sloped = range.reduce(0) {
      $0 + abs(values[$1] - line.intercept - line.slope * Double($1))
    }
    return sloped < residuals.reduce(0) { $1.isFinite ? $0 + $1 : $0 }
  }
}
