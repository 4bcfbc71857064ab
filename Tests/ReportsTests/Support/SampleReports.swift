import Foundation
import Measurement
import Reports
import ResultStore
import Statistics
import Testing

/// For looking at: DEVBENCH_SAMPLES=DIRECTORY swift test --filter SampleReports
@Suite("SampleReports")
struct SampleReports {
  static let directory = ProcessInfo.processInfo.environment["DEVBENCH_SAMPLES"]

  @Test("writes one of each format where asked to", .enabled(if: directory != nil))
  func write() throws {
    let directory = try #require(Self.directory)
    let runs = [
      ("flask", RunFixture.flask()), ("realistic", Self.realistic(iterations: 30)),
      ("interrupted", Self.interrupted()), ("remote", RemoteReportTests.run()),
      ("large", Self.realistic(iterations: 2_000)),
    ]
    for (name, run) in runs {
      let start = Date()
      let comparison = try Comparison(run)
      let compared = Date()
      let html = try HTMLRenderer().render(comparison)
      print(
        name, "compare", compared.timeIntervalSince(start), "html", -compared.timeIntervalSinceNow,
        "bytes", html.utf8.count)
      let texts = [
        "html": html, "md": MarkdownRenderer().render(comparison),
        "json": JSONRenderer().render(comparison), "txt": TerminalRenderer().render(comparison),
        "ansi": TerminalRenderer(colour: true).render(comparison),
        "samples.txt": SampleTable().render(run),
      ]
      for (format, text) in texts {
        try text.write(
          toFile: "\(directory)/\(name).\(format)", atomically: true, encoding: .utf8)
      }
    }
  }

  /// Five cells shaped like the field's published figures: a polling reloader's uniform spread, a
  /// steady restart with few failures, a file sync, a rebuild.
  static func realistic(iterations: Int) -> StoredRun {
    var generator = SeededGenerator(seed: 7)
    let cells: [(Cell, UInt64, UInt64, UInt64)] = [
      (RunFixture.reload, 190, 900, 0), (RunFixture.restart, 335, 40, 25),
      (Cell(workflow: .localCluster, path: .sync, edit: "message"), 210, 950, 60),
      (Cell(workflow: .localCluster, path: .rebuild, edit: "message"), 2_900, 1_400, 15),
      (Cell(workflow: .remoteCluster, path: .sync, edit: "message"), 420, 700, 0),
    ]
    var samples: [Sample] = []
    for iteration in 1...(iterations + 2) {
      for (cell, low, spread, failing) in cells {
        let time = Int64(low + generator.uniform(below: spread))
        let fails = failing > 0 && generator.uniform(below: failing) == 0
        var parts: [(String, Int64)]
        switch cell.path {
        case .reload, .sync:
          parts = [("detect", time - 160), ("reload", 150), (Phase.unattributed, 10)]
        case .restart:
          parts = [("detect", 3), ("stop", 42), ("start", time - 55), (Phase.unattributed, 10)]
        case .rebuild:
          parts = [
            ("detect", 12), ("build", time - 1_200), ("push", 300), ("deploy", 600), ("start", 250),
            (Phase.unattributed, 38),
          ]
        }
        if fails { parts = [(Phase.unattributed, 60_000)] }
        samples.append(
          RunFixture.sample(
            cell, iteration, milliseconds: fails ? 60_000 : time, isWarmup: iteration <= 2,
            outcome: fails ? .timedOut : .served,
            reason: fails ? Self.trace : nil, phases: parts))
      }
    }
    return StoredRun(
      record: RunFixture.record(cells: cells.map(\.0), iterations: iterations), samples: samples)
  }

  static let trace = """
    no response carried the token within 60 s; the app's last lines:
    Traceback (most recent call last):
      File "/srv/app.py", line 3, in <module>
        from flask import Flask
    ModuleNotFoundError: No module named 'flask'
    """

  static func interrupted() -> StoredRun {
    var run = RunFixture.flask(status: .interrupted)
    run.samples = run.samples.filter { $0.cell == RunFixture.reload && $0.iteration < 9 }
    return run
  }
}
