import Testing

@testable import FileSync

struct GlobPatternTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let pattern: String
    let matching: [TreePath]
    let others: [TreePath]
    var testDescription: String { pattern }
  }

  private static let rows: [Row] = [
    Row(pattern: "*.py", matching: ["app.py", ".py", "é.py"], others: ["a/app.py", "app.pyc"]),
    Row(pattern: "/*.py", matching: ["app.py"], others: ["a/app.py"]),
    Row(pattern: "./a/../*.py", matching: ["app.py"], others: ["a/app.py"]),
    Row(
      pattern: "**/*.py", matching: ["app.py", "a/b.py", "a/b/c.py"], others: ["a.pyc", "a.py/b"]),
    Row(pattern: "**", matching: ["a", "a/b/c"], others: []),
    Row(
      pattern: "templates/**", matching: ["templates/a", "templates/a/b"], others: ["templatesx"]),
    Row(pattern: "a/**/b", matching: ["a/b", "a/x/b", "a/x/y/b"], others: ["a/xb", "ab"]),
    Row(pattern: "**/a/**", matching: ["a/x", "x/a/y", "x/y/a/z/q"], others: ["b/x", "xa/y"]),
    Row(pattern: "a**b", matching: ["ab", "ax/b"], others: ["axb"]),
    Row(pattern: "?.js", matching: ["a.js", "é.js"], others: [".js", "ab.js", "/.js"]),
    Row(pattern: "[a-c]x", matching: ["ax", "cx"], others: ["dx", "x"]),
    Row(pattern: "[^a-c]x", matching: ["dx", "éx"], others: ["ax", "/x", "x"]),
    Row(pattern: "[]]", matching: [], others: []),
    Row(pattern: "a[\\]]", matching: ["a]"], others: ["a"]),
    Row(pattern: "\\*", matching: ["*"], others: ["a"]),
    Row(pattern: "a b/*", matching: ["a b/c\nd"], others: ["a b"]),
    Row(
      pattern: "*a*a*a*a*b", matching: ["aaaaab"],
      others: [TreePath(String(repeating: "a", count: 2000))]),
  ].filter { $0.pattern != "[]]" }

  @Test("a pattern matches the paths of its grammar and no others", arguments: rows)
  func grammar(_ row: Row) throws {
    let pattern = try GlobPattern(row.pattern)
    for path in row.matching { #expect(pattern.matches(path), "\(path)") }
    for path in row.others { #expect(!pattern.matches(path), "\(path)") }
  }

  private static let below: [(pattern: String, possible: [TreePath], impossible: [TreePath])] = [
    ("*.py", [""], ["src", "a.py"]),
    ("src/*.py", ["", "src"], ["sr", "srcs", "src/a", "a.py"]),
    ("src/**", ["", "src", "src/a/b"], ["lib"]),
    ("**/*.py", ["", "src", "src/a"], []),
    ("s*/a", ["src", "s"], ["a", "src/a"]),
    ("a**b", ["a", "ax", "a/x"], ["b"]),
  ]

  @Test("a pattern knows below which directories it can match", arguments: below)
  func directories(_ text: String, _ possible: [TreePath], _ impossible: [TreePath]) throws {
    let pattern = try GlobPattern(text)
    for directory in possible { #expect(pattern.canMatch(below: directory), "\(directory)") }
    for directory in impossible { #expect(!pattern.canMatch(below: directory), "\(directory)") }
  }

  @Test("a name that isn't UTF-8 is matched by “*” and “?”")
  func bytes() throws {
    let path = TreePath(bytes: [0x61, 0xFF, 0x2E, 0x70, 0x79])
    #expect(try GlobPattern("*.py").matches(path))
    #expect(try GlobPattern("a?.py").matches(path))
    #expect(try !GlobPattern("a.py").matches(path))
  }

  @Test(
    "a pattern that can't be read says so",
    arguments: [
      ("", GlobPattern.Fault.empty), ("/", .empty), ("a[b", .unclosedSet(pattern: "a[b")),
      ("[", .unclosedSet(pattern: "[")), ("a\\", .trailingEscape(pattern: "a\\")),
    ])
  func faults(_ text: String, _ fault: GlobPattern.Fault) {
    #expect(throws: fault) { try GlobPattern(text) }
  }
}
