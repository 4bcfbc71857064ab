import Measurement
import Statistics
import Testing

@testable import Decision

struct RankingTests {
  static let three: [WorkflowKind] = [.localNative, .localCluster, .remoteCluster]

  static func fixed(
    _ name: String, _ values: [Double?], weight: Double = 1, isShare: Bool = false
  ) -> Ranking.Candidate {
    Ranking.Candidate(
      name: name, isShare: isShare, weight: weight,
      draws: values.map { $0.map { .fixed($0) } })
  }

  // MARK: Normalising

  static let scores: [(values: [Double], isShare: Bool, scores: [Double])] = [
    ([1, 2, 4], false, [1, 0.5, 0.25]),
    ([0, 2, 4], false, [1, 0, 0]),
    ([0, 0, 4], false, [1, 1, 0]),
    ([3, 3, 3], false, [1, 1, 1]),
    ([1, .infinity, 2], false, [1, 0, 0.5]),
    ([.infinity, .infinity, .infinity], false, [0, 0, 0]),
    ([.nan, 2, 4], false, [0, 1, 0.5]),
    ([0.5, 0.9, 1], true, [0.5, 0.9, 1]),
    ([-1, 2, .nan], true, [0, 1, 0]),
  ]

  @Test(arguments: scores) func `twice as much is half as good, and a share scores itself`(
    _ values: [Double], _ isShare: Bool, _ expected: [Double]
  ) {
    #expect(RankingRow.scores(values, isShare: isShare) == expected)
  }

  @Test func `a hundredth slower scores a hundredth less, not nothing`() {
    let scores = RankingRow.scores([1, 1.01], isShare: false)
    #expect(scores[1] > 0.99)
  }

  static let floors: [(values: [Double], resolution: Double, scores: [Double])] = [
    ([0, 0.1, 0.4], 0.05, [1, 0.5, 0.125]), ([0.02, 0.04, 0.1], 0.05, [1, 1, 0.5]),
    ([0, 0, .infinity], 0.05, [1, 1, 0]), ([1, 2, 4], 0.05, [1, 0.5, 0.25]),
    ([0, .nan, 0.1], 0.05, [1, 0, 0.5]),
  ]

