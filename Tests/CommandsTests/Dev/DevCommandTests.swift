import Foundation
import Glibc
import Processes
import Synchronization
import Testing

/// `devbench dev` with real apps, real saves and real signals.
@Suite("devbench dev", .serialized, .timeLimit(.minutes(5))) struct DevCommandTests {
  /// Waits until a line with the text has come so many times.
  private func line(
    _ running: Bench.Running, _ text: String, count: Int = 1
  ) async throws {
    let seen = Seen(count)
    _ = try await running.line { $0.contains(text) && seen.isLast() }
  }

  /// Counts the lines that are asked about; they are asked about once each, in order.
  private final class Seen: Sendable {
    private let left: Mutex<Int>

    init(_ count: Int) { left = Mutex(count) }

    func isLast() -> Bool {
      left.withLock { left in
        left -= 1
        return left <= 0
      }
    }
  }

  struct Ending: Sendable {
    var number: Int32
    var status: Int32
  }

  @Test(
    "a save in the user's tree is served, and a signal leaves nothing",
    arguments: [
      Ending(number: SIGINT, status: 130), Ending(number: SIGTERM, status: 143),
      Ending(number: SIGHUP, status: 129),
    ])
  func restart(ending: Ending) async throws {
    let bench = try await Bench()
    try bench.scenario(paths: ["restart"])
    let names = try FileManager.default.subpathsOfDirectory(atPath: bench.inner("app")).sorted()
    let running = try await bench.start(["dev", "small.yaml"])
    _ = try await running.line { $0.contains("ready after") && $0.contains("http://localhost:") }
    try bench.write("app/page.txt", "Hello again\n")
    let line = try await running.line { $0.hasPrefix("page.txt") }
    #expect(line.contains("restarted, served "))
    #expect(line.contains("start "))
    running.send(ending.number)
    let end = try await running.finish()
    #expect(end.status == ending.status, "\(end.all)")
    #expect(end.errors == "")
    #expect(end.lines.suffix(2) == ["removing what was started …", "nothing is left"])
    #expect(!end.output.contains("\u{1B}"))
    #expect(running.children.isEmpty)
    #expect(try bench.scratch().isEmpty)
    #expect(
      try FileManager.default.subpathsOfDirectory(atPath: bench.inner("app")).sorted() == names)
  }

  @Test("a signal while the app starts leaves nothing")
  func whileStarting() async throws {
    let bench = try await Bench()
    try bench.scenario(mode: "hang", probe: "{ interval: 20ms, timeout: 1h }")
    let running = try await bench.start(["dev", "small.yaml"])
    try await line(running, "waiting for the database")
    running.send(SIGINT)
    #expect(try await running.finish().status == 130)
    #expect(running.children.isEmpty)
    #expect(try bench.scratch().isEmpty)
  }

  @Test("a save while the app hangs at its start has it started from the new code")
  func mendedStart() async throws {
    let bench = try await Bench()
    try bench.scenario(mode: "hang", probe: "{ interval: 20ms, timeout: 1h }")
    let app = try String(contentsOfFile: bench.inner("app/app.py"), encoding: .utf8)
    let running = try await bench.start(["dev", "small.yaml"])
    try await line(running, "waiting for the database")
    try bench.write("app/app.py", app.replacing("time.sleep(600)", with: "pass"))
    try await line(running, "a file was saved while the app was being started")
    try await line(running, "ready after")
    running.send(SIGINT)
    #expect(try await running.finish().status == 130)
    #expect(running.children.isEmpty)
  }

  @Test("an app that writes into its tree and ends at its start isn't started for ever")
  func writingStart() async throws {
    let bench = try await Bench()
    try bench.scenario()
    try bench.write("app/app.py", "open('made.txt', 'w').write('x'); raise SystemExit(1)\n")
    let running = try await bench.start(["dev", "small.yaml"])
    try await line(running, "is passed over")
    #expect(running.output.lines.count { $0.hasPrefix("starting small") } == 4)
    running.send(SIGINT)
    #expect(try await running.finish().status == 130)
  }

  @Test("a save of the scenario file in the app's own tree is no save of the app")
  func scenarioInTree() async throws {
    let bench = try await Bench()
    try bench.scenario(paths: ["restart"])
    let text = try String(contentsOfFile: bench.inner("small.yaml"), encoding: .utf8)
      .replacing("source: app", with: "source: .")
    try bench.write("app/small.yaml", text)
    let running = try await bench.start(["dev", "app/small.yaml"])
    try await line(running, "ready after")
    try bench.write("app/small.yaml", text + "# said again\n")
    try await line(running, "nothing that matters here")
    try bench.write("app/page.txt", "changed\n")
    try await line(running, "page.txt  restarted, served ")
    #expect(!running.output.lines.contains { $0.hasPrefix("small.yaml") })
    running.send(SIGINT)
    #expect(try await running.finish().status == 130)
  }

  @Test("an app that takes a save in by itself is told by its answer, and an edit may be undone")
  func reload() async throws {
    let bench = try await Bench()
    try bench.scenario()
    // The text that the scenario's edit replaces isn't there any more; dev has no use for it.
    try bench.write("app/page.txt", "Something else\n")
    let running = try await bench.start(["dev", "small.yaml"])
    try await line(running, "ready after")
    for (index, text) in ["one", "two", "Something else"].enumerated() {
      try bench.write("app/page.txt", text)
      try await line(running, "page.txt  served ", count: index + 1)
    }
    running.send(SIGINT)
    #expect(try await running.finish().status == 130)
  }

  @Test("an app that dies of a save, or at its start, is started again by the next good one")
  func crash() async throws {
    let bench = try await Bench()
    let good = try String(contentsOfFile: bench.inner("app/app.py"), encoding: .utf8)
    for path in ["restart", "reload"] {
      try bench.scenario(mode: path == "restart" ? "live" : "crash", paths: [path])
      try bench.write("app/app.py", "print('no such table'); raise SystemExit(4)\n")
      let running = try await bench.start(["dev", "small.yaml"])
      try await line(running, "not started: the app exited with status 4")
      #expect(running.output.lines.contains { $0.hasSuffix("] no such table") })
      try bench.write("app/app.py", good)
      try await line(running, "ready after")
      if path == "restart" {
        try bench.write("app/app.py", "def def\n")
        try await line(running, "app.py  the app exited with status 1; the next good save recovers")
        try bench.write("app/app.py", good)
        try await line(running, "app.py  restarted, served ")
      } else {
        // It dies when it is asked after the save.
        try bench.write("app/page.txt", "changed\n")
        try await line(running, "the app exited with status 7; the next good save recovers")
        try bench.write("app/page.txt", "good\n")
        try await line(running, "page.txt  restarted, served ")
      }
      #expect(running.children.count == 1)
      running.send(SIGINT)
      #expect(try await running.finish().status == 130)
      #expect(running.children.isEmpty)
    }
  }

  @Test("the scenario file is followed: faults are told, a changed app is started anew")
  func scenario() async throws {
    let bench = try await Bench()
    try bench.scenario(paths: ["restart"])
    let running = try await bench.start(["dev", "./small.yaml"])
    let ready = try await running.line { $0.contains("ready after") }
    let text = try String(contentsOfFile: bench.inner("small.yaml"), encoding: .utf8)

    try bench.write("small.yaml", text.replacing("edits:", with: "edit:"))
    let fault = try await running.line { $0.hasPrefix("./small.yaml:") }
    #expect(fault.contains(/^\.\/small\.yaml:3:1: unknown key "edit"/))
    try await line(running, "what the scenario said before stays in force")
    try bench.write("app/page.txt", "still followed\n")
    try await line(running, "page.txt  restarted, served ")

    try bench.write("small.yaml", text.replacing("fixed]", with: "fixed, more]"))
    try await line(running, "the scenario has changed; starting anew")
    try await line(running, "ready after", count: 2)
    let link = ready.split(separator: " ").last
    #expect(
      running.output.lines.last { $0.contains("ready after") }?.hasSuffix(link ?? "–") == true)
    try bench.write("app/page.txt", "and again\n")
    try await line(running, "page.txt  restarted, served ", count: 2)

    try bench.write("small.yaml", text.replacing("fixed]", with: "fixed, more]") + "\n# why\n")
    try await line(running, "nothing that matters here")
    running.send(SIGINT)
    #expect(try await running.finish().status == 130)
    #expect(running.children.isEmpty)
  }

  @Test("--json writes an object a line, --quiet leaves the app's output out")
  func formats() async throws {
    let bench = try await Bench()
    try bench.scenario(mode: "hostile", paths: ["restart"])
    let json = try await bench.start(["dev", "small.yaml", "--json"])
    try await line(json, "app-ready")
    try bench.write("app/page.txt", "json\n")
    try await line(json, #""event":"save""#)
    json.send(SIGINT)
    let events = try await json.finish().lines.map { try $0.json }
    let names = events.compactMap { $0["event"] as? String }
    #expect(
      names.filter { $0 != "output" } == [
        "app-starting", "app-ready", "save", "stopping", "stopped",
      ])
    let save = try #require(events.first { $0["event"] as? String == "save" })
    #expect(save["files"] as? [String] == ["page.txt"])
    #expect(save["outcome"] as? String == "served")
    #expect(save["action"] as? String == "restart")

    for arguments in [[], ["--quiet"]] {
      let running = try await bench.start(["dev", "small.yaml"] + arguments)
      try await line(running, "ready after")
      running.send(SIGINT)
      let output = try await running.finish().output
      #expect(output.contains("<script>alert(1)</script>") == arguments.isEmpty)
      #expect(!output.contains("\u{1B}") && !output.contains("\u{7}"))
    }
  }

  @Test(
    "what the scenario doesn't have is named, with what it has",
    arguments: [
      (["--path", "sync"], "it has reload, restart"),
      (["--workflow", "local-cluster"], "it has local-native"),
      (["--workflow", "elsewhere"], "local-native"),
    ])
  func unknown(arguments: [String], says: String) async throws {
    let bench = try await Bench()
    try bench.scenario(paths: ["reload", "restart"])
    let end = try await bench.start(["dev", "small.yaml"] + arguments).finish()
    #expect(end.status == 64)
    #expect(end.errors.contains(says), "\(end.all)")
    #expect(end.output == "")
  }

  struct Sample: Sendable {
    var name: String
    var file: String
    var path: String
    var old: String
  }

  @Test(
    "the sample apps are followed",
    arguments: [
      Sample(name: "flask-hello", file: "app.py", path: "reload", old: "Hello, World from Flask!"),
      Sample(name: "flask-hello", file: "app.py", path: "restart", old: "Hello, World from Flask!"),
      Sample(name: "node-hello", file: "server.js", path: "reload", old: "Hello, World from Node!"),
      Sample(
        name: "node-hello", file: "server.js", path: "restart", old: "Hello, World from Node!"),
    ])
  func samples(sample: Sample) async throws {
    let bench = try await Bench()
    let scenarios = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../scenarios")
      .standardizedFileURL.path
    try FileManager.default.copyItem(atPath: scenarios, toPath: bench.inner("scenarios"))
    let running = try await bench.start(["dev", sample.name, "--path", sample.path])
    try await line(running, "ready after")
    let file = "scenarios/apps/\(sample.name)/\(sample.file)"
    let text = try String(contentsOfFile: bench.inner(file), encoding: .utf8)
    for (index, greeting) in ["One", "Two"].enumerated() {
      try bench.write(file, text.replacing(sample.old, with: greeting))
      try await line(running, "served ", count: index + 1)
    }
    running.send(SIGINT)
    let end = try await running.finish()
    #expect(end.status == 130)
    #expect(!end.output.contains(#""GET / HTTP"#), "devbench's own requests are left out")
    #expect(end.lines.filter { $0.hasPrefix(sample.file) }.allSatisfy { $0.contains("served ") })
    #expect(running.children.isEmpty)
  }
}
