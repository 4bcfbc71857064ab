import Statistics
import Testing

@Suite("Kaplan-Meier")
struct KaplanMeierTests {
  /// Weeks of remission under 6-MP: Freireich and others, Blood 21, 1963.
  static let remission = CensoredSample(
    served: [6, 6, 6, 7, 10, 13, 16, 22, 23],
    timedOut: [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35])
  /// Acute myelogenous leukaemia: the `aml` data of R's survival package, maintained or not.
  static let maintained = CensoredSample(
    served: [9, 13, 18, 23, 31, 34, 48], timedOut: [13, 28, 45, 161])
  static let unmaintained = CensoredSample(
    served: [5, 5, 8, 8, 12, 23, 27, 30, 33, 43, 45], timedOut: [16])

  // Published with the data, and scipy.stats.ecdf(CensoredData(…)).sf of SciPy 1.17.1.
  @Test("has the published curve")
  func curve() throws {
    let curve = try #require(KaplanMeier(Self.remission))
    let expected: [(Double, Int, Double)] = [
      (6, 21, 0.857143), (7, 17, 0.806723), (10, 15, 0.752941), (13, 12, 0.690196),
      (16, 11, 0.627451), (22, 7, 0.537815), (23, 6, 0.448179),
    ]
    #expect(curve.steps.map(\.time) == expected.map(\.0))
    #expect(curve.steps.map(\.atRisk) == expected.map(\.1))
    for (step, reference) in zip(curve.steps, expected) {
      #expect(abs(step.unserved - reference.2) < 1e-6)
    }
    #expect(curve.unserved(after: 5.9) == 1)
    #expect(abs(try #require(curve.unserved(after: 35)) - 0.448179) < 1e-6)
    #expect(curve.unserved(after: 35.1) == nil)
  }

  // Medians as printed by R's survfit for these data: 23, 31 and 23.
  @Test(
    "has the published medians",
    arguments: [(remission, 23), (maintained, 31), (unmaintained, 23)]
      as [(CensoredSample, Double)])
  func medians(sample: CensoredSample, median: Double) throws {
    #expect(try #require(KaplanMeier(sample)).quantile(0.5) == .reached(median))
  }

  @Test(
    "a quantile that time-outs or failures hide isn't reached",
    arguments: [
      (CensoredSample(served: [1, 2, 3, 4]), 0.5, .reached(2.5)),
      (CensoredSample(served: [1, 2, 3]), 0.5, .reached(2)),
      (CensoredSample(served: [1, 2, 3]), 1, .reached(3)),
      (CensoredSample(served: [1, 2], timedOut: [60, 60]), 0.5, .reached(2)),
      (CensoredSample(served: [1], timedOut: [60, 60]), 0.5, .beyond(60)),
      (CensoredSample(served: [1], failed: 2), 0.5, .beyond(.infinity)),
      (CensoredSample(served: [1], timedOut: [60], failed: 1), 0.5, .beyond(60)),
      (CensoredSample(served: [], timedOut: [30, 60]), 0.1, .beyond(60)),
      (CensoredSample(served: [], failed: 3), 0.1, .beyond(.infinity)),
      (CensoredSample(served: [1, 2, 3, 4, 5, 6, 7, 8, 9], failed: 1), 0.95, .beyond(.infinity)),
      (CensoredSample(served: [0, 0, 0]), 0.5, .reached(0)),
    ] as [(CensoredSample, Double, KaplanMeier.Quantile)])
  func quantiles(sample: CensoredSample, p: Double, expected: KaplanMeier.Quantile) throws {
    #expect(try #require(KaplanMeier(sample)).quantile(p) == expected)
  }

  @Test("without censoring the median is the usual one")
  func uncensored() throws {
    var generator = SeededGenerator(seed: 12)
    for count in 1...40 {
      let values = (0..<count).map { _ in generator.unit() }
      let median = try #require(KaplanMeier(CensoredSample(served: values))).quantile(0.5)
      guard case .reached(let value) = median, let usual = Quantile.median(values) else {
        Issue.record("\(count) values have a median")
        continue
      }
      #expect(abs(value - usual) < 1e-12)
    }
  }

  @Test(
    "is nil without iterations and with what isn't a time",
    arguments: [
      CensoredSample(served: []), CensoredSample(served: [-1]), CensoredSample(served: [.nan]),
      CensoredSample(served: [1], timedOut: [.infinity]),
    ])
  func meaningless(sample: CensoredSample) {
    #expect(KaplanMeier(sample) == nil)
  }
}
