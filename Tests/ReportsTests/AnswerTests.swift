import Measurement
import ResultStore
import Statistics
import Testing

@testable import Reports

@Suite("The answer a report begins with")
struct AnswerTests {
  static let sync = Cell(workflow: .localCluster, path: .sync, edit: "message")

  /// Milliseconds; 60,000 are a time-out, 0 a failure. The order is interleaved: samples pair up by their place.
  static func run(_ times: [(Cell, [Int64])]) -> StoredRun {
    let samples = times.flatMap { cell, times in
      times.enumerated().map { index, time in
        RunFixture.sample(
          cell, index + 1, milliseconds: time,
          outcome: time == 60_000 ? .timedOut : time == 0 ? .failed : .served)
      }
    }
    return StoredRun(record: RunFixture.record(cells: times.map(\.0)), samples: samples)
  }

  static func text(_ run: StoredRun, baseline: String? = nil) throws -> String {
    try Comparison(run, baseline: baseline).answerSentences.map(\.text).joined(separator: "\n")
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let times: [(Cell, [Int64])]
    let lines: [String]
  }

  static let six: [Int64] = [200, 199, 201, 202, 198, 203]
  static let slow: [Int64] = [410, 430, 400, 420, 405, 415]
  static let reload = RunFixture.reload
  static let restart = RunFixture.restart

  static let cases = [
    Case(
      testDescription: "the slower one comes second, whatever the scenario's order",
      times: [(reload, slow), (restart, six)],
      lines: [
        "Fastest: restart, 0.201 s from save to served (median; 95 % interval 0.198–0.203 s).",
        "Next: reload takes 2.1 times as long (95 % interval 2.0–2.1).",
        "Most of restart's 0.201 s is unattributed (0.101 s); of reload's 0.412 s is unattributed (0.206 s).",
      ]),
    Case(
      testDescription: "a tie names both",
      times: [(reload, six), (restart, [190, 210, 200, 202, 198, 205])],
      lines: [
        "No difference shown between the fastest: reload, 0.201 s from save to served (median; 95 % interval "
          + "0.198–0.203 s) and restart, 0.201 s (0.193–0.208 s). The second takes 1.00 times as long (95 % "
          + "interval 0.97–1.04)."
      ]),
    Case(
      testDescription: "few pairs are a hint",
      times: [(reload, [200, 201, 202]), (restart, [100, 101, 102])],
      lines: [
        "Fastest: restart, 0.101 s from save to served (median of 3).",
        "Next: reload takes 2.0 times as long",
        "Only 3 pairs of edits: a hint, no proof.",
      ]),
    Case(
      testDescription: "one edit compares with nothing", times: [(reload, six), (restart, [100])],
      lines: [
        "Fastest: restart, 0.100 s from save to served (median of 1).",
        "Too few edits were served to compare reload with it.",
      ]),
    Case(
      testDescription: "none is the fastest by failing: most of restart's edits timed out",
      times: [(reload, slow), (restart, [100, 100] + [60_000, 60_000, 60_000, 60_000])],
      lines: [
        "Fastest: reload, 0.412 s", "Not every edit was served: restart 2 of 6.",
      ]),
    Case(
      testDescription: "one that wasn't served counts as slower",
      times: [(reload, six), (restart, [100, 101, 102, 103, 104, 0])],
      lines: [
        "Fastest: restart, 0.102 s from save to served (median; 95 % interval ≥ 0.100 s).",
        "Next: reload takes 2.0 times as long", "Only 5 pairs of edits: a hint, no proof.",
        "Not every edit was served: restart 5 of 6. One that wasn't counts as slower than all that were.",
      ]),
    Case(
      testDescription: "faster where it was served, slower with what wasn't: not clear",
      times: [
        (reload, [Int64](repeating: 200, count: 20)),
        (
          restart,
          [Int64](repeating: 100, count: 9) + [300, 300] + [Int64](repeating: 60_000, count: 9)
        ),
      ],
      lines: [
        "Not clear which is the fastest, since not all was served: reload, 0.200 s",
        "and restart, 0.300 s",
      ]),
    Case(
      testDescription: "none served", times: [(reload, [60_000, 0]), (restart, [0, 0])],
      lines: ["None of 4 edits was served, by no cell."]),
    Case(
      testDescription: "few served everywhere",
      times: [(reload, [100, 0, 0]), (restart, [0, 0, 0])],
      lines: ["No cell served most of its edits, so none is the fastest: reload 1 of 3."]),
    Case(
      testDescription: "one wasn't measured", times: [(reload, six), (restart, [])],
      lines: ["Only one was measured: reload, 0.201 s", "Not measured: restart."]),
    Case(
      testDescription: "nothing was measured", times: [(reload, []), (restart, [])],
      lines: ["Nothing was measured."]),
    Case(
      testDescription: "one cell, six edits", times: [(reload, six)],
      lines: [
        "reload, 0.201 s from save to served (median; 95 % interval 0.198–0.203 s), served 6 of 6; there is "
          + "no other cell to compare it with."
      ]),
    Case(
      testDescription: "one cell, few served", times: [(reload, [100, 60_000, 60_000])],
      lines: ["reload was served only 1 of 3: too few for a median."]),
  ]

