import Testing

@testable import Scenarios

/// Errors in edits, as a scenario describes them.
struct BreakDecodingTests {
  private func text(_ breaks: String) -> String {
    Workspace.cluster.replacing("workflows:\n", with: "breaks:\n\(breaks)workflows:\n")
  }

  @Test("a break is a replacement and what shows of it")
  func decodes() throws {
    let workspace = try Workspace()
    try workspace.write("app/other.py", "import sys\n")
    let scenario = try workspace.load(
      text(
        """
          import:
            file: other.py
            find: import sys
            replace: "import missing_{{token}}"
            shows: "missing_{{token}}"
            save: truncate
          plain: { file: other.py, find: sys, replace: "", shows: SyntaxError }

        """))
    #expect(
      scenario.breaks == [
        Break(
          name: "import",
          change: Change(
            file: "other.py",
            action: .replace(find: "import sys", replacement: "import missing_{{token}}"),
            save: .truncate), shows: "missing_{{token}}"),
        Break(
          name: "plain",
          change: Change(file: "other.py", action: .replace(find: "sys", replacement: "")),
          shows: "SyntaxError"),
      ])
    #expect(scenario.breaks.map { $0.sign("t1") } == ["missing_t1", "SyntaxError"])
    #expect(try workspace.load(Workspace.cluster).breaks == [])
  }

  @Test(
    "what can't be a break is told with its place",
    arguments: [
      (
        "  {}\n",
        ["6:3: \"breaks\" is empty; describe an error, or remove it"]
      ),
      (
        "  syntax: { file: other.py, find: sys, replace: x, shows: x }\n",
        [
          "6:3: the break \"syntax\" is made of every text by itself; choose another name"
        ]
      ),
      (
        "  a: { file: other.py, find: sys, replace: x }\n",
        [
          "6:6: the break \"a\" lacks the key \"shows\"; write what a line of the log or a response "
            + "has in it then"
        ]
      ),
      (
        "  a: { file: other.py, find: sys, replace: x, shows: \"{{token}}\" }\n",
        [
          "6:54: \"shows\" carries {{token}} and \"replace\" doesn't, so it never shows; write it in "
            + "both, or in none"
        ]
      ),
      (
        "  a: { file: other.py, find: sys, replace: x, shows: \"a\\nb\" }\n",
        [
          "6:54: \"shows\" is looked for in single lines; write a text without line breaks"
        ]
      ),
      (
        "  a: { file: app.py, find: Hello, replace: x, shows: x }\n",
        [
          "6:28: the text overlaps what the edit \"message\" changes in \"app.py\"; choose texts apart "
            + "from each other"
        ]
      ),
    ] as [(String, [String])])
  func faults(breaks: String, faults: [String]) throws {
    let workspace = try Workspace()
    try workspace.write("app/other.py", "import sys\n")
    #expect(workspace.faults(of: text(breaks)) == faults)
  }
}
