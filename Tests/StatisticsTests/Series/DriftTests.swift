import Statistics
import Testing

@Suite("Drift")
struct DriftTests {
  static let ties: [Double] = [1, 1, 2, 2, 2, 3, 3, 1, 4, 4]

  // pymannkendall.original_test of pymannkendall 1.4.3: s, p.
  @Test(
    "Mann-Kendall agrees with the reference",
    arguments: [
      (QuantileTests.reload, 7, 0.5915050369949166),
      (ChangePointsTests.nile, -1387, 3.658262921657496e-05),
      (ties, 27, 0.015626875441408172), ((0..<12).map(Double.init), 66, 8.303107353668793e-06),
    ] as [([Double], Int, Double)])
  func mannKendall(values: [Double], s: Int, p: Double) throws {
    let test = try #require(MannKendall(x: values.indices.map(Double.init), y: values))
    #expect(test.s == s)
    #expect(abs(test.pValue - p) < 1e-9)
  }

  // scipy.stats.theilslopes(y, x, method="separate") of SciPy 1.17.1, with a gap of five after the
  // fifth point: slope, intercept, ends of the slope's interval.
  @Test(
    "Theil-Sen agrees with SciPy",
    arguments: [
      (
        QuantileTests.reload,
        [0.013846153846153841, 0.47807692307692307, -0.053333333333333344, 0.06333333333333334]
      ),
      (
        ChangePointsTests.nile,
        [-2.57144723092999, 1033.6438740856845, -3.586206896551724, -1.423728813559322]
      ),
      (ties, [0.18181818181818182, 0.7272727272727273, 0, 0.25]),
      ((0..<12).map(Double.init), [0.6666666666666666, -1.5, 0.5454545454545454, 1]),
    ])
  func theilSen(values: [Double], expected: [Double]) throws {
    let x = values.indices.map { Double($0 > 4 ? $0 + 5 : $0) }
    let line = try #require(TheilSen(x: x, y: values))
    let interval = try #require(line.interval)
    for (value, reference) in zip(
      [line.slope, line.intercept, interval.low, interval.high], expected)
    {
      #expect(abs(value - reference) < 1e-10 * max(1, abs(reference)))
    }
  }

  @Test("finds a slow rise, over real days with gaps")
  func rise() throws {
    let days = (0..<120).map { Double($0 < 60 ? $0 : $0 + 30) }
    let values = zip(ChangePointsTests.history(120), days).map { $0 * (1 + 0.001 * $1) }
    let drift = try #require(Drift(values, at: days))
    #expect(drift.isReportable())
    #expect(abs(drift.slope - 0.001) < 0.000_1)
    #expect(try #require(drift.slopeInterval).contains(0.001))
    #expect(abs(drift.relativeChange - 0.149) < 0.01)
  }

  @Test("a step isn't a drift")
  func step() throws {
    let values = ChangePointsTests.history(120, steps: [(60, 1.2)])
    let days = values.indices.map(Double.init)
    let changes = ChangePoints().find(in: values)
    let drift = try #require(Drift(values, at: days, after: changes))
    #expect(drift.start == 60)
    #expect(!drift.isReportable())
    // Without the change point it would be taken for one.
    #expect(try #require(Drift(values, at: days)).isReportable())
  }

  @Test("is found in five years as well")
  func long() throws {
    let values = ChangePointsTests.history(1_825).enumerated().map {
      $1 * (1 + 0.1 * Double($0) / 1_825)
    }
    let drift = try #require(Drift(values, at: values.indices.map(Double.init)))
    #expect(drift.isReportable())
    #expect(abs(drift.relativeChange - 0.1) < 0.01)
  }

  @Test("is nil for too little, for one day only, and for what isn't finite")
  func none() {
    let days = (0..<10).map(Double.init)
    #expect(Drift([], at: []) == nil)
    #expect(Drift([1, 2, 3], at: [1, 2, 3]) == nil)
    #expect(Drift(days, at: [Double](repeating: 1, count: 10)) == nil)
    #expect(Drift(days.map { $0 == 3 ? .infinity : $0 }, at: days) == nil)
    #expect(Drift(days, at: [1, 2]) == nil)
    #expect(Drift([Double](repeating: 2, count: 10), at: days)?.pValue == 1)
  }
}
