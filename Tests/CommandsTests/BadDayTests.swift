import Clock
import Foundation
import Glibc
import Measurement
import Processes
import ResultStore
import Testing

/// Apps that don't do what they should, and databases that can't be used.
@Suite(.serialized, .timeLimit(.minutes(5))) struct BadDayTests {
  struct Start: Sendable, CustomTestStringConvertible {
    var mode: String
    var says: [String]
    var timeout = "30s"
    var testDescription: String { mode }
  }

  @Test(
    "an app that can't be started ends the run with status 1 and the app's last lines",
    arguments: [
      Start(mode: "exit", says: ["the app exited with status 1", "boom: no such table"]),
      Start(mode: "flood", says: ["the app exited with status 1", "the last line"]),
      Start(
        mode: "hang",
        says: ["did not answer as it should within 5 s", "refused", "waiting for the database"],
        timeout: "5s"),
      Start(
        mode: "500", says: ["did not answer as it should within 5 s", "HTTP 500"], timeout: "5s"),
    ])
  func start(start: Start) async throws {
    let bench = try await Bench()
    try bench.scenario(mode: start.mode, probe: "{ interval: 20ms, timeout: \(start.timeout) }")
    let run = try await bench.devbench("run", "small.yaml")
    #expect(run.status == 1, "\(run.all.prefix(4000))")
    for text in ["local-native/reload"] + start.says { #expect(run.errors.contains(text)) }
    #expect(run.errors.utf8.count < 20_000)
    let stored = try bench.stored()
    #expect(stored.record.status == .failed)
    #expect(run.errors.contains(stored.record.id), "the stored run is named")
    let runs = try await bench.devbench("runs")
    #expect(runs.output.contains("failed"))
    let report = try await bench.devbench("report")
    #expect(report.status == 0, "\(report.all)")
    #expect(try bench.scratch().isEmpty)
  }

  @Test("a program that isn't there is named")
  func noProgram() async throws {
    let bench = try await Bench()
    try bench.scenario()
    let text = try String(contentsOfFile: bench.inner("small.yaml"), encoding: .utf8)
    try bench.write(
      "small.yaml", text.replacing(/command: \["[^"]*"/, with: "command: [devbench-no-such-program")
    )
    let run = try await bench.devbench("run", "small.yaml")
    #expect(run.status == 1)
    #expect(run.errors.contains("there is no program “devbench-no-such-program” on the PATH"))
  }

  @Test("44: a port that is taken is named, with its owner")
  func portTaken() async throws {
    let bench = try await Bench()
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(listener) }
    try #require(listen(listener, 1) == 0)
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
        _ = getsockname(listener, raw, &length)
      }
    }
    let port = UInt16(bigEndian: address.sin_port)
    try bench.scenario(probe: "{ timeout: 30s, port: \(port) }")
    let run = try await bench.devbench("run", "small.yaml")
    #expect(run.status == 1)
    #expect(run.errors.contains("port \(port) is taken by process \(getpid()) ("), "\(run.all)")
  }

  struct Failing: Sendable, CustomTestStringConvertible {
    var mode: String
    var outcome: Outcome
    var says: [String]
    var iterations = 1
    var testDescription: String { mode }
  }

  @Test(
    "40: edits that fail are counted in every report, with the reason, and the status is 1",
    arguments: [
      Failing(mode: "fixed", outcome: .timedOut, says: ["not served within 10 s"]),
      Failing(
        mode: "crash", outcome: .failed,
        says: ["the app exited with status 7", "Traceback: bad edit"],
        iterations: 2),
      Failing(mode: "500-edit", outcome: .failed, says: ["HTTP 500"]),
    ])
  func unserved(failing: Failing) async throws {
    let bench = try await Bench()
    try bench.scenario(
      mode: failing.mode, probe: "{ interval: 20ms, timeout: 10s }",
      iterations: failing.iterations)
    let run = try await bench.devbench("run", "small.yaml")
    #expect(run.status == 1, "\(run.all)")
    #expect(run.errors.contains("not served."))
    let count = failing.iterations
    #expect(run.output.contains("0 of \(count)"))
    let stored = try bench.stored()
    #expect(stored.record.status == .finished)
    #expect(stored.samples.map(\.outcome) == Array(repeating: failing.outcome, count: count))
    for format in ["terminal", "markdown", "html", "json"] {
      let report = try await bench.devbench("report", "--format", format, "--output", "-")
      #expect(report.status == 0)
      // Lines may be broken anywhere.
      let words = report.output.replacing(/\s+/, with: " ")
      for text in failing.says { #expect(words.contains(text), "\(format): \(report.output)") }
      if format != "json" { #expect(words.contains("0 of \(count)")) }
    }
    #expect(try bench.scratch().isEmpty)
  }

  @Test("a database that another process has locked is named, and nothing is overwritten")
  func locked() async throws {
    let bench = try await Bench()
    try bench.scenario(iterations: 1)
    #expect(try await bench.devbench("run", "small.yaml", "--quiet").status == 0)
    let before = try bench.stored()
    let lock = """
      import sqlite3, subprocess, sys
      c = sqlite3.connect(sys.argv[1], isolation_level=None)
      c.execute("PRAGMA locking_mode = EXCLUSIVE")
      c.execute("BEGIN EXCLUSIVE")
      sys.exit(subprocess.call(sys.argv[2:]))
      """
    let report = try await bench.devbench(
      "report", wrapper: [try await Python.path(), "-c", lock, bench.database])
    #expect(report.status == 1)
    #expect(report.errors.contains("is locked by another process"), "\(report.all)")
    #expect(try bench.stored() == before)
  }

  @Test("a file that is no database is left alone")
  func foreign() async throws {
    let bench = try await Bench()
    try bench.scenario(iterations: 1)
    try bench.write("results.sqlite", "my notes\n")
    for command in [["run", "small.yaml"], ["report"], ["runs"], ["show", "latest"]] {
      let run = try await bench.start(command + ["--db", bench.database]).finish()
      #expect(run.status == 1)
      #expect(run.errors.contains("isn't an SQLite database"), "\(run.all)")
    }
    #expect(try String(contentsOfFile: bench.database, encoding: .utf8) == "my notes\n")
  }

  @Test("a report is read from a place that can't be written")
  func readOnly() async throws {
    let bench = try await Bench()
    try bench.scenario(iterations: 1)
    #expect(try await bench.devbench("run", "small.yaml", "--quiet").status == 0)
    let place = bench.inner("archive")
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    try FileManager.default.moveItem(atPath: bench.database, toPath: place + "/old.sqlite")
    chmod(place + "/old.sqlite", 0o444)
    chmod(place, 0o555)
    defer { chmod(place, 0o755) }
    let report = try await bench.start(["report", "--db", place + "/old.sqlite"]).finish()
    #expect(report.status == 0, "\(report.all)")
    #expect(report.output.contains("1 of 1"))
  }

  @Test("what the app prints can't command a terminal or a browser")
  func hostile() async throws {
    let bench = try await Bench()
    try bench.scenario(
      "hostile", in: "scenarios", mode: "hostile", probe: "{ interval: 20ms, timeout: 10s }",
      iterations: 1,
      more: #"description: "\e[2J<script>alert(2)</script>""#)
    try FileManager.default.moveItem(
      atPath: bench.inner("app"), toPath: bench.inner("scenarios/app"))
    try bench.write("scenarios/app/<img src=x>\u{1B}[31m.txt", "odd name")
    let run = try await bench.devbench("run", "hostile")
    #expect(run.status == 1, "\(run.all)")
    var shown = [run.output + run.errors]
    for arguments in [
      ["list"], ["show", "latest", "--db", bench.database], ["runs", "--db", bench.database],
      ["report", "--db", bench.database],
      ["report", "--format", "markdown", "--db", bench.database],
      ["report", "--format", "html", "--output", "-", "--db", bench.database],
    ] {
      let output = try await bench.start(arguments, toFile: true).finish()
      #expect(output.status == 0, "\(output.all)")
      shown.append(output.output + output.errors)
    }
    for text in shown {
      #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x9B })
    }
    let html = try #require(shown.last)
    #expect(html.contains("&lt;script&gt;alert(1)"))
    #expect(!html.contains("<script>alert"))
    #expect(shown[1].contains("alert(2)"), "the description is there")
  }

  @Test("an app's words that end a run can't command a terminal")
  func hostileStart() async throws {
    let bench = try await Bench()
    try bench.write(
      "app/app.py", #"import sys; sys.exit("\x1b[31mred\x1b[0m \x1b]0;title\x07end")"#)
    try bench.scenario()
    let run = try await bench.devbench("run", "small.yaml")
    #expect(run.status == 1)
    #expect(run.errors.contains("red end"), "\(run.all)")
    #expect(!run.errors.contains("\u{1B}"))
  }
}
