import Clock
import Foundation
import Measurement
import Parity
import ResultStore
import Statistics
import Testing

@testable import Reports

@Suite("Reports of experiments")
struct ExperimentReportTests {
  static let report = ExperimentReport(TrialFixture.everything)

  private static func summary(
    _ experiment: Experiment, _ condition: String
  ) throws -> ExperimentSummary {
    try #require(
      report.summaries.first { $0.experiment == experiment && $0.condition == condition })
  }

  @Test("summaries are by experiment, cell and condition, in the order in which they were tried")
  func order() {
    #expect(
      Self.report.summaries.map { "\($0.experiment.rawValue) \($0.label) \($0.condition)" } == [
        "recovery local-native/reload process-killed",
        "recovery local-native/reload container-killed",
        "recovery remote-cluster/sync@lte link-cut", "footprint local-cluster/sync idle",
        "parity local-native/reload facts", "parity remote-cluster/sync@lte facts",
        "parity local-cluster/sync facts",
      ])
    #expect(Self.report.experiments == [.recovery, .footprint, .parity])
  }

  @Test("figures of time are over completed trials, with an interval from six on")
  func times() throws {
    let killed = try Self.summary(.recovery, "process-killed")
    #expect(killed.doneText == "7 of 8" && killed.failed == 1)
    #expect(killed.median == 0.405 && killed.min == 0.38 && killed.max == 0.52)
    #expect(
      killed.interval
        == MedianInterval.interpolated(of: [0.41, 0.38, 0.52, 0.39, 0.45, 0.405, 0.397]))
    #expect(killed.interval != nil)
    #expect(killed.phases.map(\.name) == ["notice", Phase.unattributed])
    #expect(abs(killed.phases.reduce(0) { $0 + $1.share } - 1) < 1e-9)
    let cut = try Self.summary(.recovery, "link-cut")
    #expect(cut.median == 0.92 && cut.interval == nil)
    #expect(cut.phases.first?.traffic == Traffic(up: 2_400, down: 34))
    let none = try Self.summary(.recovery, "container-killed")
    #expect(none.doneText == "not possible" && none.median == nil && none.failed == 0)
  }

  @Test("figures have their median, their range and where they were read; facts who found what")
  func figures() throws {
    let idle = try Self.summary(.footprint, "idle")
    #expect(
      idle.figures.map { "\($0.name) \($0.median) \($0.min) \($0.max) \($0.count) \($0.sources)" }
        == [
          "memory 33000000.0 32000000.0 34000000.0 3 [\"\(TrialFixture.memory)\"]",
          "CPU 0.085 0.085 0.085 3 [\"cgroup cpu.stat\"]",
        ])
    #expect(idle.facts.map { "\($0.title): \($0.text)" } == ["requests fit: yes"])
    let killed = try Self.summary(.recovery, "process-killed")
    #expect(
      killed.facts.map { "\($0.title): \($0.text)" } == [
        "hand: none (7), it had to be started again (1)", "edit made meanwhile: served",
      ])
  }

  @Test("what didn't complete is told once a reason")
  func problems() throws {
    #expect(
      try Self.summary(.recovery, "container-killed").problems.map(\.title) == [
        "not possible in trials 1, 2, 3"
      ])
    #expect(
      try Self.summary(.recovery, "process-killed").problems.map(\.title) == [
        "timed out in trial 8"
      ])
  }

  static let answers: [([ExperimentTrial], [String])] = [
    ([], ["No trial was made."]),
    ([TrialFixture.trial(.offline)], ["1 of 1 trial of offline completed."]),
    (
      [TrialFixture.trial(.offline, outcome: .notPossible)],
      ["The only trial couldn't be made here; why is told below."]
    ),
    (
      [
        TrialFixture.trial(.offline, outcome: .notPossible), TrialFixture.trial(.recovery),
        TrialFixture.trial(.recovery, outcome: .failed),
      ],
      [
        "1 of 2 trials completed: offline not possible, recovery 1 of 2.", "1 trial failed.",
        "1 more couldn't be made here; why is told below.",
      ]
    ),
  ]

  @Test("a run of experiments begins with what completed", arguments: answers.indices)
  func answer(index: Int) throws {
    let (trials, sentences) = Self.answers[index]
    let comparison = try Comparison(TrialFixture.run(trials))
    #expect(comparison.isOfExperiments && comparison.cells.isEmpty)
    #expect(comparison.answerSentences.map(\.text) == sentences)
  }

  @Test(
    "a run that ended early says how many trials were made",
    arguments: [
      (.interrupted, "Interrupted: 1 trial made"), (.running, "Still running: 1 trial made"),
      (.abandoned, "Abandoned, the measuring process died: 1 trial made"),
    ] as [(RunRecord.Status, String)])
  func early(status: RunRecord.Status, notice: String) throws {
    let run = TrialFixture.run([TrialFixture.trial(.offline)], status: status)
    #expect(TerminalRenderer().render(try Comparison(run)).contains(notice))
  }

  // MARK: Parity

  struct Choice: Sendable, CustomTestStringConvertible {
    let told: [Cell]
    var untold: [Cell] = []
    var wanted: WorkflowKind?
    let reference: Cell?
    var sides: [Cell] = []
    var hasRemark = false

    var testDescription: String {
      "\(told.map(\.name)), not \(untold.map(\.name)), \(wanted?.rawValue ?? "none") wanted"
    }
  }

  static let choices = [
    Choice(told: [], reference: nil),
    Choice(told: [], untold: [TrialFixture.native], reference: nil),
    Choice(
      told: [TrialFixture.native, TrialFixture.local, TrialFixture.remote],
      reference: TrialFixture.remote, sides: [TrialFixture.native, TrialFixture.local]),
    Choice(
      told: [TrialFixture.remote, TrialFixture.native], reference: TrialFixture.remote,
      sides: [TrialFixture.native]),
    Choice(
      told: [TrialFixture.native, TrialFixture.local], reference: TrialFixture.local,
      sides: [TrialFixture.native]),
    Choice(
      told: [TrialFixture.native, TrialFixture.local], untold: [TrialFixture.remote],
      reference: TrialFixture.local, sides: [TrialFixture.native], hasRemark: true),
    Choice(
      told: [TrialFixture.native, TrialFixture.remote], wanted: .localNative,
      reference: TrialFixture.native, sides: [TrialFixture.remote]),
    Choice(
      told: [TrialFixture.native, TrialFixture.remote], wanted: .localCluster,
      reference: TrialFixture.remote, sides: [TrialFixture.native], hasRemark: true),
    Choice(told: [TrialFixture.native], reference: TrialFixture.native),
  ]

  @Test("the reference is a remote cluster's runtime, or the last", arguments: choices)
  func reference(choice: Choice) {
    let trials =
      choice.told.map {
        TrialFixture.trial(.parity, $0, "facts", facts: TrialFixture.parityFacts())
      }
      + choice.untold.map {
        TrialFixture.trial(.parity, $0, "facts", outcome: .failed, reason: "no")
      }
    let parity = ExperimentReport(TrialFixture.run(trials), reference: choice.wanted).parity
    #expect(parity?.reference == choice.reference)
    #expect(parity?.sides.map(\.cell) ?? [] == choice.sides)
    #expect((parity?.remark != nil) == choice.hasRemark)
    #expect(parity?.sides.allSatisfy { $0.difference.findings.isEmpty } ?? true)
  }

  @Test("each runtime is compared fact by fact, with shares by group")
  func parity() throws {
    let parity = try #require(Self.report.parity)
    #expect(parity.sides.map(\.label) == ["local-native/reload", "local-cluster/sync"])
    let native = parity.sides[0]
    #expect(
      native.difference.findings.map { "\($0.key.group.rawValue)/\($0.key.name) \($0.texts)" } == [
        "runtime/python3 (here: \"3.11.7\", reference: \"3.11.2\")",
        "packages/python/flask (here: \"2.3\", reference: \"2.2.2\")",
        "environment/PATH (here: \"sha256:777777777777…\", reference: \"sha256:222222222222…\")",
      ])
    #expect(
      native.summary.groups.map { "\($0.group.rawValue) \($0.same)/\($0.compared)" } == [
        "runtime 0/1", "packages 1/2", "system 2/2", "environment 0/1", "network 0/0",
      ])
    #expect(parity.sides[1].difference.findings.isEmpty)
  }

  @Test("facts that aren't known for one reason are told of together, long groups are cut short")
  func brief() throws {
    func facts(_ version: String, count: Int) -> [TrialFact] {
      (0..<count).map { TrialFact("deb\($0)", version, group: "system-packages") }
    }
    let untold = [TrialFact("python/", "python3 didn't answer", group: "unknown-all packages")]
    let told = (0..<9).map { TrialFact("python/p\($0)", "1", group: "packages") }
    let run = TrialFixture.run([
      TrialFixture.trial(
        .parity, TrialFixture.native, "facts", facts: facts("1", count: 90) + untold),
      TrialFixture.trial(
        .parity, TrialFixture.remote, "facts", facts: facts("2", count: 90) + told),
    ])
    let section = try #require(ExperimentReport(run).sections.first)
    #expect(
      section.remarks == [
        "of local-native/reload, packages that begin with python/ couldn't be told: "
          + "python3 didn't answer"
      ])
    let table = try #require(section.tables.first { $0.title.hasPrefix("In what") })
    #expect(table.rows.count == 91)
    #expect(table.rows[0].texts == ["packages: 9 facts", "not known: python3 didn't answer", ""])
    #expect(table.short.rows.count == 8)
    #expect(table.short.rows.last?.texts == ["system-packages: 84 more", "", ""])
    let html = try HTMLRenderer().render(Comparison(run))
    #expect(html.contains("system-packages/deb89") && html.contains("<summary>51 more</summary>"))
  }

  // MARK: Renderers

  static let texts: [String] = {
    do {
      let comparison = try Comparison(TrialFixture.everything)
      return [
        TerminalRenderer().render(comparison), MarkdownRenderer().render(comparison),
        try HTMLRenderer().render(comparison),
      ]
    } catch {
      Issue.record("\(error)")
      return []
    }
  }()

  @Test(
    "every format shows the same figures, and the command that prints the trials", arguments: 0..<3)
  func formats(index: Int) throws {
    let text = Self.texts[index].replacing("\u{A0}", with: " ").replacing("&#39;", with: "'")
    for part in [
      "7 of 8", "0.405 s", "0.380–0.520 s", "33.0 MB", "32.0–34.0 MB", "0.085 s/min",
      "not possible",
      "devbench show 20261121-031500-9f3c", "devbench export 20261121-031500-9f3c --format json",
      "Traceback", "local-native has no container", "1 of 2, 50 %", "3.11.7", "3.11.2",
    ] { #expect(text.contains(part), "\(part)\n\(text)") }
    for part in [
      "Fastest", "wasn't measured", "Nothing was measured", "iterations measured", "NaN",
    ] {
      #expect(!text.contains(part), "\(part)")
    }
    #expect(index == 0 || text.contains(TrialFixture.memory))
  }

  @Test("the commands name the database that isn't the usual one")
  func database() throws {
    var comparison = try Comparison(TrialFixture.everything)
    comparison.experiments.databaseOption = " --db hub.sqlite"
    for text in [
      MarkdownRenderer().render(comparison), try HTMLRenderer().render(comparison),
      SampleTable(width: 400, databaseOption: " --db hub.sqlite").render(TrialFixture.everything),
    ] {
      #expect(text.contains("devbench export 20261121-031500-9f3c --format json --db hub.sqlite"))
    }
    #expect(
      MarkdownRenderer().render(comparison).contains(
        "devbench show 20261121-031500-9f3c --db hub.sqlite"))
  }

  @Test("the terminal's page fits 80 columns, without and with colour", arguments: [false, true])
  func width(colour: Bool) throws {
    let page = TerminalRenderer(colour: colour).render(try Comparison(TrialFixture.everything))
    for line in page.split(separator: "\n") {
      #expect(DisplayWidth.of(Emphasis.unpainted(String(line))) <= 80, "\(line)")
    }
  }

  @Test("the page is well-formed, and has no comparison where there is none")
  func html() throws {
    let structure = try Structure.of(page: Self.texts[2])
    #expect(structure.elements.count { $0.hasPrefix("table") } == 11)
    #expect(!Self.texts[2].contains("id=\"latency\"") && !Self.texts[2].contains("id=\"samples\""))
    #expect(Self.texts[2].contains("id=\"experiment-recovery\""))
  }

  @Test("a run with samples and trials shows both")
  func both() throws {
    var run = RunFixture.flask()
    run.experiments = [TrialFixture.trial(.recovery, RunFixture.reload, milliseconds: 400)]
    let comparison = try Comparison(run)
    #expect(!comparison.isOfExperiments && comparison.cells.count == 2)
    for text in [
      TerminalRenderer().render(comparison), MarkdownRenderer().render(comparison),
      try HTMLRenderer().render(comparison),
    ] {
      #expect(text.contains("95 % interval") && text.contains("process-killed"))
    }
    let show = SampleTable().render(run)
    #expect(show.contains("timed-out") && show.contains("process-killed"))
  }

  @Test("JSON has every trial, every finding, and null for what isn't there")
  func json() throws {
    let text = JSONRenderer().render(try Comparison(TrialFixture.everything))
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect((object["cells"] as? [Any])?.isEmpty == true)
    #expect((object["run"] as? [String: Any])?["purpose"] as? String == "experiment")
    let experiments = try #require(object["experiments"] as? [[String: Any]])
    #expect(experiments.count == 7)
    #expect(experiments[0]["median"] as? Double == 0.405)
    #expect((experiments[0]["trials"] as? [Any])?.count == 8)
    #expect((experiments[0]["outcomes"] as? [String: Int])?["timed-out"] == 1)
    #expect(experiments[1]["median"] is NSNull)
    let parity = try #require(object["parity"] as? [String: Any])
    #expect(parity["reference"] as? String == "remote-cluster/sync@lte")
    let runtimes = try #require(parity["runtimes"] as? [[String: Any]])
    #expect((runtimes[0]["findings"] as? [Any])?.count == 3)
    let plain = JSONRenderer().render(try Comparison(RunFixture.flask()))
    #expect(plain.contains("\"experiments\": []") && plain.contains("\"parity\": null"))
  }

  @Test("the names in JSON are those of docs/json.md")
  func names() throws {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
        "docs/json.md")
    let documentation = try String(contentsOf: page, encoding: .utf8)
      .components(separatedBy: "## devbench compare")[0]
    func keys(_ value: Any) -> Set<String> {
      if let object = value as? [String: Any] {
        return object.reduce(into: []) {
          $0.formUnion([$1.key]); $0.formUnion(keys($1.value))
        }
      }
      return (value as? [Any] ?? []).reduce(into: []) { $0.formUnion(keys($1)) }
    }
    let text = JSONRenderer().render(try Comparison(TrialFixture.everything))
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let own = keys(["a": object["experiments"], "b": object["parity"]]).subtracting(["a", "b"])
    #expect(own.count > 30)
    let missing = own.filter { !documentation.contains("`\($0)`") }
    #expect(missing.isEmpty, "\(missing.sorted())")
  }

  static let figureTexts: [(Double, Figure.Unit, String)] = [
    (1.2345, .seconds, "1.234 s"), (-0.043, .seconds, "-43 ms"), (0, .seconds, "0 s"),
    (34e6, .bytes, "34.0 MB"), (340e6, .bytes, "340 MB"), (0, .bytes, "0 B"),
    (-1.4e3, .bytes, "-1.4 kB"),
    (1e300, .bytes, "1e+300 B"), (0.085, .secondsPerMinute, "0.085 s/min"),
    (0.000_4, .secondsPerMinute, "<0.001 s/min"),
    (60, .secondsPerMinute, "60.00 s/min"), (0.124, .share, "12 %"), (3, .count, "3"),
    (2.5, .count, "2.5"),
  ]

  @Test("figures have units", arguments: figureTexts)
  func figure(value: Double, unit: Figure.Unit, text: String) {
    #expect(FigureText.text(value, unit) == text)
    #expect(FigureText.range(value, value, unit) == DurationText.none)
  }

  @Test("the list of runs says what a run of experiments holds")
  func runs() {
    let listings = [
      RunListing(
        id: "20261121-031500-9f3c", scenario: "flask-hello", startedAt: RunFixture.startedAt,
        status: .finished, cells: 3, attempted: 0, served: 0,
        experiments: [
          .init(.recovery, trials: 8, completed: 7), .init(.parity, trials: 3, completed: 3),
        ])
    ]
    let page = RunsTable().render(listings)
    #expect(page.contains("10 of 11 trials") && page.contains("recovery"), "\(page)")
    #expect(page.split(separator: "\n").allSatisfy { DisplayWidth.of(String($0)) <= 80 })
  }

  @Test("every trial is shown, with what it found or why it didn't complete")
  func show() {
    let page = SampleTable().render(TrialFixture.everything)
    for part in [
      "recovery,", "process-killed", "timed out", "not possible", "memory", "7 facts", "hand: none",
    ] { #expect(page.contains(part), "\(part)\n\(page)") }
    #expect(page.split(separator: "\n").allSatisfy { DisplayWidth.of(String($0)) <= 80 })
  }
}
