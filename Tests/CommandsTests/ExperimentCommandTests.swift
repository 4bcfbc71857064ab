import Foundation
import Measurement
import ResultStore
import Testing

/// `devbench run --experiment` and what becomes of its trials, as a user has them.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ExperimentCommandTests {
  @Test("a run of experiments is reported, shown, listed, exported and imported")
  func wholeWay() async throws {
    let bench = try await Bench()
    try bench.scenario(paths: ["reload"])
    let run = try await bench.devbench("run", "small.yaml", "--experiment", "parity")
    #expect(run.status == 0, "\(run.all)")
    for part in ["1 of 1 trial of parity completed.", "local-native/reload", "devbench show "] {
      #expect(run.output.contains(part), "\(part)\n\(run.all)")
    }
    #expect(!run.output.contains("Fastest") && !run.output.contains("measured"))

    let stored = try bench.stored()
    #expect(stored.record.purpose == .experiment && stored.samples.isEmpty)
    let trial = try #require(stored.experiments.first)
    #expect(trial.experiment == .parity && trial.outcome == .completed)
    #expect(trial.facts.contains { $0.group == "system" })
    #expect(stored.failedExperiments == 0)

    let show = try await bench.devbench("show", "latest")
    #expect(show.status == 0 && show.output.contains("parity"), "\(show.all)")
    let runs = try await bench.devbench("runs")
    #expect(runs.output.contains("1 of 1 trials") && runs.output.contains("parity"), "\(runs.all)")
    for format in ["markdown", "json"] {
      let report = try await bench.devbench("report", "--format", format)
      #expect(report.status == 0 && report.output.contains("parity"), "\(report.all)")
    }
    let html = try await bench.devbench("report", "--format", "html", "--output", "r.html")
    #expect(html.status == 0, "\(html.all)")

    let none = try await bench.devbench("export", "--format", "junit")
    #expect(none.status == 1 && none.errors.contains("No measuring run"), "\(none.all)")
    let named = try await bench.devbench("export", "latest", "--format", "csv")
    #expect(named.status == 0 && named.errors.contains("1 trial of experiments"), "\(named.all)")
    #expect(named.output.split(separator: "\r\n").count == 1)

    let export = try await bench.devbench("export", "--output", "runs.jsonl")
    #expect(export.status == 0, "\(export.all)")
    let hub = bench.inner("hub.sqlite")
    for expected in ["1 run imported, 0 already there", "0 runs imported, 1 already there"] {
      let imported = try await bench.devbench("import", "runs.jsonl", "--db", hub, database: false)
      #expect(imported.status == 0 && imported.lines == [expected], "\(imported.all)")
    }
    #expect(try ExchangeTests.runs(hub) == [stored])
    let copy = try await bench.devbench("report", "--format", "json", "--db", hub, database: false)
    let original = try await bench.devbench("report", "--format", "json")
    #expect(copy.output == original.output)
  }

  @Test("a trial that fails gives the exit status 1, and the reason is told")
  func failing() async throws {
    let bench = try await Bench()
    try bench.scenario(mode: "exit", paths: ["reload"])
    let run = try await bench.devbench("run", "small.yaml", "--experiment", "parity")
    #expect(run.status == 1, "\(run.all)")
    #expect(run.errors.contains("1 trial failed."), "\(run.all)")
    #expect(run.output.contains("boom: no such table"), "\(run.all)")
    let stored = try bench.stored()
    #expect(stored.record.status == .finished && stored.failedExperiments == 1)
  }

  @Test("events of trials are JSON, and end in a run that is stored")
  func events() async throws {
    let bench = try await Bench()
    try bench.scenario(paths: ["reload"])
    let run = try await bench.devbench("run", "small.yaml", "--experiment", "parity", "--json")
    #expect(run.status == 0, "\(run.all)")
    let events = try run.lines.map { try $0.json }
    let names = events.compactMap { $0["event"] as? String }
    #expect(names == ["run-started", "trial-started", "trial", "run-finished"], "\(names)")
    let trial = events[2]
    #expect(trial["experiment"] as? String == "parity" && trial["condition"] as? String == "facts")
    #expect(trial["outcome"] as? String == "completed" && trial["number"] as? Int == 1)
    #expect(trial["seconds"] as? Double ?? 0 > 0 && trial["reason"] == nil)
    #expect((trial["figures"] as? [[String: Any]])?.first?["unit"] as? String == "s")
  }

  @Test("blessings come with their run, are taken back with it, and make no other run of it")
  func blessings() async throws {
    let bench = try await Bench()
    let hub = bench.inner("hub.sqlite")
    try ExchangeTests.store([ExchangeTests.run("a")], bench.database)
    let cell = "local-native/reload/message"
    func exchange() async throws -> [String] {
      let export = try await bench.devbench("export", "--all", "--output", "runs.jsonl")
      #expect(export.status == 0, "\(export.all)")
      let imported = try await bench.devbench("import", "runs.jsonl", "--db", hub, database: false)
      #expect(imported.status == 0, "\(imported.all)")
      return imported.lines
    }
    #expect(try await exchange() == ["1 run imported, 0 already there"])
    let bless = try await bench.devbench("bless", cell, "--run", "a", "--why", "Flask 3")
    #expect(bless.status == 0, "\(bless.all)")
    #expect(
      try await exchange()
        == ["0 runs imported, 1 already there (1 with new blessings or calibrations)"])
    #expect(try await exchange() == ["0 runs imported, 1 already there"])
    let before = try ResultStore.openForReading(path: hub).blessings(scenario: "stored")
    #expect(before.map(\.why) == ["Flask 3"] && before.allSatisfy { $0.takenBackAt == nil })
    let unbless = try await bench.devbench("unbless", cell, "--scenario", "stored")
    #expect(unbless.status == 0, "\(unbless.all)")
    #expect(
      try await exchange()
        == ["0 runs imported, 1 already there (1 with new blessings or calibrations)"])
    #expect(
      try ResultStore.openForReading(path: hub).blessings(scenario: "stored")
        == bench.store().blessings(scenario: "stored"))
  }
}
