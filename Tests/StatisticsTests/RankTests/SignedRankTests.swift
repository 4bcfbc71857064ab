import Statistics
import Testing

@Suite("Signed rank")
struct SignedRankTests {
  /// Differences of Hamilton's depression scale factor, table 3.1 of Hollander and Wolfe.
  static let hamilton = [0.952, -0.147, 1.022, 0.43, 0.62, 0.59, 0.49, -0.08, 0.01]

  // scipy.stats.wilcoxon(d, method="exact") of SciPy 1.17.1; the first p is also the book's 0.039.
  @Test(
    "is exact",
    arguments: [
      (hamilton, 40, 0.0390625),
      ([1, 2, 3, 4, 5, 6], 21, 0.03125),
      ([-1, 2, -3, 4, -5, 6, 7, 8, 9, 10], 46, 0.064453125),
    ] as [([Double], Double, Double)])
  func exact(differences: [Double], w: Double, p: Double) throws {
    let test = try #require(SignedRank.test(differences))
    #expect(test.w == w)
    #expect(abs(test.pValue - p) < 1e-14)
  }

  // All changes of sign, by itertools.product of Python 3.11 over scipy.stats.rankdata.
  @Test(
    "is exact with ties, and leaves out zeros",
    arguments: [
      ([1, 1, -1, 2, 2], 13, 0.25, 5), ([0, 0, 1, 1, 2, -2, 3], 11.5, 0.375, 5),
      ([5, 5, 5, 5, 5, 5, 5], 28, 0.015625, 7), ([0, 0], 0, 1, 0),
      ([.infinity, .infinity, 1, 1, 1, -2], 17, 0.25, 6),
    ] as [([Double], Double, Double, Int)])
  func ties(differences: [Double], w: Double, p: Double, count: Int) throws {
    let test = try #require(SignedRank.test(differences))
    #expect(test.w == w)
    #expect(abs(test.pValue - p) < 1e-14)
    #expect(test.count == count)
  }

  // scipy.stats.wilcoxon(d, method="asymptotic", correction=True) of SciPy 1.17.1.
  @Test("is approximate for many")
  func normal() throws {
    let differences = (0..<150).map { Double($0 * 37 % 151) - 70 }.filter { $0 != 0 }
    let test = try #require(SignedRank.test(differences))
    #expect(test.count == 149)
    #expect(test.w == 6266.5)
    #expect(abs(test.pValue - 0.19849796695046595) < 1e-12)
  }

  @Test("is nil without differences and with a NaN", arguments: [[], [1, .nan]])
  func meaningless(differences: [Double]) {
    #expect(SignedRank.test(differences) == nil)
  }
}
