import Foundation
import Measurement
import ResultStore
import Testing

/// `devbench trend`, `bless` and `unbless` on databases whose runs are known.
@Suite(.serialized, .timeLimit(.minutes(5))) struct TrendCommandTests {
  typealias Runs = StoredRuns
  static let name = "local-native/reload/message"

  /// A run a night, named `n00` and on; each level is a number of nights and a factor.
  static func nights(
    _ levels: (Int, Double)..., scenario: String = "stored", from first: Int = 0,
    last: RunRecord.Status = .finished
  ) -> [StoredRun] {
    let factors = levels.flatMap { Array(repeating: $0.1, count: $0.0) }
    return factors.enumerated().map { index, factor in
      // Nights differ by a hundredth.
      let noise = 1 + [0, 0.01, -0.01, 0.005, -0.005][index % 5]
      let number = index + first
      return Runs.run(
        (scenario == "stored" ? "n" : scenario) + (number < 10 ? "0\(number)" : "\(number)"),
        days: Double(number) - 60, Runs.slower(factor * noise), scenario: scenario,
        branch: index.isMultiple(of: 2) ? "main" : "topic",
        status: index == factors.count - 1 ? last : .finished)
    }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var runs: [StoredRun]
    var arguments: [String] = ["--gate"]
    var status: Int32
    var output = ""
    var errors = ""
  }

  static let cases = [
    Case(
      testDescription: "steady", runs: nights((20, 1)), status: 0,
      output: "No regression, 1 series judged."),
    Case(
      testDescription: "slower", runs: nights((20, 1), (10, 1.3)), status: 2,
      output: "since run n20"),
    Case(
      testDescription: "slower, without a gate", runs: nights((20, 1), (10, 1.3)), arguments: [],
      status: 0, output: "1 regression, 1 series judged."),
    Case(
      testDescription: "faster", runs: nights((20, 1), (10, 0.7)), status: 0,
      output: "No regression"),
    Case(
      testDescription: "slower, but by less than counts", runs: nights((20, 1), (10, 1.3)),
      arguments: ["--gate", "--margin", "50"], status: 0, output: "No regression"),
    Case(
      testDescription: "slower, but the nights before aren't asked for",
      runs: nights((20, 1), (10, 1.3)), arguments: ["--gate", "--last", "10"], status: 0),
    Case(
      testDescription: "slower, since then", runs: nights((20, 1), (10, 1.3)),
      arguments: ["--gate", "--since", "2026-10-12"], status: 0),
    Case(
      testDescription: "too few", runs: nights((9, 1)), status: 1, output: "1 too short",
      errors: "No series is long enough to be judged."),
    Case(
      testDescription: "too few, without a gate", runs: nights((9, 1)), arguments: [], status: 0),
    Case(
      testDescription: "too few of a branch", runs: nights((16, 1)),
      arguments: ["--gate", "--branch", "main"], status: 1, output: "8 runs from"),
    Case(
      testDescription: "the newest failed", runs: nights((20, 1), last: .failed), status: 1,
      output: "The newest run, n19, failed", errors: "The newest run failed"),
    Case(
      testDescription: "slower, and the newest failed",
      runs: nights((20, 1), (10, 1.3), last: .failed), status: 2),
    Case(
      testDescription: "one of two scenarios is slower",
      runs: nights((20, 1)) + nights((20, 1), (10, 1.3), scenario: "other"), status: 2,
      output: "1 regression, 2 series judged."),
    Case(
      testDescription: "only the other scenario",
      runs: nights((20, 1)) + nights((20, 1), (10, 1.3), scenario: "other"),
      arguments: ["stored", "--gate"], status: 0, output: "No regression, 1 series judged."),
    Case(
      testDescription: "no such scenario", runs: nights((20, 1)), arguments: ["nope"], status: 64,
      errors: "there are runs of stored"),
    Case(
      testDescription: "no such branch", runs: nights((20, 1)), arguments: ["--branch", "x"],
      status: 1, errors: "No run is left by --since, --last and --branch"),
    Case(
      testDescription: "--last 0", runs: nights((2, 1)), arguments: ["--last", "0"], status: 64,
      errors: "--last is 1 or more, not 0."),
    Case(
      testDescription: "--margin 0", runs: nights((2, 1)), arguments: ["--margin", "0"],
      status: 64, errors: "--margin is above 0 to 100 percent"),
    Case(
      testDescription: "--since no date", runs: nights((2, 1)), arguments: ["--since", "May"],
      status: 64, errors: "May"),
  ]

  @Test(arguments: cases) func `the exit status says what a gate found`(_ example: Case)
    async throws
  {
    let bench = try await Bench()
    try ExchangeTests.store(example.runs, bench.database)
    let trend = try await bench.start(
      ["trend"] + example.arguments + ["--db", bench.database], toFile: true
    ).finish()
    #expect(trend.status == example.status, "\(trend.all)")
    let output = trend.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(output.says(example.output), "\(trend.all)")
    #expect(trend.errors.says(example.errors), "\(trend.all)")
    #expect(trend.output.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(trend.all)")
  }

  @Test func `every format goes where it is asked to`() async throws {
    let bench = try await Bench()
    try ExchangeTests.store(Self.nights((20, 1), (10, 1.3)), bench.database)
    for (arguments, path) in [
      (["trend"], "reports/all-trend.html"), (["trend", "stored"], "reports/stored-trend.html"),
    ] {
      let html = try await bench.start(
        arguments + ["--format", "html", "--db", bench.database], toFile: true
      ).finish()
      #expect(html.status == 0 && html.output == "" && html.errors == "Wrote \(path)\n")
      let page = try String(contentsOfFile: bench.inner(path), encoding: .utf8)
      #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("1 regression"))
    }
    let json = try await bench.devbench("trend", "--format", "json")
    #expect(try json.output.json["regressions"] as? Int == 1)
    let markdown = try await bench.devbench("trend", "--format", "markdown", "--gate")
    #expect(markdown.status == 2 && markdown.output.hasPrefix("**1 regression"))
  }

  // MARK: Blessings

  @Test func `what is blessed is no regression, until it is taken back`() async throws {
    let bench = try await Bench()
    try ExchangeTests.store(Self.nights((20, 1), (10, 1.3)), bench.database)
    #expect(try await bench.devbench("trend", "--gate").status == 2)
    let bless = try await bench.devbench(
      "bless", Self.name, "--run", "n20", "--why", "Flask 3 needs it")
    #expect(bless.status == 0, "\(bless.all)")
    #expect(bless.output == "Blessed \(Self.name) of stored from run n20 on.\n")
    let fine = try await bench.devbench("trend", "--gate")
    #expect(fine.status == 0, "\(fine.all)")
    #expect(fine.output.contains("blessed from run n20 on: Flask 3 needs it"), "\(fine.all)")
    let unbless = try await bench.devbench("unbless", Self.name)
    #expect(unbless.status == 0)
    #expect(unbless.output == "Took back the blessing of \(Self.name) of stored.\n")
    #expect(try await bench.devbench("trend", "--gate").status == 2)
    let again = try await bench.devbench("unbless", Self.name)
    #expect(again.status == 1)
    #expect(again.errors == "Nothing of \(Self.name) is blessed; `devbench trend` shows what is.\n")
  }

  @Test func `of several blessings one can be taken back, or all of one scenario`() async throws {
    let bench = try await Bench()
    try ExchangeTests.store(
      Self.nights((12, 1)) + Self.nights((3, 1), scenario: "other"), bench.database)
    for run in ["n03", "n05", "n07", "other01"] {
      let bless = try await bench.devbench("bless", Self.name, "--run", run, "--why", "so")
      #expect(bless.status == 0, "\(bless.all)")
    }
    let unclear = try await bench.devbench("unbless", Self.name)
    #expect(unclear.status == 64)
    #expect(unclear.errors.contains("blessed in other, stored; say which with --scenario"))
    let one = try await bench.devbench("unbless", Self.name, "--run", "n05")
    #expect(one.output == "Took back the blessing of \(Self.name) of stored.\n", "\(one.all)")
    let all = try await bench.devbench("unbless", Self.name, "--scenario", "stored")
    #expect(all.output == "Took back 2 blessings of \(Self.name) of stored.\n", "\(all.all)")
    #expect(try await bench.devbench("unbless", Self.name, "--run", "n05").status == 1)
    #expect(try await bench.devbench("unbless", Self.name).status == 0)
  }

  @Test(
    arguments: [
      (["bless", "nope", "--run", "n01", "--why", "x"], 64, "Run n01 has no cell “nope”; it has"),
      (["bless", name, "--run", "x", "--why", "x"], 1, "No run in"),
      (["bless", name, "--run", "n01", "--why", "  \n"], 64, "--why says why, in words."),
      (["bless", name, "--run", "n01"], 64, "--why"), (["bless", name, "--why", "x"], 64, "--run"),
      (
        ["bless", name, "--run", "empty", "--why", "x"], 64,
        "Run empty is no point in the history of \(name): it ended before measuring it."
      ), (["bless", name, "--run", "k", "--why", "x"], 64, "it is a calibration."),
      (["bless", "--run", "n01", "--why", "x"], 64, "cell"), (["unbless"], 64, "cell"),
      (["unbless", name, "--run", "x"], 1, "No run in"),
      (["unbless", name, "--scenario", "nope"], 1, "Nothing of"),
      (["unbless", "nope"], 1, "Nothing of nope is blessed"),
    ] as [([String], Int32, String)])
  func `what can't be blessed is told`(_ arguments: [String], status: Int32, sentence: String)
    async throws
  {
    let bench = try await Bench()
    try ExchangeTests.store(
      Self.nights((3, 1)) + [
        Runs.run("empty", days: 1, [], status: .failed),
        Runs.run("k", days: 1, purpose: .calibration),
      ], bench.database)
    let output = try await bench.start(
      arguments + ["--db", bench.database], toFile: true
    ).finish()
    #expect(output.status == status, "\(output.all)")
    #expect(output.errors.contains(sentence), "\(output.all)")
    let store = try bench.store()
    #expect(try store.blessings(scenario: "stored") == [])
  }
}
