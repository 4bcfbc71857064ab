import Clock
import Foundation
import Measurement
import ResultStore
import Testing

/// `devbench export` and `devbench import`, as a user has them.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ExchangeTests {
  static let text = "name: stored\n"
  /// SHA-256 of the text, as sha256sum(1) gives it.
  static let digest = "0d46f71ebfaaf8d0fa2b2f7e40c20154f45786efd04f697e55f51b2355d9c7da"

  /// A finished run of one cell, its first sample a warm-up.
  static func run(
    _ id: String, scenario: String = "stored", at seconds: Double = 0,
    status: RunRecord.Status = .finished, samples: Int = 3,
    purpose: RunRecord.Purpose = .measurement
  ) -> StoredRun {
    let cell = Cell(workflow: .localNative, path: .reload, edit: "message")
    let start = Date(timeIntervalSince1970: 1_795_230_900 + seconds)
    let record = RunRecord(
      id: id, scenario: scenario, scenarioText: text, scenarioDigest: digest, startedAt: start,
      finishedAt: status == .running ? nil : start + 60, status: status, seed: .max,
      order: "interleaved", devbenchVersion: "0.1.0",
      environment: Environment(
        host: "box", system: "Debian", kernel: "Linux", architecture: "x86_64", processor: "CPU",
        cores: 2, memoryBytes: 1, loadBefore: [0, 0, 0]),
      cells: [.init(cell: cell, warmups: 1, iterations: 2)], owner: "1:2:another-boot",
      purpose: purpose)
    let taken = (1...3).map { iteration in
      Sample(
        cell: cell, iteration: iteration, isWarmup: iteration == 1, block: iteration,
        token: "t\(iteration)", savedAt: MonotonicInstant(nanoseconds: .max - 5), savedOn: start,
        outcome: .served, duration: .milliseconds(500), bracket: nil,
        phases: [Phase(name: "reload", duration: .milliseconds(500))], probes: 3)
    }
    return StoredRun(record: record, samples: Array(taken[..<samples]))
  }

  static func store(_ runs: [StoredRun], _ path: String) throws {
    let store = try ResultStore.open(path: path)
    for run in runs { _ = try store.merge(run) }
    try store.close()
  }

  static func runs(_ path: String) throws -> [StoredRun] {
    let store = try ResultStore.openForReading(path: path)
    return try store.heads().map { try store.storedRun(id: $0.id) }
  }

  @Test("what one database exports, another has after the import, and again after the second")
  func exchange() async throws {
    let bench = try await Bench()
    let runs = [Self.run("b"), Self.run("a"), Self.run("c", at: 60, status: .running, samples: 2)]
    try Self.store(runs, bench.database)
    let export = try await bench.devbench("export", "--all", "--output", "runs.jsonl")
    #expect(export.status == 0, "\(export.all)")
    #expect(export.output == "" && export.errors == "Wrote runs.jsonl: 3 runs\n")

    let hub = bench.inner("deep/hub.sqlite")
    func importing(_ arguments: String...) async throws -> Bench.Finished {
      try await bench.start(["import"] + arguments + ["--db", hub], toFile: true).finish()
    }
    let first = try await importing("runs.jsonl")
    #expect(
      first.status == 0 && first.output == "3 runs imported, 0 already there\n", "\(first.all)")
    let again = try await importing("runs.jsonl", "runs.jsonl")
    #expect(again.status == 0 && again.output == "0 runs imported, 6 already there\n")
    #expect(try Self.runs(hub) == runs)

    // The run that was running is over now.
    try Self.store([Self.run("c", at: 60)], bench.database)
    let latest = try await bench.devbench("export", "latest", "--output", "runs.jsonl")
    #expect(latest.status == 0)
    let later = try await importing("runs.jsonl")
    #expect(later.output == "0 runs imported, 1 completed, 0 already there\n", "\(later.all)")
    #expect(try Self.runs(hub) == Self.runs(bench.database))

    for path in [bench.database, hub] {
      let report = try await bench.start(["report", "--db", path], toFile: true).finish()
      #expect(report.status == 0 && report.output.contains("run c"), "\(report.all)")
    }
  }

  @Test("runs are chosen by name, date and scenario, and written in the order of measuring")
  func choosing() async throws {
    let bench = try await Bench()
    try Self.store(
      [
        Self.run("20261121-a"), Self.run("20261121-b", scenario: "other"),
        Self.run("20261122-c", at: 86_400),
        Self.run("20261122-d", at: 86_400, purpose: .calibration),
      ], bench.database)
    func ids(_ arguments: String...) async throws -> [String] {
      let output = try await bench.start(
        ["export", "--db", bench.database] + arguments, toFile: true
      ).finish()
      #expect(output.status == 0, "\(output.all)")
      return try output.lines.map { line in
        let run = try line.json["run"] as? [String: Any]
        return try #require(run?["id"] as? String)
      }
    }
    #expect(try await ids() == ["20261122-d"])
    #expect(try await ids("latest", "20261121-a", "20261122-d") == ["20261121-a", "20261122-d"])
    #expect(try await ids("--all").map { $0.suffix(1) } == ["a", "b", "c", "d"])
    #expect(try await ids("--since", "2026-11-22") == ["20261122-c", "20261122-d"])
    #expect(try await ids("--since", "2026-11-22T03:15:00Z") == ["20261122-c", "20261122-d"])
    #expect(try await ids("--scenario", "stored") == ["20261122-d"])
    #expect(try await ids("--all", "--scenario", "other") == ["20261121-b"])

    // A calibration is no part of a history, unless it is named.
    let junit = try await bench.devbench("export", "--all", "--format", "junit")
    #expect(junit.output.components(separatedBy: "<testsuite ").count == 4)
    let named = try await bench.devbench("export", "20261122-d", "--format", "junit")
    #expect(named.output.contains("value=\"calibration\""))
  }

  static let wrong: [([String], Int32, String)] = [
    (["--all", "latest"], 64, "not both"),
    (["--all", "--since", "2026-11-21"], 64, "exclude each other"),
    (["--since", "2026-02-30"], 64, "2026-11-21T03:15:00Z"),
    (["--format", "xml"], 64, "openmetrics"),
    (["nope"], 1, "No run in"),
    (["--since", "2030-01-01"], 1, "started since 2030-01-01T00:00:00.000Z; `devbench runs`"),
    (["--scenario", "none"], 1, "of the scenario 'none'"),
    (["--all", "--format", "bmf"], 1, "bmf has one figure a benchmark, and a and b are both"),
    (["--output", "/nowhere/x"], 1, "Give another place with --output"),
    (["--output", "/dev/full"], 1, "/dev/full could not be written: No space left on device"),
  ]

  @Test("what can't be exported is told with the way out, and no file is left", arguments: wrong)
  func refused(arguments: [String], status: Int32, sentence: String) async throws {
    let bench = try await Bench()
    try Self.store([Self.run("a"), Self.run("b")], bench.database)
    let output = try await bench.start(
      ["export", "--db", bench.database] + arguments, toFile: true
    ).finish()
    #expect(output.status == status, "\(output.all)")
    #expect(output.errors.contains(sentence), "\(output.all)")
    #expect(output.output == "")
  }

  @Test("a file that is there stays until the new one is whole, and nothing else is left")
  func wholeFiles() async throws {
    let bench = try await Bench()
    try Self.store([Self.run("a"), Self.run("b")], bench.database)
    try bench.write("out.json", "before")
    let refused = try await bench.devbench(
      "export", "--all", "--format", "bmf", "--output", "out.json")
    #expect(refused.status == 1)
    #expect(try String(contentsOfFile: bench.inner("out.json"), encoding: .utf8) == "before")
    let fine = try await bench.devbench("export", "--format", "bmf", "--output", "out.json")
    #expect(fine.status == 0)
    #expect(try String(contentsOfFile: bench.inner("out.json"), encoding: .utf8).hasPrefix("{"))
    let names = try FileManager.default.contentsOfDirectory(atPath: bench.path)
    #expect(!names.contains { $0.contains("partial") })
  }

  @Test("what can't be imported is told by file, line and field; the rest is taken")
  func faults() async throws {
    let bench = try await Bench()
    try Self.store([Self.run("a"), Self.run("b")], bench.database)
    let export = try await bench.devbench("export", "--all")
    let lines = export.lines
    try #require(lines.count == 2)
    let newer = lines[0].replacing("\"version\":1", with: "\"version\":2")
    let changed = lines[0].replacing(
      "\"durationNanoseconds\":500000000", with: "\"durationNanoseconds\":1")
    try bench.write("mixed.jsonl", "\(lines[0])\n\n\(changed)\n\"x\"\n\(lines[1])")
    try bench.write("newer.jsonl", "\(newer)\n\(newer)\n")
    try bench.write("cut.jsonl", String(lines[1].dropLast(40)))
    try bench.write("garbage.txt", String(repeating: "no run at all\n", count: 1_000))
    try bench.write("empty.jsonl", "\n")
    let hub = bench.inner("hub.sqlite")
    let output = try await bench.start(
      [
        "import", "newer.jsonl", "cut.jsonl", "garbage.txt", "empty.jsonl", "missing.jsonl",
        "mixed.jsonl", "--db", hub,
      ], toFile: true
    ).finish()
    #expect(output.status == 1)
    #expect(output.output == "2 runs imported, 0 already there\n")
    #expect(
      output.errors.split(separator: "\n").map(String.init) == [
        "newer.jsonl, line 1: made by a newer devbench (version 2); this one reads 1: upgrade devbench",
        "cut.jsonl, line 1: it was cut off in this line; copy or export it again",
        "garbage.txt, line 1: this isn't a whole JSON document (Invalid value around character 1); "
          + "each run is one line, as `devbench export --format json` writes it and `jq -c .` keeps it",
        "empty.jsonl holds no runs; write some with `devbench export --format json`",
        "missing.jsonl can't be read: No such file or directory; check its path and its permissions",
        "mixed.jsonl, line 3: samples[0].phases add up to 500000000, and durationNanoseconds is 1",
        "mixed.jsonl, line 4: this is JSON, but no run: it doesn't begin with \"devbench\": \"run\"; "
          + "import takes what `devbench export --format json` writes",
      ])
    #expect(try Self.runs(hub).map(\.record.id) == ["a", "b"])
  }

  @Test("a run of the same id with other content is refused, and the stored one stays")
  func another() async throws {
    let bench = try await Bench()
    let stored = [Self.run("a"), Self.run("b")]
    try Self.store(stored, bench.database)
    let export = try await bench.devbench("export", "--all")
    try bench.write(
      "other.jsonl",
      export.output.replacing("\"outcome\":\"served\"", with: "\"outcome\":\"wrong\""))
    let output = try await bench.devbench("import", "other.jsonl")
    #expect(output.status == 1 && output.output == "", "\(output.all)")
    #expect(output.errors.contains("other.jsonl, line 1: The run a in "))
    #expect(output.errors.contains("samples[0].outcome is 'served' here and 'wrong' there"))
    #expect(try Self.runs(bench.database) == stored)
  }

  @Test("what can't be read makes no database")
  func noDatabase() async throws {
    let bench = try await Bench()
    try bench.write("garbage.txt", "no run at all\n")
    let output = try await bench.devbench("import", "garbage.txt")
    #expect(output.status == 1)
    #expect(!FileManager.default.fileExists(atPath: bench.database))
  }

  @Test("a run that another machine is measuring is left as it is by a run here")
  func running() async throws {
    let bench = try await Bench()
    try Self.store([Self.run("elsewhere", status: .running, samples: 2)], bench.database)
    try bench.scenario(iterations: 1)
    #expect(try await bench.devbench("run", "small.yaml", "--quiet").status == 0)
    let elsewhere = try bench.store().storedRun(id: "elsewhere")
    #expect(elsewhere == Self.run("elsewhere", status: .running, samples: 2))
  }
}
