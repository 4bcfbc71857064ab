import DecisionTesting
import Measurement
import ResultStore
import Testing

@testable import Decision

struct EvidenceTests {
  typealias Fixture = DecisionFixture

  static func finding(
    _ criterion: Criterion, _ workflow: WorkflowKind, _ runs: [StoredRun], link: String? = nil,
    reference: WorkflowKind = .remoteCluster
  ) -> Finding {
    let evidence = Evidence(scenario: "shop", runs: runs, link: link, reference: reference)
    return Findings(evidence, team: CostTests.team)[criterion, workflow]
  }

  @Test func `the newest run that holds a kind of result counts`() {
    let old = Fixture.loop("old", [(Fixture.native, Fixture.times(9))])
    let new = Fixture.loop("new", [(Fixture.native, Fixture.times(1))], days: 2)
    let other = Fixture.loop("other", [(Fixture.local, Fixture.times(2))], days: 1)
    let evidence = Evidence(scenario: "shop", runs: [old, new, other])
    #expect(evidence.runs.map(\.id) == ["new", "other"])
    #expect(evidence.workflows == [.localNative, .localCluster])
    #expect(Self.finding(.innerLoop, .localNative, [old, new, other]).value == 0.2)
    #expect(evidence.notices.contains { $0.contains("2 runs, not in turn") })
  }

  @Test func `trials that weren't possible don't hide older ones that were`() {
    let old = Fixture.trials("old", [Fixture.trial(.breakFix, .localNative, "syntax", seconds: 1)])
    let new = Fixture.trials(
      "new",
      [
        Fixture.trial(
          .breakFix, .localNative, "syntax", outcome: .notPossible, reason: "no engine")
      ], days: 3)
    #expect(Self.finding(.breakFix, .localNative, [old, new]).value == 1)
    guard case .notPossible(let reason, let trace) = Self.finding(.breakFix, .localNative, [new])
    else {
      Issue.record("it was tried")
      return
    }
    #expect(reason == "no engine" && trace.command == "devbench show new --experiment break-fix")
  }

  @Test func `parity is compared within one run, whose hashes agree`() {
    let facts = [TrialFact("version", "1", group: "runtime")]
    let here = Fixture.trial(.parity, .localNative, "facts", facts: facts)
    let there = Fixture.trial(.parity, .remoteCluster, "facts", facts: facts)
    let both = Self.finding(.parity, .localNative, [Fixture.trials([here, there])])
    #expect(both.value == 1)
    let apart = Self.finding(
      .parity, .localNative, [Fixture.trials("a", [here]), Fixture.trials("b", [there])])
    #expect(apart == .notMeasured(how: "devbench run shop --experiment parity"))
  }

  @Test func `a figure comes from the best path, what wasn't served ranking last`() throws {
    let runs = [
      Fixture.loop([
        (Fixture.native, [100, 100, 100, -60_000, -60_000, -60_000, -60_000]),
        (Fixture.slowNative, Fixture.times(3)),
      ])
    ]
    let best = try #require(Self.finding(.innerLoop, .localNative, runs).measured)
    #expect(best.value == 0.6 && best.notes == ["path restart"] && best.count == 10)
    let all = try #require(Self.finding(.allPathsP90, .localNative, runs).measured)
    #expect(all.value == .infinity)
    #expect(all.notes == ["paths reload, restart", "4 of 17 not served, ranked last"])
  }

  @Test func `warm-ups don't count`() {
    let run = Fixture.loop([(Fixture.native, [100])])
    #expect(Self.finding(.innerLoop, .localNative, [run]).measured?.count == 1)
  }

  @Test func `the link that counts can be named`() {
    var slow = Fixture.remote
    slow.link = "lte"
    let runs = [Fixture.loop([(Fixture.remote, [100]), (slow, [900])])]
    #expect(Self.finding(.innerLoop, .remoteCluster, runs).value == 0.1)
    #expect(Self.finding(.innerLoop, .remoteCluster, runs, link: "lte").value == 0.9)
    #expect(Self.finding(.innerLoop, .remoteCluster, runs, link: "none").value == 0.1)
  }

