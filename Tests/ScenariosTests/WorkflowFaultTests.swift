import Testing

@testable import Scenarios

/// Faults of workflows.
struct WorkflowFaultTests {
  static let cases: [FaultCase] = [
    FaultCase(
      "an unknown workflow",
      "  local-native:",
      "  local-nativ:",
      "11:3: unknown workflow \"local-nativ\"; did you mean \"local-native\"?"),
    FaultCase(
      "a workflow unlike any",
      "  local-native:",
      "  docker:",
      "11:3: unknown workflow \"docker\"; write local-native, local-cluster or remote-cluster"),
    FaultCase(
      "no workflows",
      "",
      "name: a\napp: { source: app }\nedits: { e: { append: app.py, content: \"{{token}}\" } }\nworkflows: {}\n",
      "4:12: \"workflows\" is empty; write local-native, local-cluster or remote-cluster"),
    FaultCase(
      "an empty command",
      "command: [python3, app.py, --port, \"{{port}}\"]",
      "command: []",
      "12:14: \"command\" is empty; write program and arguments as a list, as in [python3, app.py]"),
    FaultCase(
      "a command as a line",
      "command: [python3, app.py, --port, \"{{port}}\"]",
      "command: python3 app.py --port {{port}}",
      "12:14: \"command\" must be a list, but is text; write program and arguments as a list, as in [python3, app.py]"
    ),
    FaultCase(
      "a command with an empty program",
      "command: [python3, app.py, --port, \"{{port}}\"]",
      "command: [\"\", \"{{port}}\"]",
      "12:15: \"command\" has an empty program; write program and arguments as a list, as in [python3, app.py]"
    ),
    FaultCase(
      "a command with an empty argument list item",
      "command: [python3, app.py, --port, \"{{port}}\"]",
      "command: [python3, ~, \"{{port}}\"]",
      "12:24: an argument of \"command\" is empty; write text, or \"\" for none"),
    FaultCase(
      "a command with a list inside",
      "command: [python3, app.py, --port, \"{{port}}\"]",
      "command: [python3, [a], \"{{port}}\"]",
      "12:24: an argument of \"command\" must be text, but is a list; write text"),
    FaultCase(
      "a missing command",
      "    command: [python3, app.py, --port, \"{{port}}\"]\n",
      "",
      "12:5: the workflow \"local-native\" lacks the key \"command\"; write program and arguments as a list, as in [python3, app.py]"
    ),
    FaultCase(
      "missing paths",
      "    paths: [reload, restart]\n",
      "",
      "12:5: the workflow \"local-native\" lacks the key \"paths\"; list what to measure: reload or restart"
    ),
    FaultCase(
      "empty paths",
      "paths: [reload, restart]",
      "paths: []",
      "14:12: \"paths\" is empty; write reload or restart"),
    FaultCase(
      "paths as a word",
      "paths: [reload, restart]",
      "paths: reload",
      "14:12: \"paths\" must be a list or a mapping, but is text; write a list, such as [reload, restart]"
    ),
    FaultCase(
      "an unknown path",
      "paths: [reload, restart]",
      "paths: [relaod]",
      "14:13: unknown path \"relaod\"; did you mean \"reload\"?"),
    FaultCase(
      "a path of another workflow",
      "paths: [reload, restart]",
      "paths: [reload, sync]",
      "14:21: the workflow \"local-native\" has no path \"sync\"; write reload or restart"),
    FaultCase(
      "a path of another workflow with overrides",
      "paths: [reload, restart]",
      "paths: { rebuild: }",
      "14:14: the workflow \"local-native\" has no path \"rebuild\"; write reload or restart"),
    FaultCase(
      "a path listed twice",
      "paths: [reload, restart]",
      "paths: [reload, reload]",
      "14:21: the path \"reload\" is listed twice; keep one of them"),
    FaultCase(
      "an override of paths in a path",
      "paths: [reload, restart]",
      "paths: { reload: { paths: [restart] } }",
      "14:24: unknown key \"paths\"; the path \"reload\" can have command, env, markers or tools"),
    FaultCase(
      "an unknown placeholder in a command",
      "\"{{port}}\"",
      "\"{{prot}}\"",
      "12:40: unknown placeholder \"{{prot}}\"; did you mean {{port}}?"),
    FaultCase(
      "a placeholder with spaces",
      "\"{{port}}\"",
      "\"{{ port }}\"",
      "12:40: unknown placeholder \"{{ port }}\"; write {{port}}, without spaces"),
    FaultCase(
      "a token in a command",
      "\"{{port}}\"]",
      "\"{{port}}\", \"{{token}}\"]",
      "12:52: unknown placeholder \"{{token}}\"; \"command\" can have {{port}}"),
    FaultCase(
      "an unknown placeholder in a variable",
      "DEBUG: \"1\"",
      "DEBUG: \"{{host}}\"",
      "13:19: unknown placeholder \"{{host}}\"; did you mean {{port}}?"),
    FaultCase(
      "an unknown placeholder in a marker",
      "\"Detected\"",
      "\"{{port}} ready\"",
      "15:26: unknown placeholder \"{{port}}\"; a marker can have none, so remove it"),
    FaultCase(
      "an app that is not told its port",
      "\"{{port}}\"",
      "8000",
      "14:13: the app isn't told its port on the path \"reload\"; write \"{{port}}\" in command or env, or the app's own port as port of probe",
      "14:21: the app isn't told its port on the path \"restart\"; write \"{{port}}\" in command or env, or the app's own port as port of probe"
    ),
    FaultCase(
      "an environment that is a list",
      "env: { DEBUG: \"1\" }",
      "env: [DEBUG=1]",
      "13:10: \"env\" must be a mapping, but is a list; write keys with values, such as PORT: …"),
    FaultCase(
      "a variable without value",
      "env: { DEBUG: \"1\" }",
      "env: { DEBUG: }",
      "13:19: \"DEBUG\" is empty; write text, or \"\" for none"),
    FaultCase(
      "a variable with an equals sign",
      "env: { DEBUG: \"1\" }",
      "env: { \"A=B\": \"1\" }",
      "13:12: \"A=B\" can't name a variable; write a name without \"=\""),
    FaultCase(
      "a marker of two lines",
      "\"Detected\"",
      "\"a\\nb\"",
      "15:26: \"detected\" has more than one line; write a part of one line of the output"),
    FaultCase(
      "an empty marker",
      "\"Detected\"",
      "\"\"",
      "15:26: \"detected\" is empty; write some text"),
    FaultCase(
      "a number as marker",
      "\"Detected\"",
      "7",
      "15:26: \"detected\" must be text, but is a number; write it in quotes"),
    FaultCase(
      "a tool with a command line",
      "env: { DEBUG: \"1\" }",
      "tools: { flask: flask --version }",
      "13:21: \"flask\" must be a list, but is text; write program and arguments as a list, as in [python3, app.py]"
    ),
    FaultCase(
      "a tool with a placeholder",
      "env: { DEBUG: \"1\" }",
      "tools: { flask: [flask, \"{{port}}\"] }",
      "13:29: unknown placeholder \"{{port}}\"; \"flask\" can have none, so remove it"),
    FaultCase(
      "an install that is one command",
      "env: { DEBUG: \"1\" }",
      "install: [pip, install, flask]",
      "13:14: \"install\" must be a list of commands; list commands, as in [[python3, -m, venv, .venv], "
        + "[.venv/bin/pip, install, -r, requirements.txt]]"),
    FaultCase(
      "an install that is a line",
      "env: { DEBUG: \"1\" }",
      "install: pip install flask",
      "13:14: \"install\" must be a list, but is text; list commands, as in [[python3, -m, venv, .venv], "
        + "[.venv/bin/pip, install, -r, requirements.txt]]"),
    FaultCase(
      "an install with the app's port",
      "env: { DEBUG: \"1\" }",
      "install: [[pip, \"{{port}}\"]]",
      "13:21: unknown placeholder \"{{port}}\"; \"install\" can have none, so remove it"),
    FaultCase(
      "an install on a path",
      "paths: [reload, restart]",
      "paths: { reload: { install: [[pip]] } }",
      "14:24: \"install\" is the same on all paths; move it to the workflow \"local-native\""),
    FaultCase(
      "an install on a cluster",
      "",
      Workspace.cluster.replacing("cluster: podman", with: "install: [[pip]]"),
      "7:5: \"install\" is for local-native: on a cluster the Dockerfile installs; remove it"),
    FaultCase(
      "a tool name with other characters",
      "env: { DEBUG: \"1\" }",
      "tools: { \"my tool\": [flask] }",
      "13:14: \"my tool\" can't name a tool; write letters, digits, \"-\", \"_\" and \".\", at most 64 characters"
    ),
  ]

  @Test(arguments: cases)
  func isReportedWhereItStandsWithAWayOut(_ fault: FaultCase) throws {
    let workspace = try Workspace()
    #expect(workspace.faults(of: fault.text) == fault.faults)
  }
}
