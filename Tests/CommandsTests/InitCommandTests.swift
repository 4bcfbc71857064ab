import Foundation
import TestSupport
import Testing

/// `devbench init`, run as a user runs it.
@Suite(.serialized, .timeLimit(.minutes(5))) struct InitCommandTests {
  private static let app = """
    from flask import Flask
    app = Flask(__name__)
    @app.get("/")
    def hello():
        return "Hello from here"
    """

  private static func write(_ text: String, _ name: String, in bench: Bench) throws {
    let file = URL(fileURLWithPath: bench.inner(name))
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  @Test("it writes one file, tells the next command, and doesn't overwrite what is there")
  func writing() async throws {
    let bench = try await Bench()
    try Self.write(Self.app, "web app/app.py", in: bench)
    let first = try await bench.start(["init", "web app"]).finish()
    #expect(first.status == 0, "\(first.all)")
    #expect(first.errors == "")
    #expect(first.lines.last == "next           devbench run 'web app/devbench.yaml'")
    let names = try FileManager.default.contentsOfDirectory(atPath: bench.inner("web app")).sorted()
    #expect(names == ["app.py", "devbench.yaml"])
    #expect(try await bench.start(["check", "web app/devbench.yaml"]).finish().status == 0)

    try Self.write("mine", "web app/devbench.yaml", in: bench)
    let second = try await bench.start(["init", "web app"]).finish()
    #expect(second.status == 1)
    #expect(second.output == "" && second.errors.contains("--force"), "\(second.all)")
    let file = bench.inner("web app/devbench.yaml")
    #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
    #expect(try await bench.start(["init", "web app", "--force"]).finish().status == 0)
    #expect(try String(contentsOfFile: file, encoding: .utf8).contains("Hello from here"))
  }

  @Test("the file may stand above the app; --stdout prints the scenario alone")
  func places() async throws {
    let bench = try await Bench()
    try Self.write(Self.app, "web/app.py", in: bench)
    let above = try await bench.start(["init", "web", "--output", "web.yaml"]).finish()
    #expect(above.status == 0, "\(above.all)")
    #expect(try await bench.start(["check", "web.yaml"]).finish().status == 0)
    let printed = try await bench.start(["init", "web", "--stdout"]).finish()
    #expect(printed.status == 0 && printed.output.hasPrefix("# Written by"))
    #expect(!FileManager.default.fileExists(atPath: bench.inner("web/devbench.yaml")))
  }

  @Test(
    "what can't be done is told with the next step, and nothing is written",
    arguments: [
      (["init", "nowhere"], 1, "can't be read as a directory"),
      (["init", "empty"], 1, "by hand"),
      (["init", "web", "--from", "skaffold"], 64, "Leave out --from"),
      (["init", "web", "--from", "helm"], 64, "is none of skaffold"),
      (["init", "web", "--artifact", "x"], 64, "Leave out --artifact"),
      (["init", "web", "--output", "empty/x.yaml"], 64, "doesn't lie in"),
      (["init", "web", "--output", "web/no/x.yaml"], 64, "doesn't lie in"),
      (["init", "bad"], 64, "bad/skaffold.yaml:2:"),
      (["init", "web", "--stdout", "--output", "x"], 64, "leave out --output"),
    ])
  func refusing(arguments: [String], status: Int32, message: String) async throws {
    let bench = try await Bench()
    try Self.write(Self.app, "web/app.py", in: bench)
    try Self.write("apiVersion: skaffold/v3\n\tx: 1\n", "bad/skaffold.yaml", in: bench)
    try FileManager.default.createDirectory(
      atPath: bench.inner("empty"), withIntermediateDirectories: true)
    let run = try await bench.start(arguments).finish()
    #expect(run.status == status, "\(run.all)")
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(run.output == "")
    for directory in ["web", "empty", "bad"] {
      let names = try FileManager.default.contentsOfDirectory(atPath: bench.inner(directory))
      #expect(!names.contains { $0.hasPrefix("devbench") || $0.contains(".new") })
    }
  }

  @Test("an unfinished scenario says on standard error what to fill in")
  func unfinished() async throws {
    let bench = try await Bench()
    try Self.write("{\"scripts\": {\"start\": \"./serve\"}}", "web/package.json", in: bench)
    let run = try await bench.start(["init", "web"]).finish()
    #expect(run.status == 0, "\(run.all)")
    #expect(run.errors.contains("unfinished; fill in:"))
    #expect(run.lines.last == "next           edit it, then: devbench check web/devbench.yaml")
    #expect(try await bench.start(["check", "web/devbench.yaml"]).finish().status == 64)
  }
}
