import Foundation
import Measurement
import ResultStore
import Testing

@Suite(.serialized, .timeLimit(.minutes(5))) struct RunCommandTests {
  @Test("a run prints a plain line an iteration without a terminal, then the comparison")
  func plain() async throws {
    let bench = try await Bench()
    try bench.scenario(paths: ["reload", "restart"], warmups: 1, iterations: 2)
    let run = try await bench.devbench("run", "./small.yaml")
    #expect(run.status == 0, "\(run.all)")
    #expect(run.errors == "")
    #expect(!run.output.contains("\u{1B}"))
    let progress = run.lines.filter { $0.hasPrefix("[") }
    #expect(progress.count == 6)
    for (index, line) in progress.enumerated() {
      #expect(
        line.hasPrefix("[\(index + 1)/6] local-native/") && line.contains("/message ")
          && line.contains(" served "), "\(line)")
    }
    #expect(progress.count { $0.contains("warm-up 1 ") } == 2)
    #expect(run.output.contains("2 of 2"))
    #expect(run.output.contains("devbench report --format html --db \(bench.database)"))
    let stored = try bench.stored()
    #expect(stored.record.status == .finished)
    #expect(stored.samples.count == 6)
    let restarts = stored.samples.filter { $0.cell.path == .restart }
    #expect(
      restarts.allSatisfy { $0.phases.map(\.name).starts(with: ["detect", "stop", "start"]) })
    #expect(try bench.scratch().isEmpty)
  }

  @Test("--json writes one event a line, each a JSON object")
  func json() async throws {
    let bench = try await Bench()
    try bench.scenario(warmups: 1, iterations: 2)
    let run = try await bench.devbench("run", "small.yaml", "--json", "--seed", "42")
    #expect(run.status == 0, "\(run.all)")
    let events = try run.lines.map { try $0.json }
    #expect(
      events.compactMap { $0["event"] as? String } == [
        "run-started", "app-starting", "sample", "sample", "sample", "run-finished",
      ])
    #expect(events[0]["seed"] as? Int == 42)
    #expect((events[0]["cells"] as? [[String: String]])?.first?["edit"] == "message")
    #expect(events[2]["warmup"] as? Bool == true)
    #expect(events[3]["outcome"] as? String == "served")
    let seconds = try #require(events[3]["seconds"] as? Double)
    let phases = try #require(events[3]["phases"] as? [[String: Any]])
    #expect(abs(phases.reduce(0) { $0 + ($1["seconds"] as? Double ?? 0) } - seconds) < 1e-8)
    #expect(events[5]["status"] as? String == "finished")
    #expect(events[5]["run"] as? String == events[0]["run"] as? String)
  }

  @Test("--quiet prints nothing, and the run is stored all the same")
  func quiet() async throws {
    let bench = try await Bench()
    try bench.scenario()
    let run = try await bench.devbench("run", "small.yaml", "--quiet")
    #expect(run.status == 0)
    #expect(run.output == "")
    #expect(run.errors == "")
    #expect(try bench.stored().samples.count == 3)
  }

  @Test("filters and counts narrow a run; a name under scenarios/ is found from below")
  func filters() async throws {
    let bench = try await Bench()
    try bench.scenario(
      "shop", in: "scenarios", paths: ["reload", "restart"],
      edits: """
        { message: { file: page.txt, find: Hello, replace: "{{token}}" },
          other: { file: other.txt, find: Other, replace: "{{token}}" } }
        """)
    try FileManager.default.moveItem(
      atPath: bench.inner("app"), toPath: bench.inner("scenarios/app"))
    let run = try await bench.devbench(
      "run", "shop", "--path", "reload", "--edit", "other", "--workflow", "local-native",
      "--iterations", "2", "--warmups", "0", "--order", "sequential")
    #expect(run.status == 0, "\(run.all)")
    let stored = try bench.stored()
    #expect(stored.record.cells.map(\.cell.name) == ["local-native/reload/other"])
    #expect(stored.record.order == "sequential")
    #expect(stored.samples.count == 2)

    let nothing = try await bench.devbench("run", "shop", "--edit", "massage")
    #expect(nothing.status == 64)
    #expect(nothing.errors.contains("leaves nothing of scenario shop to measure"))
    #expect(nothing.errors.contains("local-native/restart/message"))

    let partly = try await bench.devbench("run", "shop", "--edit", "other", "--edit", "massage")
    #expect(partly.status == 64)
    #expect(partly.errors.contains("There is no edit “massage”; there are message, other."))
    let path = try await bench.devbench("run", "shop", "--path", "restart", "--path", "sync")
    #expect(path.status == 64)
    #expect(path.errors.contains("There is no path “sync”"))
    let workflow = try await bench.devbench(
      "run", "shop", "--workflow", "local-native", "--workflow", "local-cluster")
    #expect(workflow.status == 64)
    #expect(workflow.errors.contains("There is no workflow “local-cluster”"))

    let misspelt = try await bench.devbench("run", "shpo")
    #expect(misspelt.status == 64)
    #expect(misspelt.errors.contains("Did you mean \"shop\"?"))

    let list = try await bench.devbench("list", database: false)
    #expect(list.status == 0)
    #expect(list.output.contains("shop  4 cells"))
  }

  @Test("every fault of every scenario is told on standard error, and nothing is run")
  func invalid() async throws {
    let bench = try await Bench()
    try bench.scenario()
    try bench.write(
      "bad.yaml",
      """
      name: bad
      app: { source: app, probe: { interval: 5 } }
      edits: { message: { file: page.txt, find: Nowhere, replace: "{{token}}" } }
      workflows: { local-native: { command: [true], paths: [reload], colour: red } }
      """)
    let run = try await bench.devbench("run", "small.yaml", "bad.yaml", "missing.yaml")
    #expect(run.status == 64)
    #expect(run.output == "")
    for place in ["bad.yaml:2:", "bad.yaml:3:", "bad.yaml:4:", "missing.yaml"] {
      #expect(run.errors.contains(place), "\(run.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: bench.database))

    let check = try await bench.devbench("check", "small.yaml", "bad.yaml", database: false)
    #expect(check.status == 64)
    #expect(check.output.contains("small.yaml: fine (small)"))
    #expect(check.output.split(separator: "\n").count { $0.hasPrefix("bad.yaml:") } >= 3)
  }

  @Test(
    "values out of range are refused with the range",
    arguments: [
      (["--iterations", "0"], "from 1 to 10000"), (["--iterations", "10001"], "from 1 to 10000"),
      (["--warmups", "1001"], "from 0 to 1000"),
      (["--seed", "9007199254740992"], "below 9007199254740992"),
      (["--json", "--quiet"], "exclude each other"), (["--order", "random"], "interleaved"),
      (["--path", "relaod"], "reload"),
    ])
  func ranges(arguments: [String], says: String) async throws {
    let bench = try await Bench()
    try bench.scenario()
    let running = try await bench.start(["run", "small.yaml"] + arguments)
    let run = try await running.finish()
    #expect(run.status == 64)
    #expect(run.errors.contains(says), "\(run.errors)")
  }

  @Test(
    "13, 14: edits that create, append and delete are served on both paths; the source stays as it was",
    arguments: ["reload", "restart"])
  func fileEdits(path: String) async throws {
    let bench = try await Bench()
    try bench.scenario(
      paths: [path],
      edits: """
        { make: { create: "new-{{token}}.txt", content: "made\\n" },
          add: { append: page.txt, content: "{{token}}\\n" },
          drop: { changes: [ { delete: other.txt }, { file: page.txt, find: Hello, replace: "{{token}}" } ] },
          several: { changes: [
            { file: page.txt, find: "\\n", replace: " {{token}}\\n", save: truncate },
            { append: other.txt, content: "and more\\n" },
            { create: late.txt, content: "late\\n" } ] } }
        """, iterations: 3)
    let before = try await bench.digest()
    let run = try await bench.devbench("run", "small.yaml")
    #expect(run.status == 0, "\(run.all)")
    let samples = try bench.stored().samples
    #expect(samples.count == 12)
    #expect(samples.allSatisfy { $0.outcome == .served })
    #expect(try await bench.digest() == before)
  }

  @Test("two runs at once on one database both succeed")
  func together() async throws {
    let bench = try await Bench()
    try bench.scenario(iterations: 8)
    async let first = bench.devbench("run", "small.yaml")
    async let second = bench.devbench("run", "small.yaml")
    for run in try await [first, second] { #expect(run.status == 0, "\(run.all)") }
    let runs = try bench.store().listings(limit: 10)
    #expect(runs.map(\.status) == [.finished, .finished])
    #expect(runs.map(\.served) == [8, 8])
  }
}

extension Bench {
  /// Names, contents and modification times of the user's own tree.
  func digest() async throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: inner("app")).sorted().map { name in
      let file = inner("app/\(name)")
      let date = try FileManager.default.attributesOfItem(atPath: file)[.modificationDate] as? Date
      let data = try Data(contentsOf: URL(fileURLWithPath: file))
      return "\(name) \(date?.timeIntervalSince1970 ?? 0) \(data.base64EncodedString())"
    }
  }
}
