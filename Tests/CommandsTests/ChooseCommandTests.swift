import DecisionTesting
import Foundation
import Measurement
import ResultStore
import Testing

/// `devbench choose` on databases whose runs are known.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ChooseCommandTests {
  typealias Fixture = DecisionFixture

  static func store(_ runs: [StoredRun], _ bench: Bench) throws {
    let store = try ResultStore.open(path: bench.database)
    for run in runs {
      try store.insert(run: run.record)
      for sample in run.samples { try store.insert(sample: sample, run: run.record.id) }
      for trial in run.experiments { try store.insert(experiment: trial, run: run.record.id) }
    }
    try store.close()
  }

  private static func words(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  @Test func `a decision is written, edited and followed`() async throws {
    let bench = try await Bench()
    try Self.store(Fixture.everything(), bench)
    let before = try await bench.devbench("choose")
    #expect(before.status == 0, "\(before.all)")
    #expect(Self.words(before.output).contains("The weights are devbench's own"))

    let initial = try await bench.devbench("choose", "--init")
    #expect(initial.status == 0)
    #expect(Self.words(initial.output).contains("wrote decision.yaml"), "\(initial.all)")
    let file = bench.inner("decision.yaml")
    let written = try String(contentsOfFile: file, encoding: .utf8)
    let again = try await bench.devbench("choose", "--init")
    #expect(again.status == 1 && again.errors.contains("exists already, and stays as it is"))
    #expect(try String(contentsOfFile: file, encoding: .utf8) == written)

    let chosen = try await bench.devbench("choose")
    #expect(chosen.status == 0 && !chosen.output.contains("devbench's own"))
    #expect(chosen.output.contains("= 20 edits an hour × 6 h × 0.200 s ÷ 60"), "\(chosen.all)")
    #expect(chosen.output.split(separator: "\n").allSatisfy { $0.count <= 80 })

    try "weights: { parity: 1 }\nthresholds: { memory: 1 GB }\n".write(
      toFile: file, atomically: true, encoding: .utf8)
    let none = try await bench.devbench("choose")
    #expect(none.status == 1 && none.errors.contains("No workflow could be ranked"))
    #expect(Self.words(none.output).contains("every workflow misses a threshold"))
  }

  @Test func `a faulty decision is refused with all its faults`() async throws {
    let bench = try await Bench()
    try Self.store(Fixture.everything(), bench)
    try "wieghts: {}\nteam: { hours-per-day: 30 }\n".write(
      toFile: bench.inner("team.yaml"), atomically: true, encoding: .utf8)
    let result = try await bench.devbench("choose", "--decision", "team.yaml")
    #expect(result.status == 64 && result.output.isEmpty)
    #expect(
      result.errors.contains("team.yaml:1:1: unknown key \"wieghts\"; did you mean \"weights\"?"))
    #expect(result.errors.contains("team.yaml:2:24: \"hours-per-day\" can't be 30"))
    let missing = try await bench.devbench("choose", "--decision", "none.yaml")
    #expect(missing.status == 64 && missing.errors.contains("there is no such file"))
  }

  @Test func `every format goes where it is asked to`() async throws {
    let bench = try await Bench()
    try Self.store(Fixture.everything(), bench)
    let html = try await bench.devbench("choose", "--format", "html")
    #expect(html.status == 0 && html.errors == "Wrote reports/shop-decision.html\n", "\(html.all)")
    let page = try String(
      contentsOfFile: bench.inner("reports/shop-decision.html"), encoding: .utf8)
    #expect(page.hasPrefix("<!DOCTYPE html>"))
    let json = try await bench.devbench("choose", "--format", "json")
    let part = try #require((json.output.json["scenarios"] as? [[String: Any]])?.first)
    #expect(part["leader"] as? String == "local-native")
    let markdown = try await bench.devbench("choose", "--format", "markdown")
    #expect(markdown.output.hasPrefix("## How to develop: shop"))
  }

  @Test func `runs can be named, and scenarios are never mixed`() async throws {
    let bench = try await Bench()
    var older = Fixture.loop("older", [(Fixture.native, Fixture.times(9))], days: -1)
    older.record.scenario = "shop"
    try Self.store(
      Fixture.everything()
        + [older, Fixture.loop("news", [(Fixture.local, Fixture.times(1))], scenario: "news")],
      bench)
    let all = try await bench.devbench("choose", "--format", "json")
    let parts = try #require(all.output.json["scenarios"] as? [[String: Any]])
    #expect(parts.compactMap { $0["scenario"] as? String } == ["news", "shop"])
    let runs = try #require(parts[1]["runs"] as? [[String: Any]])
    #expect(runs.compactMap { $0["run"] as? String } == ["tried", "loop"])
    let named = try await bench.devbench("choose", "older", "--format", "json")
    let one = try #require((named.output.json["scenarios"] as? [[String: Any]])?.first)
    #expect((one["runs"] as? [[String: Any]])?.first?["run"] as? String == "older")
    let unknown = try await bench.devbench("choose", "nope")
    #expect(unknown.status == 1 && unknown.errors.contains("nope"))
  }

  @Test func `the command beside a figure lists its samples`() async throws {
    let bench = try await Bench()
    try Self.store(Fixture.everything(), bench)
    let json = try await bench.devbench("choose", "--format", "json")
    let part = try #require((json.output.json["scenarios"] as? [[String: Any]])?.first)
    let criteria = try #require(part["criteria"] as? [[String: Any]])
    let commands = Set(
      criteria.flatMap { $0["workflows"] as? [[String: Any]] ?? [] }.flatMap {
        $0["samples"] as? [String] ?? []
      })
    #expect(commands.count >= 7)
    for command in commands {
      #expect(command.contains(" --db "), "\(command)")
      let arguments = command.split(separator: " ").dropFirst().map(String.init)
      let shown = try await bench.start(arguments, toFile: true).finish()
      #expect(shown.status == 0, "\(command): \(shown.all)")
      #expect(!shown.output.contains("has no"), "\(command): \(shown.all)")
    }
  }

  @Test func `a database's path is printed as a shell takes it`() async throws {
    let bench = try await Bench()
    try Self.store(Fixture.everything(), bench)
    let path = "it's my results.sqlite"
    try FileManager.default.copyItem(atPath: bench.database, toPath: bench.inner(path))
    let json = try await bench.devbench(
      "choose", "--db", path, "--format", "json", database: false)
    let part = try #require((json.output.json["scenarios"] as? [[String: Any]])?.first)
    let criteria = try #require(part["criteria"] as? [[String: Any]])
    let first = try #require((criteria[0]["workflows"] as? [[String: Any]])?.first)
    #expect(
      first["samples"] as? [String] == [#"devbench show loop --db 'it'\''s my results.sqlite'"#])
  }

  @Test func `what would measure it names the scenario's file`() async throws {
    let bench = try await Bench()
    try Self.store([Fixture.loop([(Fixture.native, Fixture.times(1))])], bench)
    let result = try await bench.devbench("choose", "--format", "json")
    #expect(
      result.output.contains("devbench run FILE-OF-shop --workflow local-native --experiment"),
      "\(result.all)")
  }

  @Test func `a link that no run has is refused`() async throws {
    let bench = try await Bench()
    try Self.store(Fixture.everything(), bench)
    try "link: home-fibre\n".write(
      toFile: bench.inner("decision.yaml"), atomically: true, encoding: .utf8)
    let refused = try await bench.devbench("choose")
    #expect(refused.status == 64 && refused.output.isEmpty)
    #expect(
      refused.errors.contains(
        #"decision.yaml: "link" is "home-fibre", which no run that counts has; they have lan."#),
      "\(refused.all)")
    try "link: lan\n".write(
      toFile: bench.inner("decision.yaml"), atomically: true, encoding: .utf8)
    #expect(try await bench.devbench("choose").status == 0)
  }

  @Test(arguments: [["--reference", "local-cluster"], ["--format", "html"]])
  func `what --init wouldn't heed is refused`(_ options: [String]) async throws {
    let bench = try await Bench()
    let result = try await bench.start(["choose", "--init"] + options).finish()
    #expect(result.status == 64 && result.errors.contains("leave out \(options[0])"))
    #expect(!FileManager.default.fileExists(atPath: bench.inner("decision.yaml")))
  }

  @Test func `trials of a run with samples are shown once`() async throws {
    let bench = try await Bench()
    var run = Fixture.everything()[0]
    run.experiments = [Fixture.recovery(.localNative)]
    try Self.store([run], bench)
    let shown = try await bench.devbench("show", "loop")
    #expect(
      shown.output.components(separatedBy: "process-killed").count == 2, "\(shown.all)")
    let parity = try await bench.devbench("show", "loop", "--reference", "local-native")
    #expect(parity.status == 64 && parity.errors.contains("--experiment parity"))
  }

  @Test func `another reference is another comparison`() async throws {
    let bench = try await Bench()
    try Self.store(Fixture.everything(), bench)
    let result = try await bench.devbench(
      "choose", "--reference", "local-cluster", "--format", "json")
    #expect(try result.output.json["reference"] as? String == "local-cluster")
    let empty = try await bench.devbench("choose", "--db", "nothing.sqlite", database: false)
    #expect(empty.status == 1, "\(empty.all)")
  }
}
