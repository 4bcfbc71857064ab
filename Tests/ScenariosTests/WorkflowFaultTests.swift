import Testing

@testable import Scenarios

/// Faults of workflows.
struct WorkflowFaultTests {
  static let cases: [FaultCase] = [
    FaultCase(
      "an unknown workflow",
      "  local-native:",
      "  local-nativ:"),
    FaultCase(
      "a workflow unlike any",
      "  local-native:",
      "  docker:"),
    FaultCase(
      "a workflow of a later version",
      "  local-native:",
      "  local-cluster:"),
    FaultCase(
      "the other workflow of a later version",
      "measure:",
      "  remote-cluster: {}\nmeasure:"),
    FaultCase(
      "no workflows",
      "",
      "name: a\napp: { source: app }\nedits: { e: { append: app.py, content: \"{{token}}\" } }\nworkflows: {}\n"),
    FaultCase(
      "an empty command",
      "command: [python3, app.py, --port, \"{{port}}\"]",
      "command: []"),
    FaultCase(
      "a command as a line",
      "command: [python3, app.py, --port, \"{{port}}\"]",
      "command: python3 app.py --port {{port}}"),
    FaultCase(
      "a command with an empty program",
      "command: [python3, app.py, --port, \"{{port}}\"]",
      "command: [\"\", \"{{port}}\"]"),
    FaultCase(
      "a command with an empty argument list item",
      "command: [python3, app.py, --port, \"{{port}}\"]",
      "command: [python3, ~, \"{{port}}\"]"),
    FaultCase(
      "a command with a list inside",
      "command: [python3, app.py, --port, \"{{port}}\"]",
      "command: [python3, [a], \"{{port}}\"]"),
    FaultCase(
      "a missing command",
      "    command: [python3, app.py, --port, \"{{port}}\"]\n",
      ""),
    FaultCase(
      "missing paths",
      "    paths: [reload, restart]\n",
      ""),
    FaultCase(
      "empty paths",
      "paths: [reload, restart]",
      "paths: []"),
    FaultCase(
      "paths as a word",
      "paths: [reload, restart]",
      "paths: reload"),
    FaultCase(
      "an unknown path",
      "paths: [reload, restart]",
      "paths: [relaod]"),
    FaultCase(
      "a path of another workflow",
      "paths: [reload, restart]",
      "paths: [reload, sync]"),
    FaultCase(
      "a path of another workflow with overrides",
      "paths: [reload, restart]",
      "paths: { rebuild: }"),
    FaultCase(
      "a path listed twice",
      "paths: [reload, restart]",
      "paths: [reload, reload]"),
    FaultCase(
      "an override of paths in a path",
      "paths: [reload, restart]",
      "paths: { reload: { paths: [restart] } }"),
    FaultCase(
      "an unknown placeholder in a command",
      "\"{{port}}\"",
      "\"{{prot}}\""),
    FaultCase(
      "a placeholder with spaces",
      "\"{{port}}\"",
      "\"{{ port }}\""),
    FaultCase(
      "a token in a command",
      "\"{{port}}\"]",
      "\"{{port}}\", \"{{token}}\"]"),
    FaultCase(
      "an unknown placeholder in a variable",
      "DEBUG: \"1\"",
      "DEBUG: \"{{host}}\""),
    FaultCase(
      "an unknown placeholder in a marker",
      "\"Detected\"",
      "\"{{port}} ready\""),
    FaultCase(
      "an app that is not told its port",
      "\"{{port}}\"",
      "8000"),
    FaultCase(
      "an environment that is a list",
      "env: { DEBUG: \"1\" }",
      "env: [DEBUG=1]"),
    FaultCase(
      "a variable without value",
      "env: { DEBUG: \"1\" }",
      "env: { DEBUG: }"),
    FaultCase(
      "a variable with an equals sign",
      "env: { DEBUG: \"1\" }",
      "env: { \"A=B\": \"1\" }"),
    FaultCase(
      "a marker of two lines",
      "\"Detected\"",
      "\"a\\nb\""),
    FaultCase(
      "an empty marker",
      "\"Detected\"",
      "\"\""),
    FaultCase(
      "a number as marker",
      "\"Detected\"",
      "7"),
    FaultCase(
      "a tool with a command line",
      "env: { DEBUG: \"1\" }",
      "tools: { flask: flask --version }"),
    FaultCase(
      "a tool with a placeholder",
      "env: { DEBUG: \"1\" }",
      "tools: { flask: [flask, \"{{port}}\"] }"),
    FaultCase(
      "a tool name with other characters",
      "env: { DEBUG: \"1\" }",
      "tools: { \"my tool\": [flask] }"),
  ]

  @Test(arguments: cases)
  func isReportedWhereItStandsWithAWayOut(_ fault: FaultCase) throws {
    let workspace = try Workspace()
    for f in workspace.faults(of: fault.text) { print("ROW|workflows|\(fault.behaviour)|\(f)") }
  }
}
