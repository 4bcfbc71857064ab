import Measurement
import Testing

/// What is read off the edits of a trial.
struct FaultTrialTests {
  /// A trial with one fault from 10 s to 15 s, or several.
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var spans: [(Int, Int)] = [(10_000, 15_000)]
    /// Milliseconds: saved, served.
    var edits: [(Int, Int?)]
    /// A word a fault: `served/saved`, and behind a slash after how many milliseconds edits came back.
    var expected: [String]
  }

  static let cases: [Case] = [
    Case(
      testDescription: "a workflow that goes on serves all and doesn't come back",
      edits: [(1_000, 1_200), (11_000, 11_200), (13_000, 13_200), (16_000, 16_200)],
      expected: ["2/2"]),
    Case(
      testDescription:
        "an edit saved just before the end that takes as long as ever wasn't held up",
      edits: [(1_000, 1_200), (14_900, 15_150), (16_000, 16_200)], expected: ["1/1"]),
    Case(
      testDescription: "an edit saved just before the end that takes longer was held up",
      edits: [(1_000, 1_200), (14_900, 15_450), (16_000, 16_200)], expected: ["0/1/450"]),
    Case(
      testDescription: "edits that wait come back with the first that is served",
      edits: [(1_000, 1_200), (11_000, nil), (13_000, 15_700), (17_000, 17_200)],
      expected: ["0/2/700"]),
    Case(
      testDescription: "where none is served any more there is no way back",
      edits: [(1_000, 1_200), (11_000, nil), (13_000, nil)], expected: ["0/2/-"]),
    Case(
      testDescription: "without a save meanwhile there is nothing to say",
      edits: [(1_000, 1_200), (16_000, 16_200)], expected: ["0/0"]),
    Case(
      testDescription: "each of two faults has its own",
      spans: [(10_000, 15_000), (20_000, 22_000)],
      edits: [
        (1_000, 1_200), (11_000, 15_300), (17_000, 17_200), (20_500, nil), (21_500, 22_100),
      ], expected: ["0/1/300", "0/2/100"]),
    Case(
      testDescription: "what is served only after the next fault didn't come back before it",
      spans: [(10_000, 15_000), (16_000, 17_000)],
      edits: [(1_000, 1_200), (11_000, nil), (16_500, 17_400)], expected: ["0/1/-", "0/1/400"]),
    Case(
      testDescription: "where a fault concerns every edit, only what was served meanwhile counts",
      spans: [(0, 5_000)], edits: [(1_000, 1_200), (4_900, 5_100)], expected: ["1/2/100"]),
  ]

  @Test(arguments: cases) func isReadOffTheEdits(_ example: Case) {
    let spans = example.spans.map { from, to in
      FaultSpan(link: "offline", from: .milliseconds(from), to: .milliseconds(to))
    }
    let trial = FaultTrial(
      cell: Cell(workflow: .remoteCluster, path: .sync, edit: "message"), spans: spans,
      edits: example.edits.map { saved, served in
        FaultEdit(
          token: "t\(saved)", savedAt: .milliseconds(saved),
          outcome: served == nil ? .superseded : .served,
          servedAt: served.map { .milliseconds($0) })
      })
    let found = spans.map { span in
      let counts = "\(trial.served(during: span).count)/\(trial.saved(during: span).count)"
      guard trial.isHeldUp(during: span) else { return counts }
      let back = trial.back(after: span).map { "\($0 / .milliseconds(1))" }
      return "\(counts)/\(back.map { $0.prefix { $0 != "." } } ?? "-")"
    }
    #expect(found == example.expected)
  }
}
