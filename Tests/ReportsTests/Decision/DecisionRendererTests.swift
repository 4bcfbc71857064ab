import Crypto
import Decision
import DecisionTesting
import Foundation
import Measurement
import ResultStore
import Testing

@testable import Reports

struct DecisionRendererTests {
  typealias Fixture = DecisionFixture

  static let team = Team(
    developers: 5, editsPerHour: 20, hoursPerDay: 6, daysPerMonth: 20, hourlyCost: 60,
    currency: "EUR", clusterPerMonth: 400, workstation: .init(price: 2000, years: 4))

  static func report(
    _ runs: [StoredRun] = Fixture.everything(), scenario: String = "shop", why: String = "so it is",
    path: String? = "decision.yaml", _ change: (inout DecisionFile) -> Void = { _ in }
  ) -> DecisionReport {
    var decision = DecisionFile.standard
    decision.team = team
    decision.stated = [
      .init(
        name: "portability",
        statements: Dictionary(
          uniqueKeysWithValues: WorkflowKind.allCases.map { ($0, .init(0.5, why: why)) })),
      .init(name: "arbitrarily-large", statements: [.remoteCluster: .init(1, why: why)]),
    ]
    decision.weights.append(.init("portability", 1))
    decision.thresholds = [.init(.memory, 5e9)]
    change(&decision)
    return DecisionReport(
      [Evidence(scenario: scenario, runs: runs, reference: decision.reference)],
      decision: decision, path: path)
  }

  /// Every text that comes from outside, in one report.
  static func hostile(_ text: String) -> DecisionReport {
    var runs = Fixture.everything(text, scenario: text)
    for index in runs.indices {
      runs[index].record.id = text + "\(index)"
      runs[index].record.environment = Environment(
        host: text + "\(index)", system: text, kernel: text + "\(index)", architecture: text,
        processor: text, cores: 2, memoryBytes: 16_000_000_000, loadBefore: [0, 0, 0])
    }
    // One that failed and one that wasn't possible, for their reasons.
    for index in runs[1].experiments.indices where runs[1].experiments[index].cell == Fixture.local
    {
      switch runs[1].experiments[index].experiment {
      case .reproducibility: runs[1].experiments[index].outcome = .failed
      case .setUp where runs[1].experiments[index].condition == "warm":
        runs[1].experiments[index].outcome = .notPossible
      default: continue
      }
      runs[1].experiments[index].reason = text
    }
    let path = runs[0].record.cells.firstIndex { $0.cell == Fixture.remote }
    #expect(path != nil)
    return report(runs, scenario: text, why: text) { $0.team.currency = text }
  }

  static let harmless = hostile("harmless")

  @Test("HTML: no text adds, ends or opens an element or an attribute", arguments: Hostile.texts)
  func html(text: String) throws {
    let harmless = try Structure.of(page: DecisionHTML().render(Self.harmless))
    let hostile = try Structure.of(page: DecisionHTML().render(Self.hostile(text)))
    #expect(hostile.elements == harmless.elements)
    #expect(hostile.elements.count { $0.hasPrefix("script") } == 1)
  }

  @Test("terminal: no control character but line ends, and 80 columns", arguments: Hostile.texts)
  func terminal(text: String) {
    let page = DecisionTerminal().render(Self.hostile(text))
    #expect(EscapingTests.controls(page).isEmpty)
    let wide = page.split(separator: "\n").filter { DisplayWidth.of(String($0)) > 80 }
    #expect(wide.isEmpty, "\(wide)")
  }

  @Test("Markdown: tables keep their columns", arguments: Hostile.texts)
  func markdown(text: String) {
    let harmless = DecisionMarkdown().render(Self.harmless)
    let hostile = DecisionMarkdown().render(Self.hostile(text))
    #expect(EscapingTests.outline(hostile) == EscapingTests.outline(harmless))
    #expect(!hostile.contains("<img") && !hostile.contains("<script"))
    #expect(!hostile.contains("@octocat"))
  }