  @Test(arguments: floors) func `what is below the resolution counts as that much`(
    _ values: [Double], _ resolution: Double, _ expected: [Double]
  ) {
    #expect(
      RankingRow.scores(values, isShare: false, resolution: resolution) == expected)
  }

  // MARK: Known answers

  @Test func `scores are sums of weight times score`() throws {
    let ranking = Ranking(
      of: Self.three,
      by: [
        Self.fixed("time", [1, 2, 4], weight: 3),
        Self.fixed("parity", [0.5, 0.9, 1], weight: 1, isShare: true),
      ])
    // 0.75 × 1 + 0.25 × 0.5, 0.75 × 0.5 + 0.25 × 0.9, 0.75 × 0.25 + 0.25 × 1
    #expect(ranking.entries.map(\.workflow) == Self.three)
    #expect(ranking.entries.map(\.score) == [0.875, 0.6, 0.4375])
    #expect(ranking.entries.map(\.leads) == [1, 0, 0])
    for entry in ranking.entries {
      #expect(abs(entry.contributions.reduce(0, +) - entry.score) < 1e-12)
      #expect(entry.interval == Interval(low: entry.score, high: entry.score))
    }
    #expect(ranking.tied.isEmpty && ranking.dominated.isEmpty && ranking.leftOut.isEmpty)
  }

  @Test func `the weight at which another leads is where two lines cross`() throws {
    let ranking = Ranking(
      of: Self.three,
      by: [
        Self.fixed("time", [1, 2, 4], weight: 3),
        Self.fixed("parity", [0.5, 0.9, 1], weight: 1, isShare: true),
      ])
    let turns = Dictionary(uniqueKeysWithValues: ranking.turns.map { ($0.criterion, $0) })
    // With the part w of time: 0.5 + 0.5w (native), 0.9 − 0.4w (local), 1 − 0.75w (remote): native meets local
    // at 4/9, remote at 0.4, local meets remote at 2/7.
    let time = try #require(turns["time"])
    #expect(time.above == nil && time.weight == 0.75)
    #expect(time.below?.workflow == .localCluster)
    #expect(abs((time.below?.weight ?? 0) - 4.0 / 9) < 1e-12)
    let parity = try #require(turns["parity"])
    #expect(parity.below == nil && parity.above?.workflow == .localCluster)
    #expect(abs((parity.above?.weight ?? 0) - 5.0 / 9) < 1e-12)
  }

  @Test func `on both sides of a turn the leader is as it says`() {
    for seed in UInt64(0)..<50 {
      let rows = Self.drawn(seed)
      let ranking = Ranking(of: Self.three, by: rows)
      for turn in ranking.turns {
        for (crossing, step) in [(turn.below, -1e-6), (turn.above, 1e-6)] {
          guard let crossing else { continue }
          let beyond = crossing.weight + step
          guard beyond > 0, beyond < 1 else { continue }
          let others = rows.filter { $0.name != turn.criterion }.reduce(0) { $0 + $1.weight }
          let moved = rows.map { row in
            var row = row
            row.weight =
              row.name == turn.criterion ? beyond : row.weight / others * (1 - beyond)
            return row
          }
          #expect(
            Ranking(of: Self.three, by: moved).leader?.workflow == crossing.workflow,
            "seed \(seed), \(turn.criterion)")
        }
      }
    }
  }

  /// Four criteria with drawn values and weights, none 0.
  static func drawn(_ seed: UInt64) -> [Ranking.Candidate] {
    var generator = SeededGenerator(seed: seed)
    return (0..<4).map { index in
      fixed(
        "c\(index)", (0..<3).map { _ in 0.1 + 0.9 * generator.unit() },
        weight: 0.1 + generator.unit(), isShare: index.isMultiple(of: 2))
    }
  }

  @Test(arguments: [1e-9, 0.3, 7, 1e6, 1e300]) func `scaling all weights changes nothing`(
    _ factor: Double
  ) {
    for seed in UInt64(0)..<30 {
      let rows = Self.drawn(seed)
      let scaled = rows.map { row in
        var row = row
        row.weight *= factor
        return row
      }
      let (one, other) = (
        Ranking(of: Self.three, by: rows), Ranking(of: Self.three, by: scaled)
      )
      #expect(one.entries.map(\.workflow) == other.entries.map(\.workflow))
      for (left, right) in zip(one.entries, other.entries) {
        #expect(abs(left.score - right.score) < 1e-12)
      }
      for (left, right) in zip(one.turns, other.turns) {
        #expect(abs((left.above?.weight ?? 0) - (right.above?.weight ?? 0)) < 1e-9)
        #expect(left.above?.workflow == right.above?.workflow)
      }
    }
  }

  @Test func `the order in which workflows are given changes nothing`() {
    for seed in UInt64(0)..<30 {
      let rows = Self.drawn(seed)
      let reversed = rows.map { row in
        var row = row
        row.draws.reverse()
        return row
      }
      let one = Ranking(of: Self.three, by: rows)
      let other = Ranking(of: Self.three.reversed(), by: reversed)
      #expect(one.entries.map(\.workflow) == other.entries.map(\.workflow))
    }
  }

  // MARK: What isn't known

  @Test func `what isn't known of one counts for none`() {
    let ranking = Ranking(
      of: Self.three,
      by: [
        Self.fixed("time", [1, 2, 4], weight: 1),
        Self.fixed("parity", [0.1, nil, 1], weight: 3, isShare: true),
      ])
    #expect(ranking.rows.map(\.name) == ["time"] && ranking.rows[0].weight == 1)
    #expect(
      ranking.leftOut == [
        .init(name: "parity", weight: 0.75, unknownOf: [.localCluster])
      ])
    #expect(ranking.entries.map(\.score) == [1, 0.5, 0.25])
    // 0.75 of the weight could move more than the leader's 0.5 × 0.25.
    #expect(ranking.isOpen)
  }

  @Test func `a small weight that is missing can't change a large lead`() {
    let ranking = Ranking(
      of: Self.three,
      by: [
        Self.fixed("time", [1, 10, 10], weight: 9),
        Self.fixed("parity", [0.1, nil, 1], weight: 1, isShare: true),
      ])
    #expect(!ranking.isOpen)
  }

  @Test func `what doesn't apply to one counts for none, and opens nothing`() throws {
    var sharing = Self.fixed("sharing", [nil, nil, 1.1], weight: 3)
    sharing.isInapplicable = true
    let ranking = Ranking(
      of: Self.three, by: [Self.fixed("time", [1, 2, 4], weight: 1), sharing])
    #expect(ranking.leftOut.map(\.isInapplicable) == [true])
    #expect(!ranking.isOpen && ranking.entries.map(\.score) == [1, 0.5, 0.25])
  }

  @Test func `where one is left to choose nothing could put another first`() {
    let ranking = Ranking(
      of: [.localNative],
      by: [Self.fixed("time", [1]), Self.fixed("parity", [nil], weight: 9, isShare: true)])
    #expect(ranking.entries.count == 1 && !ranking.isOpen)
  }

  @Test func `nothing known, nothing ranked`() {
    let ranking = Ranking(of: Self.three, by: [Self.fixed("time", [nil, nil, nil])])
    #expect(ranking.leader == nil && ranking.leftOut.count == 1)
    #expect(Ranking(of: [], by: []).leader == nil)
    #expect(Ranking(of: Self.three, by: [Self.fixed("time", [1, 2, 3], weight: 0)]).leader == nil)
  }

  @Test func `a criterion without a weight is tried for turns, and counts for nothing else`() {
    let ranking = Ranking(
      of: Self.three,
      by: [
        Self.fixed("time", [1, 2, 4]), Self.fixed("parity", [0, 0, 1], weight: 0, isShare: true),
      ])
    #expect(ranking.rows.map(\.name) == ["time"])
    #expect(ranking.turns.map(\.criterion) == ["time", "parity"])
    // (1 − w) against 0.25 (1 − w) + w: 0.75 (1 − w) = w.
    #expect(abs((ranking.turns[1].above?.weight ?? 0) - 3.0 / 7) < 1e-12)
    #expect(ranking.turns[0].above == nil && ranking.turns[0].below == nil)
  }

  // MARK: Dominated, tied, reversed

  @Test func `a workflow that is worse in nothing and better in one dominates`() {
    let ranking = Ranking(
      of: Self.three,
      by: [
        Self.fixed("time", [1, 2, 1]), Self.fixed("parity", [0.9, 0.9, 1], isShare: true),
      ])
    #expect(
      Set(ranking.dominated) == [
        .init(workflow: .localNative, by: .remoteCluster, share: 1),
        .init(workflow: .localCluster, by: .remoteCluster, share: 1),
        .init(workflow: .localCluster, by: .localNative, share: 1),
      ])
  }

  @Test func `equal ones don't dominate each other`() {
    let ranking = Ranking(of: Self.three, by: [Self.fixed("time", [1, 1, 2])])
    #expect(!ranking.dominated.contains { $0.workflow != .remoteCluster })
    #expect(ranking.tied == [.localCluster])
    #expect(ranking.entries.map(\.leads) == [0.5, 0.5, 0])
  }

  static func samples(_ values: [[Double]]) -> [Ranking.Candidate] {
    [
      Ranking.Candidate(
        name: "time", isShare: false, weight: 1, draws: values.map { .quantile($0, 0.5) })
    ]
  }

  @Test func `overlapping intervals are a tie, distant ones aren't`() {
    let wild: [Double] = [1, 2, 3, 4, 5, 6, 7, 8]
    let near = Ranking(
      of: Self.three,
      by: Self.samples([wild, wild.map { $0 * 1.05 }, wild.map { $0 * 1_000 }]))
    #expect(near.tied == [.localCluster])
    #expect(near.entries[0].leads < 1 && near.entries[0].leads > 0)
    let steady: [Double] = [1, 1.01, 0.99, 1.02, 0.98, 1]
    let far = Ranking(
      of: Self.three,
      by: Self.samples([steady, steady.map { $0 * 2 }, steady.map { $0 * 4 }]))
    #expect(far.tied.isEmpty && far.entries[0].leads == 1)
    #expect(far.entries[1].interval.low < 0.5 && far.entries[1].interval.high > 0.5)
  }

  @Test func `figures of the same samples are drawn together`() {
    let values: [Double] = [1, 2, 3, 4, 5, 6, 7, 8]
    let set = Draw.SampleSet("edits", count: values.count)
    let draws: [Draw] = [
      .joint([set], .quantile(values, 0.5)), .joint([set], .quantile(values, 0.5)),
      .joint([set], .linear(.quantile(values, 0.5), factor: 3, offset: 1)),
      .joint([Draw.SampleSet("others", count: values.count)], .quantile(values, 0.5)),
    ]
    var generator = SeededGenerator(seed: 1)
    var differs = false
    for _ in 0..<50 {
      var known: [Draw.SampleSet: [Int]] = [:]
      let drawn = draws.map { $0.draw(using: &generator, sharing: &known) }
      #expect(drawn[0] == drawn[1] && drawn[2] == 3 * drawn[0] + 1)
      if drawn[3] != drawn[0] { differs = true }
    }
    #expect(differs)
  }

  @Test func `all paths are drawn from the same edits as the best one`() {
    let (one, other): ([Double], [Double]) = ([1, 2, 3, 4], [10, 20, 30, 40])
    let (best, rest) = (Draw.SampleSet("a", count: 4), Draw.SampleSet("b", count: 4))
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<50 {
      var known: [Draw.SampleSet: [Int]] = [:]
      let alone = Draw.joint([best], .mean(one)).draw(using: &generator, sharing: &known)
      let both = Draw.joint([best, rest], .mean(one + other)).draw(
        using: &generator, sharing: &known)
      let second = Draw.joint([rest], .mean(other)).draw(using: &generator, sharing: &known)
      #expect(abs(both - (alone + second) / 2) < 1e-12)
    }
  }

  @Test func `a share of which all went well has a spread, and a fixed one none`() {
    let draws: [Draw?] = [.share(1, of: 6), .share(1, of: 6), .fixed(1)]
    let ranking = Ranking(
      of: Self.three,
      by: [Ranking.Candidate(name: "alone", isShare: true, weight: 1, draws: draws)])
    #expect(ranking.entries.map(\.score) == [1, 1, 1])
    #expect(ranking.entries[0].interval.low < 0.8 && ranking.entries[0].interval.high > 0.99)
    #expect(ranking.entries[2].interval == Interval(low: 1, high: 1))
  }

  @Test func `the same samples give the same ranking`() {
    let values: [[Double]] = [[1, 2, 3], [2, 3, 4], [1, 5, 9]]
    #expect(
      Ranking(of: Self.three, by: Self.samples(values))
        == Ranking(of: Self.three, by: Self.samples(values)))
  }

  /// The ratio scale has it, as every scale that goes by who is compared.
  @Test func `an order that depends on who is compared is told`() {
    // All: times 1/8, 1/4 and 1; native 0.5 × 1/8 + 0.5 × 1 = 0.5625, local 0.5 × 1/4 + 0.5 × 0.85 = 0.55, remote
    // 0.5 × 1 + 0. Without remote: times 1/2 and 1, native 0.75, local 0.925.
    let ranking = Ranking(
      of: Self.three,
      by: [
        Self.fixed("time", [8, 4, 1]), Self.fixed("parity", [1, 0.85, 0], isShare: true),
      ])
    #expect(ranking.leader?.workflow == .localNative)
    #expect(ranking.reversals.map(\.without) == [.remoteCluster])
    #expect(ranking.reversals.map(\.leader) == [.localCluster])
  }
}
