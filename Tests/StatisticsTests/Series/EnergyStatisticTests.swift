import Testing

@testable import Statistics

@Suite("Energy statistic")
struct EnergyStatisticTests {
  // Equations (5) and (6) of Matteson and James with exponent 1, over 2 · scipy.stats.rankdata (SciPy
  // 1.17.1), every split tried.
  @Test(
    "finds the split and the value that the definition gives",
    arguments: [
      ([1, 2, 3, 4, 10, 11, 12, 13], 2, 4, 18.666666666666664),
      ([1, 2, 1, 2, 1, 2, 5, 6, 5, 6], 3, 6, 32.96),
      ([3, 1, 2, 5, 4, 100, 6, 2, 1, 3, 7, 2], 2, 3, 3.958333333333334),
      ([1, 1, 1, 1], 2, 2, 0), (QuantileTests.reload, 3, 4, -3.36),
      (ChangePointsTests.nile, 5, 28, 1577.1740845070426),
    ] as [([Double], Int, Int, Double)])
  func referenceValues(values: [Double], shortest: Int, index: Int, statistic: Double) throws {
    let split = try #require(EnergyStatistic(values, shortest: shortest).best())
    #expect(split.index == index)
    #expect(abs(split.statistic - statistic) < 1e-9 * max(1, statistic))
  }

  @Test("has no split of what is too short", arguments: [[], [1], [1, 2, 3]])
  func short(values: [Double]) {
    #expect(EnergyStatistic(values, shortest: 2).best() == nil)
  }

  @Test("its p is as uniform as the permutations make it, where nothing changed")
  func uniform() throws {
    var generator = SeededGenerator(seed: 21)
    var small = 0
    for _ in 0..<300 {
      let energy = EnergyStatistic((0..<20).map { _ in generator.unit() }, shortest: 5)
      let best = try #require(energy.best())
      let p = energy.pValue(of: best, level: 0.1, permutations: 99, using: &generator)
      if p <= 0.1 { small += 1 }
    }
    // Four standard deviations of Binomial(300, 0.1) are 21.
    #expect((9...51).contains(small))
  }
}
