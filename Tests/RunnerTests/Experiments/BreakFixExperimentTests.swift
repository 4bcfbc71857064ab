import Clock
import Foundation
import Measurement
import ResultStore
import Scenarios
import Testing
import Workflows

@testable import Runner

@Suite("BreakFixExperiment", .serialized, .timeLimit(.minutes(5)))
struct BreakFixExperimentTests {
  // MARK: The errors

  @Test("a line is broken before the one that the edit changed, wherever that is")
  func breaking() throws {
    for (text, broken) in [
      ("first\nsay Hi t1\nlast\n", "first\n!\nsay Hi t1\nlast\n"), ("Hi t1", "!\nHi t1"),
      ("\nHi t1", "\n!\nHi t1"),
    ] {
      let content = try #require(
        Workspace.breaking(Data(text.utf8), before: "Hi t1", with: "!"))
      #expect(String(decoding: content, as: UTF8.self) == broken)
    }
    #expect(Workspace.breaking(Data("other".utf8), before: "Hi t1", with: "!") == nil)
  }

  @Test(
    "a compiler's or an interpreter's words for a text that it can't read are known",
    arguments: [
      ("SyntaxError: unmatched ')'", true), ("./main.go:1:1: syntax error: non-declaration", true),
      ("PHP Parse error:  Unmatched ')' in /app/index.php", true),
      ("Uncaught SyntaxError: Unexpected token ')'", true),
      ("GET /error 200", false), ("Restarting with stat", false), ("no errors", false),
    ])
  func tells(line: String, isTold: Bool) {
    #expect(PlannedBreak.tellsOfSyntax(line) == isTold)
  }

  @Test(
    "it is said what in a line told of the error",
    arguments: [
      ("    )]} devbench_broken_t2", "with what was broken"),
      (
        "app.py:3: SyntaxError", "that names the file, with the words for a text that can't be read"
      ),
      ("SyntaxError: invalid syntax", "with the words for any text that can't be read"),
      ("GET /app.py 200", nil),
    ] as [(String, String?)])
  func way(line: String, way: String?) {
    #expect(PlannedBreak.way(of: line, sign: "devbench_broken_t2", file: "app.py") == way)
  }

  @Test("an edit that replaces no text has no line to break")
  func nothingToBreak() {
    let edit = Edit(
      name: "new", changes: [Change(file: "a", action: .create(content: "{{token}}"))])
    #expect(throws: ExperimentBench.NotPossible.self) {
      _ = try PlannedBreak(syntaxOf: edit, served: "t1", token: "t2")
    }
  }

  @Test("a correction undoes the error, in another file than the edit's too, and makes the edit")
  func correction() async throws {
    let tree = try TemporaryTree()
    try tree.write("source/page.txt", "Hello\n")
    try tree.write("source/other.txt", "import sys\n")
    try FileManager.default.createDirectory(
      atPath: tree.inner("copy"), withIntermediateDirectories: false)
    var workspace = try await Workspace(
      copying: tree.inner("source"), to: tree.inner("copy"), edits: [Bench.message])
    func texts() throws -> [String] {
      try ["page.txt", "other.txt"].map {
        try String(contentsOfFile: tree.inner("copy/\($0)"), encoding: .utf8)
      }
    }
    _ = try workspace.save(Bench.message, token: "t1")
    for (file, find) in [("other.txt", "sys"), ("page.txt", "t1")] {
      _ = try workspace.save(file, style: .rename) {
        Workspace.replacing(find, in: $0, by: "broken")
      }
      #expect(try texts().joined().contains("broken"))
      _ = try workspace.save(Bench.message, token: "t2", correcting: file, style: .truncate)
      #expect(try texts() == ["t2\n", "import sys\n"])
      _ = try workspace.save(Bench.message, token: "t1")
    }
    #expect(throws: RunFailure.self) {
      _ = try workspace.save("page.txt", style: .rename) { _ in nil }
    }
  }

  // MARK: Trials

  private func trial(
    _ script: FakeSession.Script, breaks: [Break] = [], timeout: Duration = .seconds(20)
  ) async throws -> [ExperimentTrial] {
    var bench = try Bench(script: script, iterations: 1, timeout: timeout)
    bench.options.experiments = [.breakFix]
    bench.options.iterations = 1
    bench.scenario.breaks = breaks
    _ = try await bench.runner().run()
    try bench.expectTidy()
    return try bench.stored().experiments
  }

  @Test("an error that a response tells of is seen there, and its correction is timed")
  func response() async throws {
    // The second new content is the error.
    let trials = try await trial(.init(react: { $0 == 2 ? .fail(status: 500) : .serve }))
    let trial = try #require(trials.first)
    #expect(trials.count == 1 && trial.condition == "syntax" && trial.outcome == .completed)
    #expect(trial.facts == [TrialFact("seen in", "response"), TrialFact("stuck", "no")])
    let figure = try #require(trial.figures.first)
    #expect(figure.name == "until the error was seen" && figure.unit == .seconds)
    #expect(figure.value > 0)
    #expect(trial.duration == trial.bracket?.high)
  }

  @Test("an error that shows nowhere is said to, and its correction is timed all the same")
  func nothing() async throws {
    let trials = try await trial(
      .init(react: { $0 == 2 ? .ignore : .serve }), timeout: .milliseconds(500))
    let trial = try #require(trials.first)
    #expect(trial.outcome == .completed && trial.figures.isEmpty && trial.duration != nil)
    #expect(trial.facts == [TrialFact("seen in", "nothing"), TrialFact("stuck", "no")])
  }

  @Test("the scenario's own errors are tried too, and known by their signs")
  func described() async throws {
    let described = Break(
      name: "wrong",
      change: Change(
        file: "other.txt", action: .replace(find: "x", replacement: "wrong {{token}}")),
      shows: "wrong {{token}}")
    var bench = try Bench(script: .init(), iterations: 1)
    try bench.directory.write("source/other.txt", "x\n")
    bench.options.experiments = [.breakFix]
    bench.options.iterations = 1
    bench.scenario.breaks = [described]
    _ = try await bench.runner().run()
    let trial = try #require(try bench.stored().experiments.last)
    #expect(trial.condition == "wrong")
    // The fake shows every file's text.
    #expect(trial.facts == [TrialFact("seen in", "response"), TrialFact("stuck", "no")])
  }

  @Test(
    "a workflow whose correction isn't served by itself is stuck, and how it got loose is said",
    arguments: [
      (3, "yes: the correction had to be saved again"),
      (4, "yes: the session had to be started again"),
    ])
  func stuck(until last: Int, fact: String) async throws {
    let trials = try await trial(
      .init(react: { $0 == 2 ? .fail(status: 500) : (3...last).contains($0) ? .ignore : .serve }),
      timeout: .seconds(1))
    let trial = try #require(trials.first)
    #expect(trial.outcome == .completed, "\(trial)")
    #expect(trial.facts.last == TrialFact("stuck", fact))
    #expect(try #require(trial.duration) > .seconds(1))
  }
}
