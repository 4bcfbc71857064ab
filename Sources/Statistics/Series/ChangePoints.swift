/// Finds the changes of level in a history, such as the medians of a cell, a night each.
///
/// 1. Windows that overlap by a half are split by E-divisive (`EnergyStatistic`): the best split, if a
///    permutation test says that it isn't chance, then each side again. Where there is none, a level that
///    goes and comes back is looked for in the same way (`SegmentStatistic`).
/// 2. What the windows found is merged: each candidate is put where it splits best what lies between
///    its neighbours, and the weakest is dropped until all are clear by Mann-Whitney's test, corrected
///    for the number of places looked at.
/// 3. A change must also be larger than the noise around the levels, and mustn't be part of a slope
///    (`Drift` reports that). A level lasts `shortest` values, so a single spike never is one.
///
/// Sources: Matteson and James, JASA 109, 2014; windows and a second test after it as in Fleming and
/// others, "Hunter: Using Change Point Detection to Hunt for Performance Regressions", ICPE 2023
/// (Apache Otava).
package struct ChangePoints: Sendable {
  /// The least length of a level.
  package var shortest = 5
  /// The length of a window.
  package var window = 60
  /// Of the permutation test for a split in a window.
  package var windowLevel = 0.01
  package var permutations = 99
  /// Of the permutation test for a level that comes back: there are many more places for one, and nights
  /// that resemble their neighbours make them.
  package var segmentLevel = 0.001
  package var segmentPermutations = 999
  /// Of the test between two levels, divided by the number of half windows.
  package var level = 0.005
  /// The least change, in standard deviations of the noise around the levels.
  package var leastInNoise = 2.0
  /// The same of a level that comes back.
  package var segmentInNoise = 3.0
  /// The least relative change.
  package var leastChange = 0.0
  package var seed: UInt64 = 1
  /// How far to each side the final test looks.
  package static let reach = 50

  package init() {}

  /// In ascending order of index. Values may be +∞, a night in which nothing was served; a series with
  /// a NaN has no change points, nor has one that is too short.
  package func find(in values: [Double]) -> [ChangePoint] {
    guard values.count >= 2 * shortest, !values.contains(where: \.isNaN) else { return [] }
    return LevelSearch(values, self, candidates: candidates(values)).changes()
  }

  private func candidates(_ values: [Double]) -> [Int] {
    var generator = SeededGenerator(seed: seed)
    var found: Set<Int> = []
    var start = 0
    while true {
      let end = min(values.count, start + window)
      // The last window is a full one, too.
      let from = max(0, min(start, values.count - window))
      split(values[from..<end], into: &found, using: &generator)
      if end == values.count { return found.sorted() }
      start += window / 2
    }
  }

  private func split(
    _ values: ArraySlice<Double>, into found: inout Set<Int>, using generator: inout SeededGenerator
  ) {
    let bounds = split(Array(values), using: &generator)
    guard !bounds.isEmpty else { return }
    let indices = bounds.map { values.startIndex + $0 }
    found.formUnion(indices)
    let ends = [values.startIndex] + indices + [values.endIndex]
    for (start, end) in zip(ends, ends.dropFirst()) {
      split(values[start..<end], into: &found, using: &generator)
    }
  }

  /// The one place at which the values split, or the two ends of a segment that differs from what is around
  /// it; neither, if it may be chance.
  private func split(_ values: [Double], using generator: inout SeededGenerator) -> [Int] {
    let energy = EnergyStatistic(values, shortest: shortest)
    guard let best = energy.best() else { return [] }
    if energy.pValue(
      of: best, level: windowLevel, permutations: permutations, using: &generator)
      <= windowLevel
    {
      return [best.index]
    }
    let segments = SegmentStatistic(values, shortest: shortest)
    guard
      let inner = segments.best(),
      segments.pValue(
        of: inner, level: segmentLevel, permutations: segmentPermutations, using: &generator)
        <= segmentLevel,
      isClear(inner.range, of: values)
    else { return [] }
    return [inner.range.lowerBound, inner.range.upperBound]
  }

  /// Whether a segment lies further from the levels to its sides than chance and nights that resemble their
  /// neighbours would take it.
  private func isClear(_ segment: Range<Int>, of values: [Double]) -> Bool {
    let stretches = [
      values[..<segment.lowerBound], values[segment], values[segment.upperBound...],
    ].map(Array.init)
    let levels = stretches.map { Quantile.median($0) ?? .nan }
    let sizes = [abs(levels[1] - levels[0]), abs(levels[1] - levels[2])]
    guard sizes.allSatisfy(\.isFinite) else {
      return stretches[1].count { $0.isFinite == levels[1].isFinite } >= shortest
    }
    let residuals = zip(stretches, levels).flatMap { stretch, level in
      stretch.map { abs($0 - level) }
    }
    guard (sizes.min() ?? 0) >= segmentInNoise * NoiseScale.deviation(residuals) else {
      return false
    }
    // Four slow nights and one as before are five, and no level.
    let own = stretches[1].count { value in
      abs(value - levels[1]) < min(abs(value - levels[0]), abs(value - levels[2]))
    }
    return own >= shortest
  }
}
