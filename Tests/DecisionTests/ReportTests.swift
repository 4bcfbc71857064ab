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

  // MARK: Claims

  static func verdict(_ claim: Claim, _ part: DecisionReport.Part) -> ClaimVerdict? {
    part.claims.first { $0.claim == claim }?.verdict
  }

  static let verdicts: [(Claim, ClaimVerdict)] = [
    (.noUpfrontMigration, .holds), (.usuallyQuick, .holds), (.lacksParity, .holds),
    (.worksOnMyMachine, .holds), (.closerToProduction, .holds), (.portable, .notMeasured),
    (.declarative, .holds), (.reproducible, .holds), (.fullControl, .holds),
    (.limitedByTheWorkstation, .doesNotHold), (.operationsWork, .doesNotHold),
    (.closestToProduction, .notMeasured), (.managedOnce, .holds), (.arbitrarilyLarge, .notMeasured),
    (.sharedByMany, .holds), (.costs, .holds), (.speedOverTheNetwork, .holds), (.newTools, .holds),
    (.offlineIsAFeature, .holds),
  ]

  @Test(arguments: verdicts) func `a claim is judged by its rule`(
    _ claim: Claim, _ verdict: ClaimVerdict
  ) throws {
    let result = try #require(Self.part().claims.first { $0.claim == claim })
    #expect(result.verdict == verdict, "\(result.figures) \(result.note ?? "")")
    switch verdict {
    case .notMeasured, .stated: #expect(result.note != nil)
    case .holds, .doesNotHold, .undecided:
      #expect(!result.figures.isEmpty && !result.traces.isEmpty)
    }
  }

  @Test func `every claim is in the table once, in every report`() {
    #expect(Self.verdicts.map(\.0) == Claim.allCases)
    #expect(
      Self.part([Fixture.loop([(Fixture.native, [100])])]).claims.map(\.claim) == Claim.allCases)
  }

  static let changed: [(Claim, ClaimVerdict, [StoredRun])] = [
    (.usuallyQuick, .doesNotHold, [Fixture.loop([(Fixture.native, Fixture.times(10))])]),
    (
      .usuallyQuick, .undecided,
      [Fixture.loop([(Fixture.native, [300, 500, 700, 900, 1_100, 1_300, 1_500, 1_700])])]
    ),
    (.usuallyQuick, .undecided, [Fixture.loop([(Fixture.native, [300, 500, 700])])]),
    (
      .worksOnMyMachine, .doesNotHold,
      [
        Fixture.trials(
          [WorkflowKind.localNative, .remoteCluster].map { workflow in
            let isNative = workflow == .localNative
            return Fixture.trial(
              .parity, workflow, "facts",
              facts: [
                TrialFact("python3", "3.11", group: "runtime"),
                TrialFact("python3-path", isNative ? "/a" : "/b", group: "runtime"),
              ] + (isNative ? [TrialFact("java", "17", group: "runtime")] : []))
          })
      ]
    ),
    (
      .speedOverTheNetwork, .doesNotHold,
      [Fixture.loop([(Fixture.local, Fixture.times(4)), (Fixture.remote, Fixture.times(1))])]
    ),
    (
      .speedOverTheNetwork, .undecided,
      [Fixture.loop([(Fixture.local, Fixture.times(1)), (Fixture.remote, Fixture.times(1))])]
    ),
    (
      .sharedByMany, .doesNotHold,
      [Fixture.loop([(Fixture.remote, Fixture.times(1)), (Fixture.crowded, Fixture.times(3))])]
    ),
    (
      .operationsWork, .holds,
      [
        Fixture.trials([
          Fixture.trial(
            .recovery, .localCluster, "engine-stopped", seconds: 3,
            facts: [TrialFact("hand", "the engine was started")])
        ])
      ]
    ),
    (
      .fullControl, .doesNotHold,
      [
        Fixture.trials([
          Fixture.trial(.recovery, .localCluster, "disk-full", seconds: 60, outcome: .timedOut)
        ])
      ]
    ),
    (
      .offlineIsAFeature, .doesNotHold,
      [
        Fixture.trials([
          Fixture.trial(
            .offline, .remoteCluster, "link-down",
            figures: [
              Figure("edits saved", 3, .count, source: "the trial"),
              Figure("edits served meanwhile", 3, .count, source: "the trial"),
            ])
        ])
      ]
    ),
    (
      .limitedByTheWorkstation, .holds,
      [
        Fixture.trials([
          Fixture.trial(
            .footprint, .localCluster, "loop",
            figures: [
              Figure("memory", 1e9, .bytes, source: "cgroup"),
              Figure("memory of the workstation", 16e9, .bytes, source: "/proc/meminfo"),
            ], facts: [TrialFact("requests fit", "no: 20 GB of 16")])
        ])
      ]
    ),
    (
      .reproducible, .doesNotHold,
      [
        Fixture.trials([
          Fixture.trial(
            .reproducibility, .localCluster, "twice",
            figures: [Figure("facts equal", 1, .share, source: "the probe")],
            facts: [TrialFact("image", "different")])
        ])
      ]
    ),
  ]

  @Test(arguments: changed) func `other figures give other verdicts`(
    _ claim: Claim, _ verdict: ClaimVerdict, _ runs: [StoredRun]
  ) {
    #expect(Self.verdict(claim, Self.part(runs)) == verdict)
  }

  @Test func `a claim that isn't measured can be stated`() throws {
    let part = Self.part {
      $0.stated = [
        .init(
          name: "arbitrarily-large",
          statements: [.remoteCluster: .init(0.9, why: "ours has 64 nodes")])
      ]
    }
    let result = try #require(part.claims.first { $0.claim == .arbitrarilyLarge })
    #expect(result.verdict == .stated && result.note == "ours has 64 nodes")
  }

  @Test func `another reference makes the remote one comparable`() {
    let part = Self.part { $0.reference = .localCluster }
    #expect(Self.verdict(.closestToProduction, part) == .holds)
    #expect(Self.verdict(.closerToProduction, part) == .notMeasured)
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
