import Foundation
import Measurement
import Testing

@testable import Scenarios

struct ScenarioDecodingTests {
  @Test
  func everyKeyArrivesInTheModel() throws {
    let workspace = try Workspace()
    let text = """
      name: all.keys-1_x
      description: Everything at once.
      app:
        source: ./app
        probe: { path: "/greet?name=x%20y", interval: 10ms, timeout: 1.5m, port: 8080 }
      edits:
        replace: { file: app.py, find: Hello, replace: "{{token}}", save: truncate }
        several:
          changes:
            - { create: "static/{{token}}.css", content: "", save: truncate }
            - { append: static/style.css, content: "/* {{token}} */" }
            - { delete: twice.py }
      workflows:
        local-native:
          install: [[python3, -m, venv, .venv], [.venv/bin/pip, install, 3]]
          command: [python3, -m, http.server, 8000, true, 1.10, ""]
          env: { A: 1, B: true, C: "", D: 0x1F, E: yes, PORT: "{{port}}" }
          markers: { detected: d, restarted: r, ready: y, failed: f }
          tools: { python: [python3, --version], node: [node, --version] }
          paths:
            restart:
              command: [other, "{{.State}}"]
              env: { B: "2" }
              markers: { ready: z }
              tools: { node: [node, -v] }
            reload:
      measure: { warmups: 0, iterations: 10000, order: sequential, thinkTime: 250ms }
      """
    let scenario = try workspace.load(text)
    #expect(scenario.name == "all.keys-1_x")
    #expect(scenario.description == "Everything at once.")
    #expect(scenario.app.source == workspace.directory + "/app")
    #expect(
      scenario.app.probe
        == Scenario.Probe(
          path: "/greet?name=x%20y", interval: .milliseconds(10), timeout: .seconds(90), port: 8080)
    )
    #expect(
      scenario.edits == [
        Edit(
          name: "replace",
          changes: [
            Change(
              file: "app.py", action: .replace(find: "Hello", replacement: "{{token}}"),
              save: .truncate)
          ]),
        Edit(
          name: "several",
          changes: [
            Change(
              file: "static/{{token}}.css", action: .create(content: ""), save: .truncate),
            Change(file: "static/style.css", action: .append(content: "/* {{token}} */")),
            Change(file: "twice.py", action: .delete),
          ]),
      ])
    let python = ["python3", "--version"]
    let install = [["python3", "-m", "venv", ".venv"], [".venv/bin/pip", "install", "3"]]
    #expect(
      scenario.workflows == [
        WorkflowSpec(
          kind: .localNative,
          paths: [
            PathSpec(
              path: .restart, command: ["other", "{{.State}}"],
              environment: [
                "A": "1", "B": "2", "C": "", "D": "0x1F", "E": "yes", "PORT": "{{port}}",
              ],
              markers: Markers(detected: "d", restarted: "r", ready: "z", failed: "f"),
              tools: ["python": python, "node": ["node", "-v"]], install: install),
            PathSpec(
              path: .reload,
              command: ["python3", "-m", "http.server", "8000", "true", "1.10", ""],
              environment: [
                "A": "1", "B": "true", "C": "", "D": "0x1F", "E": "yes", "PORT": "{{port}}",
              ],
              markers: Markers(detected: "d", restarted: "r", ready: "y", failed: "f"),
              tools: ["python": python, "node": ["node", "--version"]], install: install),
          ])
      ])
    #expect(
      scenario.measure
        == Scenario.Measure(
          warmups: 0, iterations: 10_000, order: .sequential,
          thinkTime: .milliseconds(250) ... .milliseconds(250)))
    #expect(scenario.text == text)
    #expect(scenario.file == workspace.directory + "/demo.yaml")
  }

  @Test
  func probeAndMeasureHaveDefaults() throws {
    let workspace = try Workspace()
    let scenario = try workspace.load(
      """
      name: short
      app: { source: app }
      edits: { message: { file: app.py, find: Hello, replace: "{{token}}" } }
      workflows:
        local-native: { command: [python3, app.py, "{{port}}"], paths: [restart] }
      """)
    #expect(scenario.description == nil)
    #expect(
      scenario.app.probe
        == Scenario.Probe(
          path: "/", interval: .milliseconds(5), timeout: .seconds(60), port: nil))
    #expect(scenario.edits[0].changes[0].save == .rename)
    #expect(
      scenario.measure
        == Scenario.Measure(
          warmups: 2, iterations: 10, order: .interleaved,
          thinkTime: .seconds(1) ... .seconds(3)))
  }

  @Test
  func aScenarioBesideItsAppCanNameItsOwnDirectory() throws {
    let workspace = try Workspace()
    let text = Workspace.scenario
      .replacingOccurrences(of: "source: app", with: "source: .")
      .replacingOccurrences(of: "app.py\n", with: "app/app.py\n")
    #expect(try workspace.load(text).app.source == workspace.directory)
  }

  @Test
  func anchorsAliasesAndMergeKeysWork() throws {
    let workspace = try Workspace()
    let text = Workspace.scenario.replacingOccurrences(
      of: "paths: [reload, restart]",
      with: """
        paths:
              reload: &own
                env: &env { A: "1", B: "*not an alias" }
                markers: { ready: up }
              restart:
                <<: *own
                env: { <<: [*env, { C: "3" }], B: "2" }
        """)
    let paths = try workspace.load(text).workflows[0].paths
    #expect(paths[0].environment == ["DEBUG": "1", "A": "1", "B": "*not an alias"])
    #expect(paths[1].environment == ["DEBUG": "1", "A": "1", "B": "2", "C": "3"])
    #expect(paths.map(\.markers.ready) == ["up", "up"])
  }

  @Test(arguments: ["\r\n", "\r"])
  func otherLineEndsAndAByteOrderMarkAreRead(_ lineEnd: String) throws {
    let workspace = try Workspace()
    let text = "\u{FEFF}" + Workspace.scenario.replacingOccurrences(of: "\n", with: lineEnd)
    #expect(try workspace.load(text).name == "demo")
    let faulty = text.replacingOccurrences(of: "iterations: 10", with: "iterations: 0")
    #expect(
      workspace.faults(of: faulty) == [
        "18:15: \"iterations\" is out of range; write a whole number from 1 to 10000"
      ])
  }

  @Test
  func allFaultsAreReportedAtOnceInTheFilesOrder() throws {
    let workspace = try Workspace()
    let text = """
      name: demo app
      app:
        source: ../app
        probe: { interval: 5, port: 0 }
      edits:
        message: { file: app.py, find: def, replace: x }
        message: { delete: app.py }
      workflows:
        local-nativ: {}
        local-native:
          command: []
          paths: [sync]
      measure: { iterations: 0, thinkTime: 2s..1s, extra: 1 }
      """
    #expect(
      workspace.faults(of: text) == [
        "1:7: \"demo app\" can't name a scenario; write letters, digits, \"-\", \"_\" and \".\", "
          + "at most 64 characters",
        "3:11: \"../app\" leaves the scenario's directory; write a path without \"..\"",
        "4:22: \"interval\" has no unit: \"5\"; write 5ms or 5s",
        "4:31: \"port\" is out of range; write a whole number from 1 to 65535",
        "6:3: no change of the edit \"message\" carries {{token}}, so new code couldn't be told "
          + "from old; write {{token}} in replace or content",
        "7:3: duplicate key \"message\", given already on line 6; keep one of them",
        "9:3: unknown workflow \"local-nativ\"; did you mean \"local-native\"?",
        "11:14: \"command\" is empty; write program and arguments as a list, as in "
          + "[python3, app.py]",
        "12:13: the workflow \"local-native\" has no path \"sync\"; write reload or restart",
        "13:24: \"iterations\" is out of range; write a whole number from 1 to 10000",
        "13:38: \"thinkTime\" begins above its end; write 1s..2s",
        "13:46: unknown key \"extra\"; \"measure\" can have warmups, iterations, order or thinkTime",
      ])
  }
}
