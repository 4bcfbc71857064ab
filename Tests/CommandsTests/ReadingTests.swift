import Foundation
import Measurement
import ResultStore
import Testing

/// The commands that show what is stored, and those that need no run at all.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ReadingTests {
  @Test("a stored run can be read in every way, by id, its beginning, or as the latest")
  func reading() async throws {
    let bench = try await Bench()
    try bench.scenario(paths: ["reload", "restart"], warmups: 1, iterations: 2)
    #expect(try await bench.devbench("run", "small.yaml", "--quiet").status == 0)
    let id = try bench.stored().record.id

    let terminal = try await bench.devbench("report")
    #expect(terminal.status == 0)
    #expect(terminal.output.contains(id))
    #expect(terminal.output.split(separator: "\n").allSatisfy { $0.count <= 80 })

    let markdown = try await bench.devbench("report", id, "--format", "markdown")
    #expect(markdown.status == 0)
    #expect(markdown.output.split(separator: "\n").contains { $0.hasPrefix("| ") })

    let json = try await bench.devbench("report", String(id.prefix(11)), "--format", "json")
    #expect(json.status == 0)
    let report = try json.output.json
    #expect((report["run"] as? [String: Any])?["id"] as? String == id)
    let cells = try #require(report["cells"] as? [[String: Any]])
    #expect(cells.count == 2)
    let summary = try #require(cells[0]["summary"] as? [String: Any])
    #expect(summary["attempted"] as? Int == 2)
    #expect(summary["served"] as? Int == 2)
    #expect((cells[0]["samples"] as? [Any])?.count == 3)

    let html = try await bench.devbench("report", "--format", "html")
    #expect(html.status == 0)
    #expect(html.output == "")
    let page = "reports/small-\(id).html"
    #expect(html.errors == "Wrote \(page)\n")
    let text = try String(contentsOfFile: bench.inner(page), encoding: .utf8)
    #expect(text.hasPrefix("<!DOCTYPE html>") || text.hasPrefix("<!doctype html>"))
    #expect(!text.contains("src=\"http") && !text.contains("href=\"http"))

    for reference in ["latest", id, String(id.prefix(13))] {
      let show = try await bench.devbench("show", reference)
      #expect(show.status == 0)
      #expect(show.output.contains(id))
      #expect(show.output.contains("served"))
    }
    let runs = try await bench.devbench("runs")
    #expect(runs.status == 0)
    #expect(runs.output.contains(id))
    #expect(runs.output.contains("4 of 4"))
    for output in [terminal, markdown, json, runs] { #expect(!output.output.contains("\u{1B}")) }

    let unknown = try await bench.devbench("show", "1999")
    #expect(unknown.status == 1)
    #expect(unknown.errors.contains("No run in \(bench.database) is called or starts with '1999'"))
    #expect(unknown.errors.contains(id))

    let baseline = try await bench.devbench("report", "--baseline", "nothing")
    #expect(baseline.status == 1)
    #expect(baseline.errors.contains("local-native/restart/message"), "\(baseline.errors)")

    let unwritable = try await bench.devbench(
      "report", "--format", "html", "--output", "/proc/x.html")
    #expect(unwritable.status == 1)
    #expect(unwritable.errors.contains("Give another place with --output"))
  }

  @Test(
    "without results, the next step is told",
    arguments: [
      ["report"], ["runs"], ["show", "latest"], ["report", "--format", "json"],
      ["export"], ["export", "--all"], ["compare"], ["trend"], ["compare", "--format", "html"],
    ])
  func nothing(arguments: [String]) async throws {
    let bench = try await Bench()
    let output = try await bench.start(arguments).finish()
    #expect(output.status == 1)
    #expect(output.output == "")
    #expect(output.errors.contains("There are no results at .devbench/results.sqlite"))
    #expect(output.errors.contains("devbench run SCENARIO"))
    #expect(!FileManager.default.fileExists(atPath: bench.inner(".devbench")))
  }

  @Test(
    "every command has help with examples that fit 80 columns",
    arguments: [
      [], ["run"], ["dev"], ["report"], ["runs"], ["show"], ["list"], ["check"], ["schema"],
      ["doctor"], ["selfcheck"], ["clean"], ["link"], ["init"],
      ["export"], ["import"], ["compare"], ["calibrate"], ["trend"], ["bless"], ["unbless"],
      ["choose"],
    ])
  func help(command: [String]) async throws {
    let bench = try await Bench()
    let help = try await bench.start(command + ["--help"]).finish()
    #expect(help.status == 0)
    #expect(help.errors == "")
    #expect(help.output.contains("EXAMPLES"))
    let example = "devbench" + command.map { " " + $0 }.joined()
    let examples = help.output.components(separatedBy: "EXAMPLES").last ?? ""
    #expect(examples.contains(example))
    #expect(help.lines.allSatisfy { $0.count <= 80 }, "\(help.output)")
  }

  @Test("completion scripts are made for every shell", arguments: ["bash", "zsh", "fish"])
  func completion(shell: String) async throws {
    let bench = try await Bench()
    let script = try await bench.start(["--generate-completion-script", shell]).finish()
    #expect(script.status == 0)
    #expect(script.output.contains("selfcheck"))
  }

  @Test("the schema is JSON, and the version is one")
  func schema() async throws {
    let bench = try await Bench()
    let schema = try await bench.devbench("schema", database: false)
    #expect(schema.status == 0)
    #expect(try schema.output.json["$schema"] as? String != nil)
    let version = try await bench.devbench("--version", database: false)
    #expect(version.output.wholeMatch(of: /\d+\.\d+\.\d+\s/) != nil)
  }

  @Test("list says where scenarios would be; faulty ones are counted")
  func list() async throws {
    let bench = try await Bench()
    let none = try await bench.devbench("list", database: false)
    #expect(none.status == 64)
    #expect(none.errors.contains("scenarios/"))
    try bench.write("scenarios/broken.yaml", "name: broken\n")
    let broken = try await bench.devbench("list", database: false)
    #expect(broken.status == 64)
    #expect(broken.output.contains("devbench check scenarios/broken.yaml"))
  }

  @Test("doctor names what it looked at")
  func doctor() async throws {
    let bench = try await Bench()
    let doctor = try await bench.devbench("doctor", database: false)
    #expect(doctor.status == 0, "\(doctor.all)")
    for subject in ["machine: ", "clock: ", "state: \(bench.inner("state"))", "inotify: "] {
      #expect(doctor.output.contains(subject))
    }
  }

  @Test("doctor looks at what the scenarios and workflows that are asked for need")
  func doctorScope() async throws {
    let bench = try await Bench()
    let text = try String(contentsOfFile: bench.inner(bench.scenario()), encoding: .utf8)
    try bench.write(
      "lacking.yaml",
      text.replacing(/command: \["[^"]+"/) { _ in "command: [\"no-such-program\"" })
    let lacking = try await bench.devbench("doctor", "lacking.yaml", database: false)
    #expect(lacking.status == 1, "\(lacking.all)")
    #expect(lacking.output.contains("no-such-program"))
    let cluster = try await bench.devbench(
      "doctor", "lacking.yaml", "--workflow", "local-cluster", database: false)
    #expect(cluster.status == 0, "\(cluster.all)")
    #expect(!cluster.output.contains("no-such-program"))
    let unknown = try await bench.devbench("doctor", "nowhere.yaml", database: false)
    #expect(unknown.status == 64)
  }

  @Test("the selfcheck's true instants lie in their brackets")
  func selfcheck() async throws {
    let bench = try await Bench()
    let check = try await bench.devbench("selfcheck", "--edits", "10", "--json", database: false)
    // The status also judges the machine, which others use too.
    #expect([0, 1].contains(check.status), "\(check.all)")
    let result = try check.output.json
    #expect(result["attempted"] as? Int == 10)
    #expect(result["served"] as? Int == 10)
    #expect(result["outsideBracket"] as? Int == 0)
    #expect(try bench.scratch().isEmpty)
  }
}
