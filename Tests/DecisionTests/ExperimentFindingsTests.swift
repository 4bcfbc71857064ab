import DecisionTesting
import Measurement
import Parity
import ResultStore
import Testing

@testable import Decision

/// Figures of experiments whose trials failed, weren't possible, or aren't of the same things.
struct ExperimentFindingsTests {
  typealias Fixture = DecisionFixture

  private static func finding(
    _ criterion: Criterion, _ workflow: WorkflowKind, _ trials: [ExperimentTrial]
  ) -> Finding {
    EvidenceTests.finding(criterion, workflow, [Fixture.trials(trials)])
  }

  // MARK: Offline

  static let offline: [(WorkflowKind, [ExperimentTrial], Double, String)] = [
    (
      .remoteCluster, [Fixture.offline(.remoteCluster, saved: 4, meanwhile: 1, afterwards: 3)],
      0.25,
      "4 edits saved, 0 lost"
    ),
    // Nothing was cut: an edit served a moment after the time was up was served.
    (
      .localNative,
      [Fixture.offline(.localNative, saved: 9, meanwhile: 8, afterwards: 1, down: 0)], 1,
      "no link was cut"
    ),
    (
      .localNative, [Fixture.offline(.localNative, saved: 4, meanwhile: 3, lost: 1, down: 0)], 0.75,
      "no link was cut"
    ),
    (
      .remoteCluster,
      [
        Fixture.offline(.remoteCluster, saved: 4, meanwhile: 4),
        Fixture.offline(.remoteCluster, saved: 4, meanwhile: 4, number: 2, outcome: .failed),
      ], 0.5, "1 of 2 failed, counted as though none was served"
    ),
    // A number that no edit count is doesn't end the report.
    (
      .remoteCluster, [Fixture.offline(.remoteCluster, saved: 1e300, meanwhile: 1e300)], 1,
      "tried on remote-cluster/sync@lan"
    ),
  ]

  @Test(arguments: offline) func `offline is what is served with the link down`(
    _ workflow: WorkflowKind, _ trials: [ExperimentTrial], _ value: Double, _ note: String
  ) throws {
    let measured = try #require(Self.finding(.offline, workflow, trials).measured)
    #expect(measured.value == value)
    #expect(measured.notes.contains(note), "\(measured.notes)")
  }

  @Test func `by design holds only where nothing was tried`() {
    let failed = Fixture.trial(
      .offline, .localNative, "link-down", outcome: .failed, reason: "it didn't start")
    guard case .failed(let reason, _) = Self.finding(.offline, .localNative, [failed]) else {
      Issue.record("it failed")
      return
    }
    #expect(reason == "it didn't start")
    let loop = Fixture.loop([(Fixture.native, [100])])
    #expect(EvidenceTests.finding(.offline, .localNative, [loop]).value == 1)
  }

  // MARK: Failures are told

  private static func figure(_ condition: String, _ outcome: TrialOutcome, _ value: Double? = nil)
    -> ExperimentTrial
  {
    Fixture.trial(
      .footprint, .localNative, condition, outcome: outcome,
      reason: outcome == .completed ? nil : "an edit wasn't served",
      figures: value.map { [Figure("memory", $0, .bytes, source: "/proc")] } ?? [])
  }

  static let footprints: [([ExperimentTrial], Double?, String)] = [
    (
      [figure("loop", .completed, 4), figure("loop", .timedOut)], 4, "1 of 2 failed, not in it"
    ),
    ([figure("loop", .timedOut), figure("idle", .completed, 2)], 2, "idle, not in the loop"),
    ([figure("loop", .timedOut), figure("idle", .completed, 2)], 2, "in the loop 1 of 1 failed"),
    ([figure("loop", .timedOut), figure("idle", .failed)], nil, "an edit wasn't served"),
  ]

  @Test(arguments: footprints) func `a footprint says what failed`(
    _ trials: [ExperimentTrial], _ value: Double?, _ note: String
  ) {
    let finding = Self.finding(.memory, .localNative, trials)
    #expect(finding.value == value)
    if case .failed(let reason, let trace) = finding {
      #expect(reason == note && trace.experiment == .footprint)
    } else {
      #expect(finding.measured?.notes.contains(note) == true, "\(finding)")
    }
  }

