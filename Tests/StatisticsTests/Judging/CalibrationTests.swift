import Foundation
import Statistics
import Testing

@Suite("Calibration")
struct CalibrationTests {
  /// Around a second with a normal spread of the logarithms; the second side `factor` times as long.
  static func blocks(
    _ count: Int, deviation: Double, factor: Double = 1
  ) -> [(first: Double, second: Double)] {
    var generator = SeededGenerator(seed: 3)
    func time() -> Double {
      let radius = (-2 * log(1 - generator.unit())).squareRoot()
      return exp(deviation * radius * cos(2 * .pi * generator.unit()))
    }
    return (0..<count).map { _ in (time(), factor * time()) }
  }

  static func calibration(
    _ blocks: [(first: Double, second: Double)], iterations: Int = 20, resamples: Int = 60
  ) -> Calibration? {
    var generator = SeededGenerator(seed: 4)
    return Calibration(
      blocks: blocks, iterations: iterations, resamples: resamples, using: &generator)
  }

  @Test("agrees with normal theory where the noise is normal", arguments: [0.02, 0.08, 0.3])
  func normal(deviation: Double) throws {
    let calibration = try #require(
      Self.calibration(Self.blocks(300, deviation: deviation), resamples: 400))
    #expect(calibration.falseAlarmRate <= 0.01)
    #expect(calibration.blocks == 300)
    let theory = NormalTheory.detectableRatio(
      deviation: deviation, iterations: 20, isPaired: false,
      rule: JudgementRule(noise: calibration.noise))
    let found = log(1 + (try #require(calibration.minimumDetectable)))
    // Ranks, and not knowing the spread, cost some power with 20 iterations.
    #expect((0.9...1.2).contains(found / log(theory)))
    // 99 in 100 lie within 2.58 standard errors.
    let noise = log(1 + calibration.noise) / (2.58 * deviation / 10.0.squareRoot())
    #expect((0.8...1.25).contains(noise))
    #expect(calibration.bias?.interval?.contains(1) == true)
  }

  @Test("what blocks share is no noise")
  func shared() throws {
    let blocks = Self.blocks(60, deviation: 0.01).enumerated().map { place, block in
      let level = 1 + 0.1 * Double(place % 10)
      return (first: level * block.first, second: level * block.second)
    }
    let calibration = try #require(Self.calibration(blocks))
    #expect(try #require(calibration.minimumDetectable) < 0.08)
  }

  @Test("says when the sides weren't treated alike")
  func bias() throws {
    let blocks = Self.blocks(40, deviation: 0.02, factor: 1.1)
    #expect(try #require(Self.calibration(blocks)?.bias?.interval).low > 1.05)
  }

  @Test("with too few iterations nothing can be detected")
  func tooFew() {
    let calibration = Self.calibration(Self.blocks(40, deviation: 0.02), iterations: 5)
    #expect(calibration?.minimumDetectable == nil)
    #expect(calibration?.falseAlarmRate == 0)
  }

  @Test("of a machine without any noise detects what exceeds the margin")
  func noiseless() throws {
    let blocks = [(first: Double, second: Double)](repeating: (0.3, 0.3), count: 20)
    let calibration = try #require(Self.calibration(blocks))
    #expect(calibration.noise == 0)
    #expect(abs(try #require(calibration.minimumDetectable) - 0.05) < 1e-12)
  }

  @Test("uses the blocks that were served on both sides, and is nil for too few")
  func unserved() {
    let lost = [(first: 1.0, second: Double.infinity), (0, 1), (.nan, 1), (-1, 1)]
    #expect(Self.calibration(Self.blocks(12, deviation: 0.1) + lost)?.blocks == 12)
    #expect(Self.calibration(Self.blocks(9, deviation: 0.1) + lost) == nil)
    #expect(Self.calibration(Self.blocks(20, deviation: 0.1), iterations: 0) == nil)
    #expect(Self.calibration([]) == nil)
  }

  // By scipy.stats.norm of SciPy 1.17.1: cdf((log 1.1 − max(2.807034 s, log 1.05)) / s) with
  // s = σ √(2/20) or σ √(1/20).
  @Test(
    "normal theory gives the power of the rule",
    arguments: [
      (0.02, false, 1), (0.02, true, 1), (0.05, false, 0.998370469567),
      (0.05, true, 0.999984148588), (0.07, false, 0.933016639329), (0.07, true, 0.998520930502),
      (0.1, false, 0.581971155466), (0.1, true, 0.927216163543), (0.3, false, 0.0357431138033),
      (0.3, true, 0.0828378083935),
    ] as [(Double, Bool, Double)])
  func power(deviation: Double, isPaired: Bool, expected: Double) {
    let power = NormalTheory.power(
      ratio: 1.1, deviation: deviation, iterations: 20, isPaired: isPaired)
    #expect(abs(power - expected) < 1e-9)
  }

  // By Noether's formula with scipy.stats.norm of SciPy 1.17.1.
  @Test(
    "rank theory gives the power of the rule",
    arguments: [
      (0.5, 0.5, 20, 0.0025), (0.9, 0.8, 20, 0.942342537193), (0.9, 0.55, 20, 0.708058789615),
      (0.75, 0.7, 100, 0.999544547826), (1, 1, 10, 0.856776782155),
    ] as [(Double, Double, Int, Double)])
  func rankPower(exceeding: Double, threshold: Double, iterations: Int, expected: Double) {
    let power = NormalTheory.rankPower(
      exceeding: exceeding, exceedingThreshold: threshold, iterations: iterations)
    #expect(abs(power - expected) < 1e-9)
  }
}
