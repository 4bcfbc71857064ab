import Scenarios
import TestSupport
import Testing

@testable import Importing

/// Whatever stands in a project's files: a scenario that is written runs, or is refused until it is filled in.
struct BrokenProjectTests {
  private static let compose = """
    name: acme
    services:
      web:
        build: { context: ., args: { MODE: dev } }
        image: shop
        command: ["python3", "main.py"]
        environment:
          GREETING: hello
        ports:
          - "8080:8080"
        develop:
          watch:
            - action: sync
              path: ./src
              target: /srv/src
              ignore: ["*.tmp"]
            - action: sync+exec
              path: main.py
              target: /srv/main.py
              exec: { command: "kill -HUP 1" }
            - action: rebuild
              path: requirements.txt
    """
  private static let package = """
    {
      "main": "server.js",
      "scripts": {
        "dev": "node --watch server.js",
        "start": "node server.js"
      }
    }
    """

  @Test("a scenario passes the check, or is refused and says what to fill in", arguments: 0..<25)
  func mutated(seed: UInt64) throws {
    var random = RandomNumbers(seed: seed)
    for _ in 0..<12 {
      var files = [
        "Dockerfile": Project.dockerfile, "main.py": Project.main, "src/a.py": "",
        "requirements.txt": "", "k8s/app.yaml": Project.pod("shop"),
        "package.json": Self.package,
        "server.js": "http.createServer((req, res) => res.end('Hello')).listen(process.env.PORT)\n",
      ]
      if Bool.random(using: &random) {
        files["compose.yaml"] = Self.compose
      } else {
        files["skaffold.yaml"] = SkaffoldCase.all.randomElement(using: &random)?.yaml
      }
      for name in files.keys.sorted() where name != "main.py" {
        guard Int.random(in: 0..<3, using: &random) > 0 else { continue }
        files[name] = Self.mutated(files[name] ?? "", using: &random)
      }
      try Self.check(files)
    }
  }

  private static func check(_ files: [String: String]) throws {
    let project = try Project(files)
    let imported: ImportedScenario
    do {
      imported = try project.imported()
    } catch {
      #expect(!"\(error)".isEmpty)
      return
    }
    let shown = Comment(rawValue: "\(files)\n\(imported.text)")
    #expect(throws: Never.self, shown) { try YamlDocuments.read(imported.text, file: "x") }
    if imported.unfinished.isEmpty {
      let isTaken = (try? project.scenario(imported.text)) != nil
      #expect(isTaken, shown)
    } else {
      let isRefused = (try? project.scenario(imported.text)) == nil
      #expect(isRefused, shown)
    }
  }

  /// With a line missing, doubled or moved in, or another value in it.
  private static func mutated(_ text: String, using random: inout RandomNumbers) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for _ in 0..<Int.random(in: 1...2, using: &random) {
      guard let index = lines.indices.randomElement(using: &random) else { break }
      switch Int.random(in: 0..<6, using: &random) {
      case 0: lines.remove(at: index)
      case 1: lines.insert(lines[index], at: index)
      case 2: lines[index] = "  " + lines[index]
      default:
        let line = lines[index]
        let separators = [": ", "- ", " "].filter { line.contains($0) }
        guard let separator = separators.randomElement(using: &random),
          let end = line.ranges(of: separator).last?.upperBound,
          let value = YamlScalarTests.awkward.randomElement(using: &random)
        else { continue }
        lines[index] =
          line[..<end] + (Bool.random(using: &random) ? value : YamlScalar.quoted(value))
      }
    }
    return lines.joined(separator: "\n")
  }
}
