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

  // MARK: Runs that aren't whole

  @Test func `a finished run counts before a newer one that was interrupted, which is told`() {
    let old = Fixture.loop("old", [(Fixture.native, Fixture.times(1))])
    let new = Fixture.loop(
      "new", [(Fixture.native, Fixture.times(9))], days: 2, status: .interrupted)
    let evidence = Evidence(scenario: "shop", runs: [old, new])
    #expect(evidence.runs.map(\.id) == ["old"])
    #expect(
      evidence.notices == [
        "the newer run new was interrupted: of local-native: inner loop an older, finished one counts"
      ])
    let alone = Evidence(scenario: "shop", runs: [new])
    #expect(alone.runs.map(\.status) == [.interrupted])
    #expect(alone.notices.contains { $0.hasPrefix("run new was interrupted, and no finished one") })
  }

  @Test func `an older run with more cells or conditions is told of`() {
    let old = Fixture.loop(
      "old", [(Fixture.native, Fixture.times(1)), (Fixture.slowNative, Fixture.times(2))])
    let new = Fixture.loop("new", [(Fixture.native, Fixture.times(1))], days: 2)
    let evidence = Evidence(scenario: "shop", runs: [old, new])
    #expect(evidence.runs.map(\.id) == ["new"])
    #expect(
      evidence.notices.contains {
        $0.hasPrefix("the older run old has more cells or conditions of local-native: inner loop")
      })
    let faults = Evidence(
      scenario: "shop",
      runs: [
        Fixture.trials(
          "a", [Fixture.recovery(.localNative), Fixture.recovery(.localNative, "disk-full")]),
        Fixture.trials("b", [Fixture.recovery(.localNative)], days: 3),
      ])
    #expect(faults.notices.contains { $0.contains("the older run a has more") })
  }

  @Test func `a set-up on another system is found behind a newer one`() {
    func run(_ id: String, _ days: Double, _ system: String) -> StoredRun {
      Fixture.trials(
        id, [Fixture.trial(.setUp, .localCluster, "cold", seconds: 9)], days: days, system: system)
    }
    var pick = RunPick(reference: .remoteCluster)
    let offered = [run("a", 3, "Debian 12"), run("b", 2, "Debian 12"), run("c", 1, "Fedora 41")]
      .map { pick.offer($0) }
    #expect(offered == [true, false, true])
    let part = DecisionReportTests.part([run("a", 3, "Debian 12"), run("c", 1, "Fedora 41")])
    #expect(ClaimTests.verdict(.portable, part) == .holds)
  }

  static let texts: [(String, [Bool])] = [
    ("name: shop\n", [true, true]),
    ("workflows:\n  local-native: {}\n  remote-cluster: {}\n", [false, true]),
    ("workflows: [\n", [true, true]),
  ]

  @Test(arguments: texts) func `a workflow that was never measured is named`(
    _ text: String, _ isInScenario: [Bool]
  ) {
    var run = Fixture.loop([(Fixture.native, [100])])
    run.record.scenarioText = text
    let missing = Evidence(scenario: "shop", runs: [run]).missing
    #expect(missing.map(\.workflow) == [.localCluster, .remoteCluster])
    #expect(missing.map(\.isInScenario) == isInScenario)
  }

  // MARK: Links and cells

  private static func experiments(_ links: [(link: String, path: UpdatePath, seconds: Double)])
    -> StoredRun
  {
    Fixture.trials(
      links.enumerated().map { index, each in
        var trial = Fixture.trial(.setUp, .remoteCluster, "warm", seconds: each.seconds)
        trial.cell.link = each.link
        trial.cell.path = each.path
        return trial
      })
  }

  static let cells: [(link: String?, value: Double, on: String)] = [
    (nil, 1, "remote-cluster/sync@lan"), ("lte", 3, "remote-cluster/sync@lte"),
    ("none", 1, "remote-cluster/sync@lan"),
  ]

  @Test(arguments: cells)
  func `of an experiment one cell counts: the link that does, the first path`(
    _ link: String?, _ value: Double, _ on: String
  ) throws {
    let run = Self.experiments([
      ("lan", .sync, 1), ("lan", .rebuild, 2), ("lte", .sync, 3), ("lte", .rebuild, 4),
    ])
    let found = try #require(Self.finding(.setUpWarm, .remoteCluster, [run], link: link).measured)
    #expect(found.value == value && found.count == 1)
    #expect(found.notes.contains("tried on \(on)"))
  }

  @Test func `experiments over another link or path than the loop's are told`() {
    let loop = Fixture.loop([(Fixture.remote, Fixture.times(1))])
    for (link, path) in [("lte", UpdatePath.sync), ("lan", .rebuild)] {
      let evidence = Evidence(
        scenario: "shop", runs: [loop, Self.experiments([(link, path, 1)])])
      #expect(
        evidence.notices.contains {
          $0.contains("weren't made where the inner loop was measured (sync over lan)")
            && $0.contains("set-up on remote-cluster/\(path.rawValue)@\(link)")
        }, "\(evidence.notices)")
    }
    #expect(
      Evidence(scenario: "shop", runs: [loop, Self.experiments([("lan", .sync, 1)])]).notices
        .allSatisfy { !$0.contains("weren't made where") })
  }

  @Test func `a link that one workflow wasn't measured over is told`() {
    let evidence = Evidence(
      scenario: "shop", runs: [Fixture.loop([(Fixture.remote, [100])])], link: "lte")
    #expect(evidence.links == ["lan"])
    #expect(
      evidence.notices == [
        "remote-cluster wasn't measured over lte: its figures are over lan"
      ])
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
    #expect(
      measured.notes == [
        "over syntax", "tried on local-native/reload", "seen in: log", "stuck in 1 of 1",
      ])
  }

  @Test func `everything measured is found, with its samples`() throws {
    let evidence = Evidence(scenario: "shop", runs: Fixture.everything())
    let findings = Findings(evidence, team: CostTests.team)
    for criterion in Criterion.allCases {
      for workflow in WorkflowKind.allCases {
        let finding = findings[criterion, workflow]
        guard criterion != .sharing || workflow == .remoteCluster else {
          #expect(!finding.isApplicable && finding.value == nil)
          continue
        }
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

  @Test func `commands name the database and the scenario's file`() {
    let runs = Fixture.everything().map { run in
      var run = run
      run.experiments.removeAll { $0.experiment == .recovery }
      return run
    }
    let evidence = Evidence(
      scenario: "shop", runs: runs, reference: .localCluster,
      hints: CommandHints(
        databaseOption: " --db 'my results.sqlite'", scenarios: ["shop": "apps/my shop.yaml"]))
    let findings = Findings(evidence, team: CostTests.team)
    #expect(
      findings[.innerLoop, .localNative].traces.map(\.command) == [
        "devbench show loop --db 'my results.sqlite'"
      ])
    #expect(
      findings[.parity, .localNative].traces.map(\.command) == [
        "devbench show tried --experiment parity --reference local-cluster --db 'my results.sqlite'"
      ])
    #expect(
      findings[.recovery, .localNative]
        == .notMeasured(
          how:
            "devbench run 'apps/my shop.yaml' --workflow local-native --experiment recovery --db 'my results.sqlite'"
        ))
  }
}
