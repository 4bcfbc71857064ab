import Foundation
import Statistics
import Testing

@Suite("Mann-Whitney")
struct MannWhitneyTests {
  // scipy.stats.mannwhitneyu(a, b, method="exact") of SciPy 1.17.1: statistic, pvalue.
  @Test(
    "is exact for small samples",
    arguments: [
      ([1, 2, 3], [4, 5, 6], 0, 0.1),
      ([1.1, 2.2], [3.3], 0, 0.6666666666666666),
      (MedianRatioTests.restart, MedianRatioTests.reload, 30, 0.143140141592154),
      ([19, 22, 16, 29, 24], [20, 11, 17, 12], 17, 0.1111111111111111),
    ] as [([Double], [Double], Double, Double)])
  func exact(first: [Double], second: [Double], u: Double, p: Double) throws {
    let test = try #require(MannWhitney.test(first, second))
    #expect(test.method == .exact)
    #expect(test.u == u)
    #expect(abs(test.pValue - p) < 1e-12)
  }

  // Every way to share out the mid-ranks, by itertools.combinations of Python 3.11 over
  // scipy.stats.rankdata of SciPy 1.17.1; twice the smaller tail.
  @Test(
    "is exact with ties and with values that weren't reached",
    arguments: [
      ([1, 1, 2], [2, 3, 3], 0.5, 0.2),
      ([1, 2, 2, 3, 5], [2, 2, 4], 7, 1),
      ([0.5, 0.5, 0.5], [0.5, 0.5], 3, 1),
      ([1, 2, 3, .infinity, .infinity], [1, 1, 2, 2, .infinity], 17, 0.4523809523809524),
      ([5, 5, 5, 6, 7, 7], [4, 5, 5, 5, 6, 6], 24.5, 0.3463203463203463),
    ] as [([Double], [Double], Double, Double)])
  func ties(first: [Double], second: [Double], u: Double, p: Double) throws {
    let test = try #require(MannWhitney.test(first, second))
    #expect(test.u == u)
    #expect(abs(test.pValue - p) < 1e-12)
  }

  // scipy.stats.mannwhitneyu(a, b, method="asymptotic") of SciPy 1.17.1.
  @Test("is approximate beyond, with the corrections for ties and continuity")
  func normal() throws {
    let tied = try #require(
      MannWhitney.test(
        scattered(40, step: 37, modulo: 7), scattered(45, step: 53, modulo: 8)))
    #expect(tied.method == .normal)
    #expect(tied.u == 774.5)
    #expect(abs(tied.pValue - 0.2670338158943608) < 1e-12)
    let spread = try #require(
      MannWhitney.test(
        scattered(40, step: 37, modulo: 101), scattered(45, step: 53, modulo: 89)))
    #expect(spread.u == 1026)
    #expect(abs(spread.pValue - 0.269132259826915) < 1e-12)
  }

  /// 0, step, 2 · step and so on, each the remainder by the modulus.
  private func scattered(_ count: Int, step: Int, modulo: Int) -> [Double] {
    (0..<count).map { Double($0 * step % modulo) }
  }

  // The smallest p that n values on each side can show: 2 / C(2n, n).
  @Test(
    "knows how little a few values can show",
    arguments: [(4, 0.0285714), (5, 0.0079365), (7, 0.00058275), (10, 0.0000108251)])
  func smallest(count: Int, p: Double) throws {
    let low = (0..<count).map(Double.init)
    let test = MannWhitney.test(low, low.map { $0 + 100 })
    #expect(abs(try #require(test).pValue - p) < p * 1e-4)
  }

  @Test("says the same with the sides changed")
  func symmetry() throws {
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<50 {
      let first = (0...generator.uniform(below: 9)).map { _ in Double(generator.uniform(below: 6)) }
      let second = (0...generator.uniform(below: 9)).map { _ in Double(generator.uniform(below: 6))
      }
      let test = try #require(MannWhitney.test(first, second))
      let back = try #require(MannWhitney.test(second, first))
      #expect(test.u + back.u == Double(first.count * second.count))
      #expect(abs(test.pValue - back.pValue) < 1e-12)
    }
  }

  @Test("is nil without values and with a NaN", arguments: [([], [1]), ([1], []), ([1], [.nan])])
  func meaningless(first: [Double], second: [Double]) {
    #expect(MannWhitney.test(first, second) == nil)
  }
}
