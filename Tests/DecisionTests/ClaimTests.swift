import DecisionTesting
import Measurement
import ResultStore
import Testing

@testable import Decision

struct ClaimTests {
  typealias Fixture = DecisionFixture

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
    let result = try #require(DecisionReportTests.part().claims.first { $0.claim == claim })
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
      DecisionReportTests.part([Fixture.loop([(Fixture.native, [100])])]).claims.map(\.claim)
        == Claim.allCases)
  }

  /// A machine of 16 GB on which the loop wasn't watched.
  static func idle(_ memory: Double) -> StoredRun {
    Fixture.trials([
      Fixture.trial(
        .footprint, .localCluster, "idle",
        figures: [Figure("memory", memory, .bytes, source: "cgroup")])
    ])
  }

  static func pairs(_ shares: [Double], image: String? = "same") -> StoredRun {
    Fixture.trials(
      shares.enumerated().map { index, share in
        Fixture.trial(
          .reproducibility, .localCluster, "twice", number: index + 1,
          figures: [Figure("files equal", share, .share, source: "podman export")],
          facts: image.map { [TrialFact("image", $0)] } ?? [])
      })
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
          Fixture.recovery(
            .localCluster, "disk-full", seconds: 60, outcome: .timedOut, hand: "session restarted")
        ])
      ]
    ),
    // A fault that was never made is none that the app didn't come back from.
    (
      .fullControl, .holds,
      [
        Fixture.trials([
          Fixture.recovery(.localCluster),
          Fixture.trial(
            .recovery, .localCluster, "pod-deleted", outcome: .failed, reason: "not served before"),
        ])
      ]
    ),
    (
      .fullControl, .notMeasured,
      [
        Fixture.trials([
          Fixture.trial(
            .recovery, .localCluster, "pod-deleted", outcome: .failed, reason: "not served before")
        ])
      ]
    ),
    (
      .managedOnce, .doesNotHold,
      [
        Fixture.trials([
          Fixture.recovery(.remoteCluster),
          Fixture.recovery(
            .remoteCluster, "pod-deleted", outcome: .timedOut, hand: "none", meanwhile: "lost"),
        ])
      ]
    ),
    (
      .managedOnce, .holds,
      [
        Fixture.trials([
          Fixture.recovery(
            .remoteCluster, "disk-full", hand: "none (it could not be saved)",
            meanwhile: "not saved")
        ])
      ]
    ),
    (
      .operationsWork, .doesNotHold,
      [
        Fixture.trials([
          Fixture.recovery(
            .localCluster, "disk-full", hand: "saved again", meanwhile: "lost",
            notes: ["the edit could not be saved: No space left on device"])
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
    // What doesn't fit needs no measurement of memory.
    (
      .limitedByTheWorkstation, .holds,
      [
        Fixture.trials([
          Fixture.trial(
            .footprint, .localCluster, "idle", outcome: .failed, reason: "no /proc",
            facts: [TrialFact("requests fit", "no: 20 GB of 16")])
        ])
      ]
    ),
    (.limitedByTheWorkstation, .undecided, [Self.idle(1e9)]),
    (.limitedByTheWorkstation, .holds, [Self.idle(12e9)]),
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
    // One pair of many is enough.
    (.reproducible, .doesNotHold, [Self.pairs(Array(repeating: 1, count: 9) + [0.99])]),
    (.reproducible, .holds, [Self.pairs(Array(repeating: 1, count: 10))]),
    (.reproducible, .undecided, [Self.pairs([1], image: nil)]),
    (.reproducible, .doesNotHold, [Self.pairs([1], image: "none")]),
  ]

  static let never = [Int64](repeating: -60_000, count: 10)

  /// Milliseconds of edits; below 0 for those that were given up on.
  static func loop(
    native: [Int64] = [], local: [Int64] = [], remote: [Int64] = [], crowded: [Int64] = []
  ) -> [StoredRun] {
    let takes: [(cell: Cell, milliseconds: [Int64])] = [
      (Fixture.native, native), (Fixture.local, local), (Fixture.remote, remote),
      (Fixture.crowded, crowded),
    ]
    return [Fixture.loop(takes.filter { !$0.milliseconds.isEmpty })]
  }

  static let compared: [(Claim, ClaimVerdict, [StoredRun])] = [
    // Three are too few, and what wasn't served is slower than all that was.
    (.speedOverTheNetwork, .undecided, loop(local: [100, 100, 100], remote: [900, 900, 900])),
    (.speedOverTheNetwork, .holds, loop(local: Fixture.steady, remote: never)),
    (.speedOverTheNetwork, .doesNotHold, loop(local: never, remote: Fixture.steady)),
    (.speedOverTheNetwork, .undecided, loop(local: never, remote: never)),
    (
      .sharedByMany, .holds,
      loop(remote: Fixture.steady, crowded: Array(Fixture.steady.dropLast()) + [-60_000])
    ),
    (.sharedByMany, .doesNotHold, loop(remote: Fixture.steady, crowded: never)),
    (.sharedByMany, .undecided, loop(remote: Fixture.steady, crowded: [200, 200, 200])),
    (.sharedByMany, .notMeasured, loop(remote: never, crowded: Fixture.steady)),
    // Not against native, which nobody measured.
    (.costs, .undecided, loop(local: Fixture.steady, remote: Fixture.times(4))),
    (.costs, .undecided, loop(native: [100], local: [100], remote: [400])),
    (.costs, .doesNotHold, loop(local: Fixture.times(90), remote: Fixture.steady)),
  ]

  @Test(arguments: changed + compared) func `other figures give other verdicts`(
    _ claim: Claim, _ verdict: ClaimVerdict, _ runs: [StoredRun]
  ) {
    #expect(Self.verdict(claim, DecisionReportTests.part(runs)) == verdict)
  }

  @Test func `a claim that isn't measured can be stated`() throws {
    let part = DecisionReportTests.part {
      $0.stated = [
        .init(
          name: "arbitrarily-large",
          statements: [.remoteCluster: .init(0.9, why: "ours has 64 nodes")])
      ]
    }
    let result = try #require(part.claims.first { $0.claim == .arbitrarilyLarge })
    #expect(result.verdict == .stated && result.note == "ours has 64 nodes")
  }

  static let references: [(WorkflowKind, closer: ClaimVerdict, note: String)] = [
    (.remoteCluster, .holds, ""),
    (
      .localCluster, .notMeasured,
      "local-cluster is the reference itself; compare with another: --reference remote-cluster"
    ),
    (
      .localNative, .notMeasured,
      "local-native is the reference itself; compare with another: --reference remote-cluster"
    ),
  ]

  @Test(arguments: references) func `nothing is said of the reference against itself`(
    _ reference: WorkflowKind, _ closer: ClaimVerdict, _ note: String
  ) throws {
    let part = DecisionReportTests.part { $0.reference = reference }
    let result = try #require(part.claims.first { $0.claim == .closerToProduction })
    #expect(result.verdict == closer && result.note ?? "" == note)
    let closest = try #require(part.claims.first { $0.claim == .closestToProduction })
    #expect(closest.verdict == .notMeasured)
    #expect(closest.note?.contains("\(reference.rawValue) is the reference itself") == true)
    #expect(closest.note?.contains("write stated: closest-to-production") == true)
  }

  @Test func `what the remote needs is no tool of the developer's`() {
    let run = Fixture.trials(
      WorkflowKind.allCases.map { workflow in
        Fixture.trial(
          .setUp, workflow, "cold", seconds: 1,
          facts: [TrialFact("python3", "3.11", group: "tools")]
            + (workflow == .remoteCluster
              ? [TrialFact("docker-registry", "there", group: "tools of the remote")] : []))
      })
    #expect(Self.verdict(.newTools, DecisionReportTests.part([run])) == .doesNotHold)
  }
}