  @Test func `set-ups twice that failed are told, and aren't impossible`() {
    let failed = Fixture.trial(
      .reproducibility, .localCluster, "twice", outcome: .failed, reason: "the build failed")
    let done = Fixture.trial(
      .reproducibility, .localCluster, "twice", number: 2,
      figures: [Figure("files equal", 1, .share, source: "podman export")])
    #expect(
      Self.finding(.reproducibility, .localCluster, [failed, done]).measured?.notes.contains(
        "1 of 2 failed, not in it") == true)
    guard
      case .failed("the build failed", _) = Self.finding(
        .reproducibility, .localCluster, [failed])
    else {
      Issue.record("it failed")
      return
    }
  }

  @Test func `parity says that the reference's own facts are missing`() {
    let own = Fixture.trial(
      .parity, .localNative, "facts", facts: [TrialFact("version", "1", group: "runtime")])
    let theirs = Fixture.trial(
      .parity, .remoteCluster, "facts", outcome: .failed, reason: "no shell")
    guard case .failed(let reason, _) = Self.finding(.parity, .localNative, [own, theirs]) else {
      Issue.record("the reference failed")
      return
    }
    #expect(reason == "of the reference, remote-cluster: no shell")
    var impossible = theirs
    impossible.outcome = .notPossible
    guard case .notPossible = Self.finding(.parity, .localNative, [own, impossible]) else {
      Issue.record("the reference can't be probed")
      return
    }
  }

  @Test(arguments: [([], 0.5, ""), (["packages/*"], 1, " --ignore 'packages/*'")])
  func `facts that the team ignores aren't compared, and the command says so`(
    _ patterns: [String], _ share: Double, _ options: String
  ) throws {
    func trial(_ workflow: WorkflowKind, _ flask: String) -> ExperimentTrial {
      Fixture.trial(
        .parity, workflow, "facts",
        facts: [
          TrialFact("version", "3", group: "runtime"), TrialFact("flask", flask, group: "packages"),
        ])
    }
    let run = Fixture.trials([trial(.localNative, "3.1"), trial(.remoteCluster, "2.2")])
    let evidence = Evidence(
      scenario: run.record.scenario, runs: [run], ignore: try ParityIgnore(patterns: patterns))
    let findings = Findings(evidence, team: Team())
    let measured = try #require(findings.parity(of: .localNative).measured)
    #expect(measured.value == share)
    #expect(measured.traces.map(\.options) == [options])
  }

  @Test func `what all set-ups note stands beside their time`() throws {
    let trials = (1...3).map { number in
      Fixture.trial(
        .setUp, .localNative, "cold", number: number, seconds: 1,
        notes: ["nothing was installed", "of trial \(number) alone"])
    }
    let measured = try #require(Self.finding(.setUpCold, .localNative, trials).measured)
    #expect(
      measured.notes == ["nothing was installed", "tried on local-native/reload"],
      "\(measured.notes)")
  }

  @Test func `an error that nobody saw ranks behind those that were seen`() throws {
    func trial(_ number: Int, _ seen: Double?) -> ExperimentTrial {
      Fixture.trial(
        .breakFix, .localNative, "syntax", number: number, seconds: 1,
        figures: seen.map {
          [Figure("until the error was seen", $0, .seconds, source: "the log")]
        } ?? [], facts: [TrialFact("seen in", seen == nil ? "nothing" : "log")])
    }
    let measured = try #require(
      Self.finding(.breakFix, .localNative, [trial(1, 0.2), trial(2, nil), trial(3, nil)]).measured)
    #expect(measured.asides == [.seconds("the error was seen after", .infinity)])
    #expect(measured.notes.contains("2 of 3 errors not seen"))
  }

  // MARK: Recovery

  private static let noSpace = ["the edit could not be saved: No space left on device"]

  static let hands: [(ExperimentTrial, alone: Double?, kept: Double?)] = [
    (Fixture.recovery(.localNative), 1, 1),
    (Fixture.recovery(.localNative, hand: "saved again", meanwhile: "lost"), 0, 0),
    (
      Fixture.recovery(
        .localNative, outcome: .timedOut, hand: "session restarted", meanwhile: "lost"), 0, 0
    ),
    // Whatever a trial says that never came back.
    (Fixture.recovery(.localNative, outcome: .failed, hand: "none"), 0, 0),
    (
      Fixture.recovery(
        .localNative, "disk-full", hand: "none (it could not be saved)", meanwhile: "not saved",
        notes: noSpace), 1, nil
    ),
    // As it was stored before there was a word for it.
    (
      Fixture.recovery(
        .localNative, "disk-full", hand: "saved again", meanwhile: "lost", notes: noSpace), 1, nil
    ),
    (Fixture.recovery(.localNative, "disk-full", hand: "saved again", meanwhile: "lost"), 0, 0),
    (
      Fixture.recovery(
        .localNative, "disk-full", hand: "session restarted", meanwhile: "not saved",
        notes: noSpace), 0, nil
    ),
  ]

  @Test(arguments: hands) func `a hand is needed where the app doesn't come back by itself`(
    _ trial: ExperimentTrial, _ alone: Double?, _ kept: Double?
  ) {
    #expect(Self.finding(.recoveryAlone, .localNative, [trial]).value == alone)
    #expect(Self.finding(.editsKept, .localNative, [trial]).value == kept)
  }

  @Test func `a fault that was never made says nothing, and is counted`() throws {
    let untried = Fixture.trial(
      .recovery, .localNative, "pod-deleted", outcome: .failed,
      reason: "before the trial an edit wasn't served")
    let trials = [Fixture.recovery(.localNative), untried]
    let time = try #require(Self.finding(.recovery, .localNative, trials).measured)
    #expect(time.value == 1 && time.count == 1 && time.notes.contains("over process-killed"))
    let alone = try #require(Self.finding(.recoveryAlone, .localNative, trials).measured)
    #expect(alone.value == 1 && alone.count == 1)
    guard case .failed(let reason, _) = Self.finding(.recovery, .localNative, [untried]) else {
      Issue.record("it failed")
      return
    }
    #expect(reason == "before the trial an edit wasn't served")
  }

  @Test func `recoveries are compared over the faults that all tried`() throws {
    let trials = [
      Fixture.recovery(.localNative, seconds: 1),
      Fixture.recovery(.localCluster, seconds: 2),
      Fixture.recovery(.localCluster, "pod-deleted", seconds: 60, hand: "saved again"),
    ]
    let local = try #require(Self.finding(.recovery, .localCluster, trials).measured)
    #expect(local.value == 2 && local.count == 1)
    #expect(
      local.notes.prefix(2) == [
        "over process-killed", "not compared, for not all were tried with it: pod-deleted",
      ])
    #expect(Self.finding(.recoveryWorst, .localCluster, trials).value == 2)
    #expect(Self.finding(.recoveryAlone, .localCluster, trials).value == 1)
    // Alone, all that it was tried with counts.
    let alone = trials.filter { $0.cell.workflow == .localCluster }
    #expect(Self.finding(.recoveryWorst, .localCluster, alone).value == 60)
  }

  @Test func `a time of 0 s doesn't make all others worthless`() {
    let part = DecisionReportTests.part([
      Fixture.trials([
        Fixture.recovery(.localNative, seconds: 0, width: 0),
        Fixture.recovery(.localNative, number: 2, seconds: 0, width: 0),
        Fixture.recovery(.localCluster, seconds: 0.1, width: 0.05),
        Fixture.recovery(.localCluster, number: 2, seconds: 0.1, width: 0.05),
      ])
    ]) { $0.weights = [.init("recovery", 1)] }
    #expect(part.ranking.entries.map(\.workflow) == [.localNative, .localCluster])
    #expect(part.ranking.entries.map(\.score) == [1, 0.5])
  }
}
