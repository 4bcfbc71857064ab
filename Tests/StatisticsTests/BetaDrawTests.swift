import Testing

@testable import Statistics

struct BetaDrawTests {
  /// Mean a / (a + b) and variance ab / ((a + b)² (a + b + 1)), as any textbook has them.
  static let shapes: [(a: Double, b: Double)] = [
    (0.5, 0.5), (3.5, 0.5), (0.5, 6.5), (2, 2), (12.5, 3.5), (0.8, 40),
  ]

  @Test(arguments: shapes) func `drawn numbers have the distribution's mean and variance`(
    _ a: Double, _ b: Double
  ) {
    var generator = SeededGenerator(seed: 7)
    let drawn = (0..<20_000).map { _ in generator.beta(a, b) }
    #expect(drawn.allSatisfy { (0...1).contains($0) })
    let mean = drawn.reduce(0, +) / Double(drawn.count)
    let variance = drawn.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(drawn.count - 1)
    let expected = a * b / ((a + b) * (a + b) * (a + b + 1))
    #expect(abs(mean - a / (a + b)) < 4 * (expected / Double(drawn.count)).squareRoot())
    #expect(abs(variance / expected - 1) < 0.05)
  }

  /// Ends of Jeffreys' 95 % interval, as scipy 1.17.1's `beta.ppf` gives them.
  static let quantiles: [(successes: Double, attempts: Double, low: Double, high: Double)] = [
    (6, 6, 0.6696, 0.9999), (3, 6, 0.1668, 0.8332), (0, 3, 0.0002, 0.5356),
  ]

  @Test(arguments: quantiles) func `all or none leave a spread`(
    _ successes: Double, _ attempts: Double, _ low: Double, _ high: Double
  ) throws {
    var generator = SeededGenerator(seed: 11)
    let drawn = (0..<20_000).map { _ in generator.share(successes: successes, of: attempts) }
    #expect(abs(try #require(Quantile.r7(drawn, 0.025)) - low) < 0.01)
    #expect(abs(try #require(Quantile.r7(drawn, 0.975)) - high) < 0.01)
  }

  @Test func `the same seed draws the same`() {
    var one = SeededGenerator(seed: 3)
    var other = SeededGenerator(seed: 3)
    for _ in 0..<50 { #expect(one.beta(1.5, 0.5) == other.beta(1.5, 0.5)) }
  }
}
