import Statistics
import Testing

@Suite("Fisher's exact test")
struct FisherExactTests {
  // scipy.stats.fisher_exact([[a, n − a], [b, m − b]]) of SciPy 1.17.1; the fourth row is Fisher's tea.
  @Test(
    "agrees with SciPy",
    arguments: [
      ((20, 20), (12, 20), 0.003276003276003276), ((10, 10), (5, 10), 0.032507739938080496),
      ((10, 10), (3, 10), 0.0030959752321981426), ((3, 4), (1, 4), 0.48571428571428565),
      ((8, 10), (1, 6), 0.034965034965034975), ((200, 200), (190, 200), 0.0017405177544899558),
      ((7, 10), (9, 10), 0.5820433436532508), ((10, 10), (10, 10), 1),
      ((0, 5), (5, 5), 0.007936507936507938), ((1, 10), (11, 14), 0.0027594561852200836),
      ((0, 0), (3, 5), 1),
    ] as [((Int, Int), (Int, Int), Double)])
  func referenceValues(first: (Int, Int), second: (Int, Int), expected: Double) {
    let p = FisherExact.pValue(
      successes: first.0, of: first.1, against: second.0, of: second.1)
    #expect(abs(p - expected) < 1e-12)
  }
}
