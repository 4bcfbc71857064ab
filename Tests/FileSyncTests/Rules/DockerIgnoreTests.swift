import Foundation
import Testing

@testable import FileSync

struct DockerIgnoreTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let text: String
    let excluded: [TreePath]
    let included: [TreePath]
    var testDescription: String { text }
  }

  private static let rows: [Row] = [
    // The examples of Docker's own page.
    Row(
      text: "# comment\n*/temp*\n*/*/temp*\ntemp?\n",
      excluded: [
        "somedir/temporary.txt", "somedir/temp/x", "somedir/sub/temporary.txt", "tempa", "tempb",
      ],
      included: ["temp", "# comment", "a/b/c/temp"]),
    Row(text: "*.md\n!README.md", excluded: ["a.md"], included: ["README.md", "x/a.md"]),
    Row(
      text: "*.md\n!README*.md\nREADME-secret.md", excluded: ["a.md", "README-secret.md"],
      included: ["README.md", "README-public.md"]),
    Row(
      text: "*.md\nREADME-secret.md\n!README*.md", excluded: ["a.md"],
      included: ["README.md", "README-secret.md"]),
    Row(text: "**/*.go", excluded: ["a.go", "x/y/a.go"], included: ["a.goo"]),
    // skaffold's and compose's users.
    Row(
      text: "*\n!src\n!package.json\n", excluded: ["Makefile", "lib/a"],
      included: ["src/a/b", "package.json"]),
    Row(
      text: "*\n!dir/\ndir/secret\n", excluded: ["dir/secret/x", "a"], included: ["dir", "dir/b"]),
    Row(
      text: "\u{FEFF}/node_modules/ \r\n  \r\n ! node_modules/keep \r\n",
      excluded: ["node_modules", "node_modules/a"],
      included: ["node_modules/keep/x", "a/node_modules"]),
    Row(text: ".\n/\n", excluded: [], included: ["a", "b/c"]),
    Row(text: "", excluded: [], included: ["a"]),
  ]

  @Test("edge 20: the last matching pattern decides, as Docker documents it", arguments: rows)
  func semantics(_ row: Row) throws {
    let ignore = try DockerIgnore(parsing: row.text)
    for path in row.excluded { #expect(ignore.excludes(path), "\(path)") }
    for path in row.included { #expect(!ignore.excludes(path), "\(path)") }
  }

  @Test("edge 20: Dockerfile.dockerignore goes before .dockerignore")
  func precedence() throws {
    let directory = try Scratch()
    #expect(try !DockerIgnore(context: directory.url).excludes("a"))
    try directory.write(".dockerignore", "a\n")
    #expect(try DockerIgnore(context: directory.url).excludes("a"))
    try directory.write("dev.Dockerfile.dockerignore", "b\n")
    let own = try DockerIgnore(context: directory.url, dockerfile: "dev.Dockerfile")
    #expect(own.excludes("b") && !own.excludes("a"))
  }

  @Test("a pattern that can't be read is named with its line")
  func faults() {
    #expect(throws: DockerIgnore.Fault.pattern(file: "x", line: 3, .unclosedSet(pattern: "a["))) {
      try DockerIgnore(parsing: "a\n\na[\n", file: "x")
    }
    #expect(throws: DockerIgnore.Fault.self) { try DockerIgnore(parsing: "!\n") }
  }
}
