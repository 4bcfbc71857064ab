import Foundation
import Statistics
import Testing

@Suite("Calibration")
struct CalibrationTests {
  /// Normal log ratios.
  static func logRatios(_ count: Int, deviation: Double, seed: UInt64 = 3) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      let radius = (-2 * log(1 - generator.unit())).squareRoot()
      return deviation * radius * cos(2 * .pi * generator.unit())
    }
  }

  @Test("agrees with normal theory where the noise is normal", arguments: [0.02, 0.08, 0.3])
  func normal(deviation: Double) throws {
    var generator = SeededGenerator(seed: 4)
    let calibration = try #require(
      Calibration(
        logRatios: Self.logRatios(400, deviation: deviation), iterations: 20, resamples: 600,
        using: &generator))
    #expect(calibration.falseAlarmRate <= 0.01)
    let rule = JudgementRule(noise: calibration.noise)
    let theory = NormalTheory.detectableRatio(
      deviation: deviation, iterations: 20, isPaired: true, rule: rule)
    let found = log(1 + (try #require(calibration.minimumDetectable)))
    // Ranks, and not knowing the spread, cost some power with 20 pairs.
    #expect((0.9...1.25).contains(found / log(theory)))
    // 2.58 standard errors.
    #expect(abs(log(1 + calibration.noise) / (2.58 * deviation / 20.0.squareRoot()) - 1) < 0.15)
    #expect(calibration.bias?.interval?.contains(1) == true)
  }

  @Test("says when the sides weren't treated alike")
  func bias() throws {
    var generator = SeededGenerator(seed: 4)
    let ratios = Self.logRatios(40, deviation: 0.02).map { $0 + 0.1 }
    let calibration = try #require(
      Calibration(logRatios: ratios, iterations: 10, resamples: 200, using: &generator))
    #expect(try #require(calibration.bias?.interval).low > 1.05)
  }

  @Test("with too few iterations nothing can be detected")
  func tooFew() {
    var generator = SeededGenerator(seed: 4)
    let ratios = Self.logRatios(40, deviation: 0.02)
    let calibration = Calibration(
      logRatios: ratios, iterations: 8, resamples: 100, using: &generator)
    #expect(calibration?.minimumDetectable == nil)
    #expect(calibration?.falseAlarmRate == 0)
  }

  @Test("of a machine without any noise detects what exceeds the margin")
  func noiseless() throws {
    var generator = SeededGenerator(seed: 4)
    let calibration = try #require(
      Calibration(
        logRatios: [Double](repeating: 0, count: 20), iterations: 10, resamples: 100,
        using: &generator))
    #expect(calibration.noise == 0)
    #expect(abs(try #require(calibration.minimumDetectable) - 0.05) < 1e-12)
  }

  @Test("is nil for too little and for what isn't finite")
  func none() {
    var generator = SeededGenerator(seed: 4)
    #expect(Calibration(logRatios: [0.1], iterations: 10, using: &generator) == nil)
    let broken = [Double](repeating: .infinity, count: 20)
    #expect(Calibration(logRatios: broken, iterations: 10, using: &generator) == nil)
    #expect(
      Calibration(logRatios: Self.logRatios(20, deviation: 1), iterations: 0, using: &generator)
        == nil)
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
