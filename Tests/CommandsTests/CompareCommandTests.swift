import Foundation
import Measurement
import ResultStore
import Testing

/// `devbench compare` on databases whose runs are known.
@Suite(.serialized, .timeLimit(.minutes(5))) struct CompareCommandTests {
  typealias Runs = StoredRuns

  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var runs: [StoredRun]
    var arguments: [String] = []
    var status: Int32
    var output = ""
    var errors = ""
  }

  static let cases = [
    Case(
      testDescription: "the same",
      runs: [Runs.run("a"), Runs.run("b", days: 1)], status: 0, output: "1 equivalent of 1 cell."),
    Case(
      testDescription: "slower",
      runs: [Runs.run("a"), Runs.run("b", days: 1, Runs.slower(1.3))], status: 2,
      output: "1 regression of 1 cell."),
    Case(
      testDescription: "faster",
      runs: [Runs.run("a"), Runs.run("b", days: 1, Runs.slower(0.7))], status: 0,
      output: "1 improvement of 1 cell."),
    Case(
      testDescription: "slower, but by less than counts",
      runs: [Runs.run("a"), Runs.run("b", days: 1, Runs.slower(1.3))],
      arguments: ["--margin", "50"], status: 0, output: "1 equivalent of 1 cell."),
    Case(
      testDescription: "not served any more",
      runs: [Runs.run("a"), Runs.run("b", days: 1, Array(repeating: -1, count: 10))], status: 2,
      output: "served 10 of 10 before, 0 of 10 after"),
    Case(
      testDescription: "too few to say",
      runs: [Runs.run("a", [200, 201, 202]), Runs.run("b", days: 1, [400, 401, 402])], status: 3,
      output: "would decide"),
    Case(
      testDescription: "nothing measured",
      runs: [Runs.run("a"), Runs.run("b", days: 1, [])], status: 1,
      errors: "Nothing could be compared."),
    Case(
      testDescription: "another machine",
      runs: [Runs.run("a", kernel: "Linux 5"), Runs.run("b", days: 1, Runs.slower(1.3))],
      status: 1, output: "differ in kernel", errors: "Nothing could be compared."),
    Case(
      testDescription: "another machine, across",
      runs: [Runs.run("a", kernel: "Linux 5"), Runs.run("b", days: 1, Runs.slower(1.3))],
      arguments: ["--across"], status: 2, output: "across what isn't alike (kernel)"),
    Case(
      testDescription: "one run only", runs: [Runs.run("a")], status: 1,
      errors: "There is no run of stored before run a to compare it with."),
    Case(
      testDescription: "a run with itself", runs: [Runs.run("a"), Runs.run("b", days: 1)],
      arguments: ["a", "a"], status: 1, errors: "run a is on both sides"),
    Case(
      testDescription: "runs of two scenarios",
      runs: [Runs.run("a"), Runs.run("b", days: 1, scenario: "other")], arguments: ["a", "b"],
      status: 1, errors: "base measured the scenario stored, head other"),
    Case(
      testDescription: "an alarm that can't be measured again",
      runs: [Runs.run("a"), Runs.run("b", days: 1, Runs.slower(1.3))], arguments: ["--confirm"],
      status: 64, output: "1 regression of 1 cell."),
    Case(
      testDescription: "nothing to confirm",
      runs: [Runs.run("a"), Runs.run("b", days: 1)], arguments: ["--confirm"], status: 0),
  ]

  @Test(arguments: cases) func `the exit status says what a comparison came to`(_ example: Case)
    async throws
  {
    let bench = try await Bench()
    try ExchangeTests.store(example.runs, bench.database)
    let compare = try await bench.start(
      ["compare"] + example.arguments + ["--db", bench.database], toFile: true
    ).finish()
    #expect(compare.status == example.status, "\(compare.all)")
    let output = compare.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(output.says(example.output), "\(compare.all)")
    #expect(compare.errors.says(example.errors), "\(compare.all)")
    #expect(compare.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(!compare.output.contains("\u{1B}"))
  }

  // MARK: References

  /// Runs of the labels `base:` and `head:`, or a part of what is said.
  static let references: [(arguments: [String], base: [String], head: [String], refusal: String)] =
    [
      ([], ["r4"], ["r5"], ""),
      (["r1"], ["r1"], ["r5"], ""),
      (["r1", "r3"], ["r1"], ["r3"], ""),
      (["--base", "r1", "--head", "r3"], ["r1"], ["r3"], ""),
      (["--head", "r3"], ["r2"], ["r3"], ""),
      (["--head", "latest~2"], ["r2"], ["r3"], ""),
      (["latest~1"], ["r4"], ["r5"], ""),
      (["latest~4", "latest"], ["r1"], ["r5"], ""),
      (["last:2"], ["r3", "r4"], ["r5"], ""),
      (["last:20"], ["r1", "r2", "r3", "r4"], ["r5"], ""),
      (["last:20", "last:2"], ["r1", "r2", "r3"], ["r4", "r5"], ""),
      (["branch:main", "branch:topic"], ["r1", "r2", "r3"], ["r4", "r5"], ""),
      (["--head", "branch:topic"], ["r3"], ["r4", "r5"], ""),
      (["--scenario", "stored", "commit:FIRST", "commit:SECOND"], ["r1", "r2"], ["r3"], ""),
      (["main", "HEAD"], ["r3"], ["r4", "r5"], ""),
      (["first", "r5"], ["r1", "r2"], ["r5"], ""),
      (["--scenario", "other"], ["x1"], ["x2"], ""),
      (["--scenario", "other", "commit:FIRST", "latest"], ["x1"], ["x2"], ""),
      // A calibration or a confirmation is taken only by its name.
      (["k1", "r1"], ["k1"], ["r1"], ""),

      (["commit:FIRST", "commit:SECOND"], [], [], "There are runs of other, stored for commit"),
      (["latest~5"], [], [], "latest~5 isn't there: stored has 5 runs to choose from."),
      (["--head", "r1"], [], [], "There is no run of stored before run r1"),
      (["latest~x"], [], [], "latest~x has no whole number; write latest~2 or last:20."),
      (["latest~-1"], [], [], "has no whole number"),
      (["last:0"], [], [], "last:0 has no whole number"),
      (["branch:nobody"], [], [], "There is no run of branch nobody for stored."),
      (["commit:nobody"], [], [], "git knows no commit nobody here"),
      (["nobody"], [], [], "No run in"), (["nobody"], [], [], "Nor does git know a commit"),
      (["commit:--help"], [], [], "git knows no commit --help here"),
      (["unmeasured"], [], [], "There is no run of commit"),
      (["r"], [], [], "r1"),
      (["last:1", "--scenario", "no-such"], [], [], "no-such has 0 runs to choose from"),
    ]

  @Test(
    arguments: [
      (["compare"], true, "r1"), (["compare", "last:5"], true, "r1"),
      (["compare", "r1", "latest"], true, "r2"), (["compare", "r1", "r2"], false, "r2"),
      (["report"], true, ""), (["report", "far-off"], false, ""), (["show", "latest"], true, ""),
      (["export", "--format", "csv"], true, "r2"),
      (["export", "--format", "csv", "far-off"], false, "far-off"),
    ] as [([String], Bool, String)])
  func `a run that a wrong clock dated later than now is named, and never the newest`(
    _ arguments: [String], isTold: Bool, output: String
  ) async throws {
    let bench = try await Bench()
    try ExchangeTests.store(
      [Runs.run("r1", days: -2), Runs.run("far-off", days: 100_000), Runs.run("r2", days: -1)],
      bench.database)
    let finished = try await bench.start(
      arguments + ["--db", bench.database], toFile: true
    ).finish()
    #expect(finished.status == 0, "\(finished.all)")
    let notice = "Run far-off is dated later than now; a clock was wrong."
    #expect(finished.errors.contains(notice) == isTold, "\(finished.all)")
    #expect(finished.output.says(output), "\(finished.all)")
    #expect(finished.output.contains("far-off") == arguments.contains("far-off"), "\(finished.all)")
  }

  @Test func `references name runs by id, place, commit and branch`() async throws {
    let bench = try await Bench()
    let repository = try await Repository(at: bench.path)
    let first = try await repository.commit("first")
    try await repository.git("tag", "first")
    let second = try await repository.commit("second")
    try await repository.git("checkout", "--quiet", "-b", "topic")
    let third = try await repository.commit("third")
    try await repository.git("tag", "unmeasured", try await repository.git("rev-parse", "HEAD"))
    let fourth = try await repository.commit("fourth")
    #expect(Set([first, second, third, fourth]).count == 4)
    try ExchangeTests.store(
      [
        Runs.run("r1", days: 1, commit: first, branch: "main"),
        Runs.run("r2", days: 2, commit: first, branch: "main"),
        Runs.run("r3", days: 3, commit: second, branch: "main"),
        Runs.run("r4", days: 4, commit: fourth, branch: "topic"),
        Runs.run("r5", days: 5, commit: fourth, branch: "topic"),
        Runs.run("x1", days: 1, scenario: "other", commit: first, branch: "main"),
        Runs.run("x2", days: 2, scenario: "other", commit: second, branch: "main"),
        Runs.run("k1", days: 9, commit: first, branch: "main", purpose: .calibration),
        Runs.run("k2", days: 9, commit: second, branch: "topic", purpose: .confirmation),
      ], bench.database)
    for (arguments, base, head, refusal) in Self.references {
      let named = arguments.map {
        $0.replacing("FIRST", with: first).replacing("SECOND", with: second.prefix(10))
      }
      let compare = try await bench.start(
        ["compare", "--format", "json", "--db", bench.database] + named, toFile: true
      ).finish()
      guard refusal.isEmpty else {
        #expect(compare.status == 1, "\(arguments): \(compare.all)")
        #expect(compare.errors.contains(refusal), "\(arguments): \(compare.all)")
        #expect(compare.output == "")
        continue
      }
      #expect(compare.status == 0, "\(arguments): \(compare.all)")
      let report = try compare.output.json
      for (side, expected) in [("base", base), ("head", head)] {
        let runs = (report[side] as? [String: Any])?["runs"] as? [String]
        #expect(runs == expected, "\(arguments), \(side)")
      }
    }
  }

  @Test func `outside a repository a commit is no run, and that is said`() async throws {
    let bench = try await Bench()
    try ExchangeTests.store([Runs.run("a"), Runs.run("b", days: 1)], bench.database)
    let compare = try await bench.devbench(
      "compare", "HEAD", environment: ["GIT_CEILING_DIRECTORIES": bench.path + "/.."])
    #expect(compare.status == 1)
    #expect(compare.errors.contains("No run in"), "\(compare.all)")
  }

  // MARK: Options

  @Test(arguments: [
    (["a", "b", "--base", "a"], "Name each side once"),
    (["a", "b", "--head", "a"], "Name each side once"),
    (["--margin", "0"], "--margin is above 0 to 100 percent, not 0.0."),
    (["--margin", "101"], "--margin is above 0"), (["--margin", "nan"], "--margin is above 0"),
    (["--confirm", "--iterations", "9"], "--iterations is from 10 to 1000, not 9."),
    (["--format", "xml"], "xml"), (["a", "b", "c"], "c"),
  ]) func `wrong options are refused`(_ arguments: [String], sentence: String) async throws {
    let bench = try await Bench()
    let compare = try await bench.start(
      ["compare"] + arguments + ["--db", bench.database], toFile: true
    ).finish()
    #expect(compare.status == 64, "\(compare.all)")
    #expect(compare.errors.contains(sentence), "\(compare.all)")
    #expect(!FileManager.default.fileExists(atPath: bench.database))
  }

  @Test func `every format goes where it is asked to`() async throws {
    let bench = try await Bench()
    try ExchangeTests.store(
      [Runs.run("a"), Runs.run("b", days: 1, Runs.slower(1.3))], bench.database)
    let html = try await bench.devbench("compare", "--format", "html")
    #expect(html.status == 2 && html.output == "")
    #expect(html.errors == "Wrote reports/stored-compare-b.html\n")
    let page = try String(
      contentsOfFile: bench.inner("reports/stored-compare-b.html"), encoding: .utf8)
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("1 regression of 1 cell."))

    let markdown = try await bench.devbench("compare", "--format", "markdown")
    #expect(markdown.output.hasPrefix("### stored: regression\n"), "\(markdown.all)")
    let file = try await bench.devbench(
      "compare", "--format", "json", "--output", "deep/compare.json")
    #expect(file.status == 2 && file.output == "" && file.errors == "Wrote deep/compare.json\n")
    let text = try String(contentsOfFile: bench.inner("deep/compare.json"), encoding: .utf8)
    #expect(try text.json["outcome"] as? String == "regression")
    let unwritable = try await bench.devbench("compare", "--output", "/proc/x.txt")
    #expect(unwritable.status == 1)
    #expect(unwritable.errors.contains("Give another place with --output"))
  }

  @Test func `a scenario's name from a foreign database leads nowhere but to reports`() async throws
  {
    let bench = try await Bench()
    let name = "../../etc/<x> \u{1B}[2J"
    try ExchangeTests.store(
      [Runs.run("a", scenario: name), Runs.run("b", days: 1, scenario: name)], bench.database)
    let html = try await bench.devbench("compare", "--format", "html")
    #expect(html.status == 0, "\(html.all)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: bench.inner("reports")).count == 1)
    #expect(!html.errors.contains("\u{1B}"))
    let terminal = try await bench.devbench("compare")
    #expect(terminal.status == 0 && !terminal.output.contains("\u{1B}"))
  }
}
