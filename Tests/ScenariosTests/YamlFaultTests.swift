import Testing

@testable import Scenarios

/// Faults of the YAML itself.
struct YamlFaultTests {
  static let cases: [FaultCase] = [
    FaultCase(
      "an empty file holds no scenario",
      "",
      ""),
    FaultCase(
      "a file of comments holds no scenario",
      "",
      "# nothing\n"),
    FaultCase(
      "a list is no scenario",
      "",
      "- name\n"),
    FaultCase(
      "a scalar is no scenario",
      "",
      "demo\n"),
    FaultCase(
      "an unclosed quote is a syntax error with its place",
      "name: demo",
      "name: \"demo"),
    FaultCase(
      "an unclosed list is a syntax error",
      "--port, \"{{port}}\"]",
      "--port, \"{{port}}\""),
    FaultCase(
      "an unclosed mapping is a syntax error at the end of the text",
      "",
      "a: {\n"),
    FaultCase(
      "a tab is no indentation",
      "  source: app",
      "\tsource: app"),
    FaultCase(
      "wrong indentation is a syntax error",
      "  probe:",
      "   probe:"),
    FaultCase(
      "a colon within plain text is a syntax error",
      "name: demo",
      "name: demo: two"),
    FaultCase(
      "text cannot begin with an at sign",
      "name: demo",
      "name: @demo"),
    FaultCase(
      "an unknown escape is a syntax error",
      "find: \"Hello\"",
      "find: \"He\\qllo\""),
    FaultCase(
      "a second document is refused",
      "measure:",
      "---\nmeasure:"),
    FaultCase(
      "a control character is named",
      "name: demo",
      "name: de\u{1}mo"),
    FaultCase(
      "a duplicate key at the top is reported at its second place",
      "measure:",
      "name: again\nmeasure:"),
    FaultCase(
      "duplicate keys are reported at every level, each time",
      [
        ("env: { DEBUG: \"1\" }", "env: { DEBUG: \"1\", DEBUG: \"2\" }"),
        ("    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n", "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n    file: app.py\n    file: app.py\n"),
        ("  warmups: 2", "  warmups: 2\n  \"warmups\": 3"),
      ],
      [
      ]),
    FaultCase(
      "a duplicate edit name is a duplicate key",
      "workflows:",
      "  message: { delete: app.py }\nworkflows:"),
    FaultCase(
      "duplicate empty keys are reported",
      "env: { DEBUG: \"1\" }",
      "env: { \"\": \"1\", \"\": \"2\" }"),
    FaultCase(
      "an unquoted placeholder is explained",
      "--port, \"{{port}}\"]",
      "--port, {{port}}]"),
    FaultCase(
      "an unquoted placeholder within a flow list is a syntax error with a hint",
      "--port, \"{{port}}\"]",
      "--port={{port}}]"),
    FaultCase(
      "a mapping cannot be a key",
      "env: { DEBUG: \"1\" }",
      "env: { ? [a] : b }"),
    FaultCase(
      "a tag has no meaning",
      "name: demo",
      "name: !!binary demo"),
    FaultCase(
      "an alias without anchor is reported",
      "env: { DEBUG: \"1\" }",
      "env: *nothing"),
    FaultCase(
      "a misspelt alias names the anchor",
      [
        ("env: { DEBUG: \"1\" }", "env: &common { DEBUG: \"1\" }"),
        ("markers: { detected: \"Detected\" }", "markers: *comon"),
      ],
      [
      ]),
    FaultCase(
      "text that begins with a star must be quoted",
      "name: demo",
      "name: *demo app"),
    FaultCase(
      "an alias cannot be a key",
      [
        ("name: demo", "name: &n demo"),
        ("env: { DEBUG: \"1\" }", "env: { *n : x }"),
      ],
      [
      ]),
    FaultCase(
      "a merge key takes mappings only",
      "env: { DEBUG: \"1\" }",
      "env: { <<: text, DEBUG: \"1\" }"),
    FaultCase(
      "a fault behind aliases is reported once, where it is written",
      "paths: [reload, restart]",
      "paths: { reload: { env: &e { A: \"{{prot}}\" } }, restart: { env: *e } }"),
    FaultCase(
      "a key in place of text of a kind is refused",
      "name: demo",
      "name: [demo]"),
  ]

  @Test(arguments: cases)
  func isReportedWhereItStandsWithAWayOut(_ fault: FaultCase) throws {
    let workspace = try Workspace()
    for f in workspace.faults(of: fault.text) { print("ROW|yaml|\(fault.behaviour)|\(f)") }
  }
}
