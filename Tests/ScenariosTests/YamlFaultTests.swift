import Testing

@testable import Scenarios

/// Faults of the YAML itself.
struct YamlFaultTests {
  static let cases: [FaultCase] = [
    FaultCase(
      "an empty file holds no scenario",
      "",
      "",
      "1:1: the file holds no scenario; write at least name, app, edits and workflows"),
    FaultCase(
      "a file of comments holds no scenario",
      "",
      "# nothing\n",
      "1:1: the file holds no scenario; write at least name, app, edits and workflows"),
    FaultCase(
      "a list is no scenario",
      "",
      "- name\n",
      "1:1: the scenario must be a mapping, but is a list; write keys with values, such as name: …"),
    FaultCase(
      "a scalar is no scenario",
      "",
      "demo\n",
      "1:1: the scenario must be a mapping, but is text; write keys with values, such as name: …"),
    FaultCase(
      "an unclosed quote is a syntax error with its place",
      "name: demo",
      "name: \"demo",
      "8:12: the YAML isn't valid: did not find expected key, while parsing a block mapping that begins on line 1; correct the indentation or the quotes, here or above"
    ),
    FaultCase(
      "an unclosed list is a syntax error",
      "--port, \"{{port}}\"]",
      "--port, \"{{port}}\"",
      "13:5: the YAML isn't valid: did not find expected ',' or ']', while parsing a flow sequence that begins on line 12; close the list with ]"
    ),
    FaultCase(
      "an unclosed mapping is a syntax error at the end of the text",
      "",
      "a: {\n",
      "1:5: the YAML isn't valid: did not find expected node content, while parsing a flow node; write a value, or close the list or mapping"
    ),
    FaultCase(
      "a tab is no indentation",
      "  source: app",
      "\tsource: app",
      "3:1: the YAML isn't valid: found character that cannot start any token, while scanning for the next token; indent with spaces, not with tabs"
    ),
    FaultCase(
      "wrong indentation is a syntax error",
      "  probe:",
      "   probe:",
      "4:9: the YAML isn't valid: mapping values are not allowed in this context; put text with a colon in quotes, or correct the indentation"
    ),
    FaultCase(
      "a colon within plain text is a syntax error",
      "name: demo",
      "name: demo: two",
      "1:11: the YAML isn't valid: mapping values are not allowed in this context; put text with a colon in quotes, or correct the indentation"
    ),
    FaultCase(
      "text cannot begin with an at sign",
      "name: demo",
      "name: @demo",
      "1:7: the YAML isn't valid: found character that cannot start any token, while scanning for the next token; put text that begins with @ in quotes"
    ),
    FaultCase(
      "an unknown escape is a syntax error",
      "find: \"Hello\"",
      "find: \"He\\qllo\"",
      "8:14: the YAML isn't valid: found unknown escape character, while parsing a quoted scalar; write \\\\ for a backslash, or use single quotes"
    ),
    FaultCase(
      "a second document is refused",
      "measure:",
      "---\nmeasure:",
      "16:1: a second document begins here; a file holds one scenario, so write another file"),
    FaultCase(
      "a control character is named",
      "name: demo",
      "name: de\u{1}mo",
      "1:9: YAML doesn't allow the character U+0001; remove it, or write \"\\u0001\" in double quotes"
    ),
    FaultCase(
      "a duplicate key at the top is reported at its second place",
      "measure:",
      "name: again\nmeasure:",
      "16:1: duplicate key \"name\", given already on line 1; keep one of them"),
    FaultCase(
      "duplicate keys are reported at every level, each time",
      [
        ("env: { DEBUG: \"1\" }", "env: { DEBUG: \"1\", DEBUG: \"2\" }"),
        (
          "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
          "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n    file: app.py\n    file: app.py\n"
        ),
        ("  warmups: 2", "  warmups: 2\n  \"warmups\": 3"),
      ],
      [
        "10:5: duplicate key \"file\", given already on line 7; keep one of them",
        "11:5: duplicate key \"file\", given already on line 7; keep one of them",
        "15:24: duplicate key \"DEBUG\", given already on line 15; keep one of them",
        "20:3: duplicate key \"warmups\", given already on line 19; keep one of them",
      ]),
    FaultCase(
      "a duplicate edit name is a duplicate key",
      "workflows:",
      "  message: { delete: app.py }\nworkflows:",
      "10:3: duplicate key \"message\", given already on line 6; keep one of them"),
    FaultCase(
      "duplicate empty keys are reported",
      "env: { DEBUG: \"1\" }",
      "env: { \"\": \"1\", \"\": \"2\" }",
      "13:12: duplicate key \"\"; keep one of them"),
    FaultCase(
      "an unquoted placeholder is explained",
      "--port, \"{{port}}\"]",
      "--port, {{port}}]",
      "12:40: YAML reads {{port}} as a mapping; write it in quotes: \"{{port}}\""),
    FaultCase(
      "an unquoted placeholder within a flow list is a syntax error with a hint",
      "--port, \"{{port}}\"]",
      "--port={{port}}]",
      "12:39: the YAML isn't valid: did not find expected ',' or ']', while parsing a flow sequence; put text with {{ in quotes, as in \"{{port}}\""
    ),
    FaultCase(
      "a mapping cannot be a key",
      "env: { DEBUG: \"1\" }",
      "env: { ? [a] : b }",
      "13:14: a key must be text; write a plain name"),
    FaultCase(
      "a tag has no meaning",
      "name: demo",
      "name: !!binary demo",
      "1:7: a tag (!name) has no meaning in a scenario; remove it"),
    FaultCase(
      "an alias without anchor is reported",
      "env: { DEBUG: \"1\" }",
      "env: *nothing",
      "13:10: no anchor &nothing stands before this alias; write &nothing before the value that it stands for, above"
    ),
    FaultCase(
      "a misspelt alias names the anchor",
      [
        ("env: { DEBUG: \"1\" }", "env: &common { DEBUG: \"1\" }"),
        ("markers: { detected: \"Detected\" }", "markers: *comon"),
      ],
      [
        "15:14: no anchor &comon stands before this alias; did you mean \"common\"?"
      ]),
    FaultCase(
      "text that begins with a star must be quoted",
      "name: demo",
      "name: *demo app",
      "1:7: \"*demo app\" isn't an alias; put text that begins with * in quotes"),
    FaultCase(
      "an alias cannot be a key",
      [
        ("name: demo", "name: &n demo"),
        ("env: { DEBUG: \"1\" }", "env: { *n : x }"),
      ],
      [
        "13:12: an alias can't be a key; write the key itself"
      ]),
    FaultCase(
      "a merge key takes mappings only",
      "env: { DEBUG: \"1\" }",
      "env: { <<: text, DEBUG: \"1\" }",
      "13:16: << merges mappings; write an alias to one, such as <<: *common"),
    FaultCase(
      "a fault behind aliases is reported once, where it is written",
      "paths: [reload, restart]",
      "paths: { reload: { env: &e { A: \"{{prot}}\" } }, restart: { env: *e } }",
      "14:37: unknown placeholder \"{{prot}}\"; did you mean {{port}}?"),
    FaultCase(
      "a key in place of text of a kind is refused",
      "name: demo",
      "name: [demo]",
      "1:7: \"name\" must be text, but is a list; write text"),
  ]

  @Test(arguments: cases)
  func isReportedWhereItStandsWithAWayOut(_ fault: FaultCase) throws {
    let workspace = try Workspace()
    #expect(workspace.faults(of: fault.text) == fault.faults)
  }
}
