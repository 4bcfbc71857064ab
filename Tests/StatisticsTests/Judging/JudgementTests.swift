import Foundation
import Statistics
import Testing

@Suite("Judgement")
struct JudgementTests {
  /// Times around a second with a spread of about 1 %, the same each time.
  static func steady(_ count: Int, times factor: Double = 1, seed: UInt64 = 1) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in factor * (0.98 + 0.04 * generator.unit()) }
  }

  static func sample(
    _ count: Int, times factor: Double = 1, seed: UInt64 = 2, timedOut: Int = 0, failed: Int = 0
  ) -> CensoredSample {
    CensoredSample(
      served: steady(count, times: factor, seed: seed),
      timedOut: [Double](repeating: 60, count: timedOut), failed: failed)
  }

  @Test(
    "says what two samples show",
    arguments: [
      (sample(10, times: 1.1), .regression),
      (sample(10, times: 0.9), .improvement),
      (sample(10), .equivalent),
      (sample(10, times: 1.03), .equivalent),
      // Around the margin nothing is sure.
      (sample(10, times: 1.045), .inconclusive(.undecided)),
      (sample(5, times: 1.3), .regression),
      (sample(3, times: 1.3), .inconclusive(.tooFew)),
      (sample(1, times: 3), .inconclusive(.tooFew)),
      (sample(0), .inconclusive(.noSamples)),
      (sample(0, timedOut: 10), .regression),
      (sample(0, failed: 10), .regression),
      (sample(3, timedOut: 7), .regression),
      // A rate that isn't surely lower isn't equivalent either.
      (sample(8, timedOut: 1, failed: 1), .inconclusive(.undecided)),
      (CensoredSample(served: steady(10) + [-1]), .inconclusive(.unusable)),
      (CensoredSample(served: [.nan]), .inconclusive(.unusable)),
      (CensoredSample(served: [.infinity]), .inconclusive(.unusable)),
      (CensoredSample(served: [Double](repeating: 0, count: 10)), .improvement),
    ] as [(CensoredSample, Judgement.Verdict)])
  func verdicts(head: CensoredSample, expected: Judgement.Verdict) {
    let base = CensoredSample(served: Self.steady(10))
    #expect(Judgement.unpaired(head: head, base: base).verdict == expected)
    let mirrored: Judgement.Verdict =
      switch expected {
      case .regression: .improvement
      case .improvement: .regression
      default: expected
      }
    #expect(Judgement.unpaired(head: base, base: head).verdict == mirrored)
  }

  @Test("judges degenerate sides without a trap")
  func degenerate() {
    let none = CensoredSample(served: [])
    let never = Self.sample(0, timedOut: 10)
    let zeros = CensoredSample(served: [Double](repeating: 0, count: 10))
    let same = CensoredSample(served: [Double](repeating: 0.25, count: 10))
    func verdict(_ head: CensoredSample, _ base: CensoredSample) -> Judgement.Verdict {
      Judgement.unpaired(head: head, base: base).verdict
    }
    #expect(verdict(none, none) == .inconclusive(.noSamples))
    #expect(verdict(never, never) == .inconclusive(.nothingServed))
    #expect(verdict(zeros, zeros) == .equivalent)
    #expect(verdict(same, same) == .equivalent)
    #expect(Judgement.paired([]).verdict == .inconclusive(.noSamples))
    let lost = [(head: Double, base: Double)](repeating: (.infinity, .infinity), count: 10)
    #expect(Judgement.paired(lost).verdict == .inconclusive(.nothingServed))
    #expect(Judgement.paired([(1, 1)]).verdict == .inconclusive(.tooFew))
    #expect(Judgement.paired([(-1, 1)]).verdict == .inconclusive(.unusable))
  }

  @Test("takes pairs as pairs: what both share doesn't hide a change")
  func paired() {
    let base = Self.steady(10).enumerated().map { $1 * pow(1.3, Double($0)) }
    let head = base.enumerated().map { $1 * (1.08 + 0.002 * Double($0 % 5)) }
    let pairs = zip(head, base).map { (head: $0, base: $1) }
    let judgement = Judgement.paired(pairs)
    #expect(judgement.verdict == .regression)
    #expect(judgement.ratio?.pairs == 10)
    let apart = Judgement.unpaired(
      head: CensoredSample(served: head), base: CensoredSample(served: base))
    #expect(apart.verdict == .inconclusive(.undecided))
  }

  @Test("a change within the machine's noise is no alarm, and more iterations won't help")
  func noise() {
    let base = CensoredSample(served: Self.steady(20))
    let head = Self.sample(20, times: 1.1)
    let judgement = Judgement.unpaired(head: head, base: base, rule: JudgementRule(noise: 0.15))
    #expect(judgement.verdict == .inconclusive(.withinNoise))
    #expect(judgement.moreIterations == nil)
    #expect(
      Judgement.unpaired(head: head, base: base, rule: JudgementRule(noise: 0.08)).verdict
        == .regression)
  }

  @Test("a success rate that fell is a regression even if what is served is faster")
  func success() {
    let base = CensoredSample(served: Self.steady(20))
    let head = Self.sample(10, times: 0.5, failed: 10)
    let judgement = Judgement.unpaired(head: head, base: base)
    #expect(judgement.verdict == .regression)
    // scipy.stats.fisher_exact([[20, 0], [10, 10]]) of SciPy 1.17.1.
    #expect(abs((judgement.successPValue ?? 1) - 0.00043591979075850045) < 1e-12)
  }

  @Test("many cells together take more than one alone")
  func together() {
    let base = CensoredSample(served: Self.steady(6))
    let alarm = Judgement.unpaired(head: Self.sample(6, times: 1.2), base: base)
    #expect(alarm.verdict == .regression)
    let calm = Judgement.unpaired(head: Self.sample(6), base: base)
    let few = Judgement.together([alarm] + [Judgement](repeating: calm, count: 9))
    #expect(few[0].verdict == .regression)
    // Complete separation of 6 and 6 has p = 1/462: 30 times that is above 0.05.
    let many = Judgement.together([alarm] + [Judgement](repeating: calm, count: 29))
    #expect(many[0].verdict == .inconclusive(.amongMany))
    #expect(many[0].moreIterations == 1)
    let empty = Judgement.unpaired(head: CensoredSample(served: []), base: base)
    let idle = Judgement.together([alarm] + [Judgement](repeating: empty, count: 29))
    #expect(idle[0].verdict == .regression)
    #expect(idle[1].verdict == .inconclusive(.noSamples))
    #expect(Judgement.together([]) == [])
    #expect(Judgement.together([alarm]) == [alarm])
  }

  @Test("knows with how few iterations no alarm is possible")
  func fewest() {
    #expect(JudgementRule().fewestForAlarm(isPaired: false) == 6)
    #expect(JudgementRule().fewestForAlarm(isPaired: true) == 9)
  }

  @Test("tells about how many more iterations would decide")
  func more() throws {
    func noisy(_ count: Int, _ factor: Double) -> CensoredSample {
      CensoredSample(served: (0..<count).map { factor * (0.7 + 0.6 * Double($0) / 19) })
    }
    let judgement = Judgement.unpaired(head: noisy(20, 1.12), base: noisy(20, 1))
    let more = try #require(judgement.moreIterations)
    #expect(judgement.verdict == .inconclusive(.undecided))
    // Normal theory: σ of the logarithms 0.18, (2.81 + 0.84)² · 2σ² / log(1.12)² = 67 a side.
    #expect((40...80).contains(more))
    // With one iteration nothing is known of the spread: as many as an alarm takes at least.
    let one = CensoredSample(served: [1])
    #expect(Judgement.unpaired(head: one, base: one).moreIterations == 5)
    #expect(Judgement.paired([(1, 1)]).moreIterations == 5)
    let decided = Judgement.unpaired(head: noisy(20, 9), base: noisy(20, 1))
    #expect(decided.moreIterations == nil)
  }
}
