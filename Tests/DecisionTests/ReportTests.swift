import DecisionTesting
import Measurement
import ResultStore
import Testing

@testable import Decision

struct DecisionReportTests {
  typealias Fixture = DecisionFixture

  static func part(
    _ runs: [StoredRun] = Fixture.everything(), _ change: (inout DecisionFile) -> Void = { _ in }
  ) -> DecisionReport.Part {
    var decision = DecisionFile.standard
    decision.team = CostTests.team
    change(&decision)
    return DecisionReport(
      [Evidence(scenario: "shop", runs: runs, reference: decision.reference)], decision: decision
    ).parts[0]
  }

  static let thresholds: [(DecisionFile.Threshold, [WorkflowKind])] = [
    (.init(.innerLoop, 0.3), [.localCluster, .remoteCluster]),
    (.init(.innerLoop, 0.8), []),
    (.init(.memory, 5e9), [.remoteCluster]),
    (.init(.offline, 1), [.remoteCluster]),
    (.init(.parity, 0.5), [.localNative]),
    (.init(.cost, 1), [.localNative, .localCluster, .remoteCluster]),
  ]

  @Test(arguments: thresholds) func `a threshold keeps out who misses it`(
    _ threshold: DecisionFile.Threshold, _ out: [WorkflowKind]
  ) {
    let part = Self.part { $0.thresholds = [threshold] }
    #expect(part.excluded == out)
    #expect(Set(part.ranking.entries.map(\.workflow)).isDisjoint(with: out))
    #expect(part.ranking.entries.count == 3 - out.count)
  }

  @Test func `what isn't measured keeps nobody out`() {
    let part = Self.part([Fixture.loop([(Fixture.native, [100])])]) {
      $0.thresholds = [.init(.memory, 1)]
    }
    #expect(part.excluded.isEmpty && part.thresholds.map(\.verdict) == [.unknown])
  }

  @Test func `a limit within the interval is told`() {
    let part = Self.part([Fixture.loop([(Fixture.native, Fixture.steady)])]) {
      $0.thresholds = [.init(.innerLoop, 0.2005)]
    }
    #expect(part.thresholds[0].isClose && part.thresholds[0].verdict == .kept)
  }

  @Test func `what the team states is weighed, if it is stated of all`() {
    let all = DecisionFile.Stated(
      name: "learning",
      statements: [
        .localNative: .init(0.1, why: "a"), .localCluster: .init(0.2, why: "b"),
        .remoteCluster: .init(1, why: "c"),
      ])
    let part = Self.part {
      $0.stated = [all]
      $0.weights = [.init("learning", 1)]
    }
    #expect(part.ranking.leader?.workflow == .remoteCluster && part.ranking.leader?.score == 1)
    let some = DecisionFile.Stated(
      name: "learning", statements: [.localNative: .init(0.1, why: "a")])
    let partial = Self.part {
      $0.stated = [some]
      $0.weights = [.init("learning", 1)]
    }
    #expect(partial.ranking.leader == nil)
    #expect(partial.ranking.leftOut.first?.unknownOf == [.localCluster, .remoteCluster])
  }

  // MARK: What the ranking rests on

  private static func loops(_ times: [Int64]) -> StoredRun {
    Fixture.loop([
      (Fixture.native, times), (Fixture.local, times.map { $0 * 4 }),
      (Fixture.remote, times.map { $0 * 8 }),
    ])
  }

  static let thin: [(runs: [StoredRun], weights: [(String, Double)], thin: [String], clear: Bool)] =
    [
      ([loops(Fixture.steady)], [("inner-loop", 1)], [], true),
      ([loops([200])], [("inner-loop", 1)], ["inner-loop"], false),
      // Offline is by design, and weighs too little to turn 3/4 × 0.9.
      (
        [loops(Fixture.steady)], [("inner-loop", 9), ("traffic", 1)], ["traffic"], true
      ),
      ([loops(Fixture.steady)], [("inner-loop", 1), ("traffic", 1)], ["traffic"], false),
    ]

  @Test(arguments: thin) func `no lead is called clear that rests on too little`(
    _ runs: [StoredRun], _ weights: [(String, Double)], _ names: [String], _ isClear: Bool
  ) {
    let part = Self.part(runs) { $0.weights = weights.map { .init($0.0, $0.1) } }
    #expect(part.thin.names == names && part.isClear == isClear, "\(part.thin)")
    let all = weights.reduce(0) { $0 + $1.1 }
    let own = weights.filter { names.contains($0.0) }.reduce(0) { $0 + $1.1 }
    #expect(abs(part.thin.weight - own / all) < 1e-12)
  }

  @Test func `a threshold on what doesn't apply keeps nobody out`() {
    let part = Self.part { $0.thresholds = [.init(.sharing, 1.05)] }
    #expect(part.excluded == [.remoteCluster])
    #expect(part.thresholds.map(\.verdict) == [.notApplicable, .notApplicable, .missed])
  }

  @Test func `scenarios are judged one by one`() {
    let evidence = ["shop", "news"].map { name in
      Evidence(scenario: name, runs: Fixture.everything(scenario: name))
    }
    let report = DecisionReport(evidence, decision: .standard)
    #expect(report.parts.map(\.scenario) == ["shop", "news"])
    #expect(report.parts.allSatisfy { $0.ranking.entries.count == 3 })
  }
}