  static let alike: [(String, StoredRun)] = [
    ("the kernel differs", Fixture.loop("b", [(Fixture.local, [100])], kernel: "Linux 7")),
    ("runs of 2 hosts", Fixture.loop("b", [(Fixture.local, [100])], host: "other")),
    (
      "with different edits",
      Fixture.loop(
        "b", [(Cell(workflow: .localCluster, path: .sync, edit: "style"), [100])])
    ),
  ]

  @Test(arguments: alike) func `what isn't alike is told`(_ notice: String, _ run: StoredRun) {
    let evidence = Evidence(
      scenario: "shop", runs: [Fixture.loop("a", [(Fixture.native, [100])]), run])
    #expect(evidence.notices.contains { $0.contains(notice) }, "\(evidence.notices)")
  }

  @Test func `different faults are told, for medians are over what was tried`() {
    let run = Fixture.trials([
      Fixture.trial(.recovery, .localNative, "process-killed", seconds: 1),
      Fixture.trial(.recovery, .localCluster, "process-killed", seconds: 1),
      Fixture.trial(.recovery, .localCluster, "pod-deleted", seconds: 9),
    ])
    let notices = Evidence(scenario: "shop", runs: [run]).notices
    #expect(notices.contains { $0.contains("local-cluster: pod-deleted, process-killed") })
  }

  @Test func `an error's way to the developer is told beside its correction's`() throws {
    let run = Fixture.trials([
      Fixture.trial(
        .breakFix, .localNative, "syntax", seconds: 1,
        figures: [Figure("until the error was seen", 0.3, .seconds, source: "the log")],
        facts: [TrialFact("seen in", "log"), TrialFact("stuck", "yes: it hung")])
    ])
    let measured = try #require(Self.finding(.breakFix, .localNative, [run]).measured)
    #expect(measured.asides == [.seconds("the error was seen after", 0.3)])
    #expect(measured.notes == ["seen in: log", "stuck in 1 of 1"])
  }

  @Test func `everything measured is found, with its samples`() throws {
    let evidence = Evidence(scenario: "shop", runs: Fixture.everything())
    let findings = Findings(evidence, team: CostTests.team)
    for criterion in Criterion.allCases {
      for workflow in WorkflowKind.allCases {
        let finding = findings[criterion, workflow]
        #expect(finding.value != nil, "\(criterion) \(workflow): \(finding)")
        if let measured = finding.measured { #expect(!measured.traces.isEmpty) }
      }
    }
    #expect(evidence.notices.isEmpty)
    #expect(findings[.setUpCold, .localCluster].value == 20.02)
    #expect(findings[.memory, .localNative].measured?.notes.first == "in the loop")
    #expect(findings[.processor, .localCluster].value == 1)
    #expect(findings[.recoveryWorst, .remoteCluster].value == 2.53)
    #expect(findings[.recoveryAlone, .localNative].measured?.notes.first == "4 of 6")
    #expect(findings[.editsKept, .localCluster].value == 4.0 / 6)
    #expect(findings[.offline, .remoteCluster].value == 0.25)
    #expect(findings[.reproducibility, .localNative].value == 0.9)
    // Of four groups with one fact each, one and three are equal to the remote's.
    #expect(findings[.parity, .localNative].value == 0.25)
    #expect(findings[.parity, .localCluster].value == 0.75)
    #expect(abs((findings[.sharing, .remoteCluster].value ?? 0) - 1.1) < 0.01)
    #expect(findings[.traffic, .remoteCluster].value == 1_206.5)
  }

  @Test func `what isn't measured names the command that would`() {
    let runs = [Fixture.loop([(Fixture.local, [100])], scenario: "shop")]
    #expect(
      Self.finding(.recovery, .localCluster, runs)
        == .notMeasured(how: "devbench run shop --workflow local-cluster --experiment recovery"))
    #expect(
      Self.finding(.innerLoop, .localNative, runs)
        == .notMeasured(how: "devbench run shop --workflow local-native"))
  }

  @Test func `a run's id is a word of the shell, whatever it is`() {
    #expect(Trace(run: "a; rm -rf ~").command == "devbench show 'a; rm -rf ~'")
    #expect(Trace(run: "it's").command == "devbench show 'it'\\''s'")
    #expect(Trace(run: "--help").command == "devbench show '--help'")
  }
}