  @Test("in every case", arguments: cases)
  func sentences(test: Case) throws {
    let text = try Self.text(Self.run(test.times))
    for line in test.lines { #expect(text.contains(line), "\(text)") }
  }

  @Test("with a tie, the next is the first that is shown to be slower")
  func tieAndNext() throws {
    let text = try Self.text(
      Self.run([
        (Self.sync, Self.slow), (Self.reload, Self.six),
        (Self.restart, [190, 210, 200, 202, 198, 205]),
      ]))
    #expect(text.contains("No difference shown between the fastest: local-native/reload"))
    #expect(
      text.contains("Next: local-cluster/sync takes 2.1 times as long as local-native/reload"))
  }

  @Test("the ratio is the one that the table has, whichever cell is the baseline")
  func ratios() throws {
    let run = Self.run([(Self.reload, Self.slow), (Self.restart, Self.six)])
    for baseline in ["reload", "restart"] {
      let comparison = try Comparison(run, baseline: baseline)
      let ratio = try #require(comparison.answers[0].next?.ratio)
      let shown = try #require(comparison.cells.compactMap(\.ratio).first)
      #expect(ratio == (baseline == "restart" ? shown : shown.inverted))
      #expect(ratio.pairs == 6)
    }
  }

  @Test("cells of different edits aren't compared: each edit has its answer")
  func edits() throws {
    let other = Cell(workflow: .localNative, path: .reload, edit: "style")
    let otherRestart = Cell(workflow: .localNative, path: .restart, edit: "style")
    let comparison = try Comparison(
      Self.run([
        (Self.reload, Self.slow), (Self.restart, Self.six), (other, [10, 11, 12, 13, 14, 15]),
        (otherRestart, Self.slow),
      ]))
    #expect(
      comparison.answers.map { $0.fastest?.cell.label } == ["restart/message", "reload/style"])
    let text = comparison.answerSentences.map(\.text)
    #expect(text.contains { $0.hasPrefix("Edit style: Fastest: reload/style") })
  }

  @Test("every format but JSON begins with it; JSON has its figures")
  func formats() throws {
    let comparison = try Comparison(Self.run([(Self.reload, Self.slow), (Self.restart, Self.six)]))
    let pages = [
      TerminalRenderer(width: 200).render(comparison), MarkdownRenderer().render(comparison),
      try HTMLRenderer().render(comparison).replacing("\u{A0}", with: " "),
    ]
    for page in pages {
      let before = page.split(separator: "Fastest: restart, 0.201 s").first ?? ""
      #expect(before.utf8.count < page.utf8.count && !before.contains("served  "))
      #expect(page.contains("A name such as restart is path: how an edit gets into it."))
    }
    #expect(
      JSONRenderer().render(comparison).contains(#""fastest": "local-native/restart/message""#))
  }

  @Test("every phase that a workflow names is explained, in the page and in Markdown")
  func phases() throws {
    let names = [
      "detect", "notice", "pack", "transfer", "build", "push", "pull", "deploy", "stop",
      "grace period", "start", "reload", "respond", Phase.unattributed,
    ]
    #expect(names.allSatisfy { Glossary.meaning(ofPhase: $0) != nil })
    #expect(Glossary.meaning(ofPhase: "a scenario's own") == nil)
    let comparison = try Comparison(RunFixture.flask())
    #expect(
      comparison.phaseWords.map(\.term) == ["detect", "reload", "stop", "start", "unattributed"])
    let html = try HTMLRenderer().render(comparison)
    #expect(html.contains("<strong>stop</strong> until the old app has ended"))
    #expect(
      MarkdownRenderer().render(comparison).contains("- **stop**: until the old app has ended"))
  }
}
