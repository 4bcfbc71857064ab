import Testing

@testable import Statistics

@Suite("Normal distribution")
struct NormalDistributionTests {
  // scipy.stats.norm.ppf of SciPy 1.17.1.
  @Test(
    "quantiles agree with SciPy",
    arguments: [
      (1e-12, -7.034483825301131), (0.0025, -2.8070337683438042), (0.02, -2.053748910631823),
      (0.025, -1.9599639845400545), (0.3, -0.5244005127080409), (0.5, 0),
      (0.8, 0.8416212335729143), (0.975, 1.959963984540054), (0.9999, 3.719016485455709),
    ])
  func quantiles(p: Double, expected: Double) {
    #expect(abs(NormalDistribution.quantile(p) - expected) < 1e-9)
  }

  // scipy.stats.norm.sf of SciPy 1.17.1.
  @Test(
    "upper tails agree with SciPy",
    arguments: [
      (-1, 0.8413447460685429), (0, 0.5), (1.96, 0.024997895148220435), (6, 9.865876450376946e-10),
      (10, 7.61985302416047e-24),
    ])
  func tails(z: Double, expected: Double) {
    #expect(abs(NormalDistribution.upperTail(z) / expected - 1) < 1e-12)
  }
}
