/// Finds the changes of level in a history, such as the medians of a cell, a night each.
///
/// 1. Windows that overlap by a half are split by E-divisive (`EnergyStatistic`): the best split, if a
///    permutation test says that it isn't chance, then each side again.
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
  /// Of the permutation test in a window.
  package var windowLevel = 0.01
  package var permutations = 99
  /// Of the test between two levels, divided by the number of half windows.
  package var level = 0.005
  /// The least change, in standard deviations of the noise around the levels.
  package var leastInNoise = 2.0
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
    let energy = EnergyStatistic(Array(values), shortest: shortest)
    guard let best = energy.best() else { return }
    let p = energy.pValue(
      of: best, level: windowLevel, permutations: permutations, using: &generator)
    guard p <= windowLevel else { return }
    let index = values.startIndex + best.index
    found.insert(index)
    split(values[..<index], into: &found, using: &generator)
    split(values[index...], into: &found, using: &generator)
  }
}