  @Test("JSON: a document, whatever texts are in it", arguments: Hostile.texts)
  func json(text: String) throws {
    let data = Data(DecisionJSON().render(Self.hostile(text)).utf8)
    let object = try #require(
      JSONSerialization.jsonObject(with: data) as? [String: Any])
    let part = try #require((object["scenarios"] as? [[String: Any]])?.first)
    #expect(part["scenario"] as? String == text)
  }

  @Test("the page needs no network, and its only script is the one that its policy names")
  func selfContained() throws {
    let html = try DecisionHTML().render(Self.report())
    #expect(!html.contains("http://") && !html.contains("https://") && !html.contains("src="))
    #expect(html.contains("script-src '\(HTMLScript.hash)'"))
  }

  @Test("JSON has what docs/json.md says")
  func schema() throws {
    let data = Data(DecisionJSON().render(Self.report()).utf8)
    let object = try #require(
      JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(
      object.keys.sorted() == [
        "currency", "decision", "notices", "reference", "scenarios", "schemaVersion", "weights",
      ])
    #expect(object["schemaVersion"] as? Int == 1)
    let part = try #require((object["scenarios"] as? [[String: Any]])?.first)
    #expect(
      part.keys.sorted() == [
        "answer", "claims", "clear", "costs", "criteria", "excluded", "leader", "missing",
        "notices", "ranking", "runs", "scenario", "thin", "thresholds", "tied",
      ])
    #expect(part["excluded"] as? [String] == ["remote-cluster"])
    let criteria = try #require(part["criteria"] as? [[String: Any]])
    #expect(
      criteria.compactMap { $0["criterion"] as? String }
        == Criterion.allCases.map(\.rawValue) + ["portability"])
    let first = try #require((criteria[0]["workflows"] as? [[String: Any]])?.first)
    #expect(
      first.keys.sorted() == [
        "count", "high", "least", "low", "most", "notes", "of", "reached", "reason", "samples",
        "state", "value", "workflow",
      ])
    #expect(first["samples"] as? [String] == ["devbench show loop"])
    let claims = try #require(part["claims"] as? [[String: Any]])
    #expect(claims.compactMap { $0["claim"] as? String } == Claim.allCases.map(\.rawValue))
  }

  @Test("what counts is said: answer, bars with words, formulas, thresholds, rules and commands")
  func contents() throws {
    let html = try DecisionHTML().render(Self.report())
    let texts = [
      "remote-cluster is out: 6.0 GB, and it has to be at most 5.0 GB (memory)",
      "20 edits an hour × 6 h × 0.200 s ÷ 60", "2000 EUR × 5 developers ÷ (4 years × 12)",
      "<title id=\"score0-0-t\">Score of", "stated by the team", "doesn&#39;t hold",
      "devbench show loop", "devbench show tried --experiment recovery",
      "holds if fewer than 95 % of the facts equal the reference&#39;s",
      "by design: it is the reference",
    ]
    for text in texts { #expect(html.contains(text), "\(text)") }
    let terminal = DecisionTerminal().render(Self.report())
    #expect(terminal.contains("[1] devbench show loop"))
    #expect(terminal.contains("= 20 edits an hour × 6 h × 0.200 s ÷ 60"))
  }

  @Test("without a file it is said whose weights count, and that nothing is known of cost")
  func noFile() {
    let page = DecisionTerminal().render(
      Self.report(path: nil) { decision in
        decision = .standard
      })
    let words = page.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("The weights are devbench's own, not your team's"))
    #expect(words.contains("For the rest write under team in decision.yaml: edits-per-hour"))
  }

  @Test("what isn't possible, and what failed, says why in every format")
  func notPossible() throws {
    let runs = [
      Fixture.trials([
        Fixture.trial(
          .setUp, .localNative, "cold", outcome: .notPossible, reason: "there is no engine"),
        Fixture.trial(
          .reproducibility, .localNative, "twice", outcome: .failed, reason: "the build failed"),
      ])
    ]
    let report = Self.report(runs)
    for page in [
      DecisionTerminal().render(report), DecisionMarkdown().render(report),
      try DecisionHTML().render(report),
    ] {
      #expect(page.contains("Local-native, set-up-cold: not possible, there is no engine"))
      #expect(page.contains("Local-native, reproducibility: failed, the build failed"))
    }
    let json = DecisionJSON().render(report)
    #expect(json.contains("\"failed\"") && json.contains("\"the build failed\""))
  }

  @Test("commands that all workflows lack are given once")
  func howTo() throws {
    let runs = [
      Fixture.loop(
        [(Fixture.native, [100]), (Fixture.local, [100]), (Fixture.remote, [100])].map {
          (cell: $0.0, milliseconds: $0.1)
        })
    ]
    let report = Self.report(runs)
    let commands = report.parts[0].howToMeasure.map(\.command)
    #expect(commands.count { $0.contains("--experiment footprint") } == 1)
    #expect(commands.contains("devbench run shop --experiment footprint"))
    #expect(commands.contains("devbench run shop --workflow remote-cluster --experiment offline"))
  }

  @Test("Markdown is cut to what a comment takes, and says so")
  func longMarkdown() {
    let evidence = (0..<12).map { index in
      Evidence(scenario: "shop\(index)", runs: Fixture.everything(scenario: "shop\(index)"))
    }
    let text = DecisionMarkdown().render(DecisionReport(evidence, decision: .standard))
    #expect(text.utf8.count <= MarkdownText.longestComment)
    #expect(text.contains("This is shortened"))
    #expect(!DecisionMarkdown().render(Self.report()).contains("This is shortened"))
  }

  /// For looking at: DEVBENCH_SAMPLES=DIRECTORY swift test --filter DecisionRendererTests
  @Test("writes one of each format where asked to", .enabled(if: SampleReports.directory != nil))
  func write() throws {
    let directory = try #require(SampleReports.directory)
    for (name, report) in [
      ("decision", Self.report { $0.thresholds = [] }), ("decision-out", Self.report()),
      ("decision-hostile", Self.hostile(Hostile.everything)),
    ] {
      for (format, text) in try [
        "html": DecisionHTML().render(report), "md": DecisionMarkdown().render(report),
        "json": DecisionJSON().render(report), "txt": DecisionTerminal().render(report),
      ] {
        try text.write(toFile: "\(directory)/\(name).\(format)", atomically: true, encoding: .utf8)
      }
    }
  }

  @Test("every trial of a run is listed, whatever its texts are", arguments: Hostile.texts)
  func trials(text: String) {
    let run = Fixture.everything(text)[1]
    for experiment in Experiment.allCases {
      let page = SampleTable().render(run, only: experiment)
      #expect(EscapingTests.controls(page).isEmpty)
      #expect(page.split(separator: "\n").allSatisfy { DisplayWidth.of(String($0)) <= 80 })
    }
  }

  @Test("parity is traced to shares and differences, against the reference that is asked for")
  func parityTrace() {
    let run = Fixture.everything()[1]
    let usual = SampleTable(width: 120).render(run, only: .parity)
    for part in [
      "Facts equal to those of remote-cluster/sync@lan", "mean of the groups", "75 %",
      "In what local-native/reload differs", "packages/flask",
    ] { #expect(usual.contains(part), "\(part)\n\(usual)") }
    let other = SampleTable(width: 120).render(run, only: .parity, reference: .localCluster)
    #expect(other.contains("Facts equal to those of local-cluster/sync"))
  }

  @Test("a trial that is asked for has all its facts, and where figures were read")
  func wholeTrial() {
    let facts = (1...20).map { TrialFact("fact \($0)", "v\($0)", group: "differs") }
    let run = Fixture.trials([
      Fixture.trial(
        .reproducibility, .localCluster, "twice",
        figures: [Figure("files equal", 0.5, .share, source: "podman export")], facts: facts)
    ])
    let page = SampleTable().render(run, only: .reproducibility)
    #expect(page.contains("files equal 50 %, read from podman export"))
    for number in 1...20 { #expect(page.contains("differs/fact \(number): v\(number)")) }
    #expect(!SampleTable().render(run).contains("fact 20"))
    #expect(
      SampleTable().render(run, only: .offline).contains("The run has no trial of offline."))
  }
}
