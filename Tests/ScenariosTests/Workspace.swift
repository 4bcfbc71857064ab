import Foundation
import Testing

@testable import Scenarios

/// A directory with a small app and a scenario file, removed at the end.
final class Workspace {
  /// A valid scenario; tests replace parts of it.
  static let scenario = """
    name: demo
    app:
      source: app
      probe: { path: /, interval: 5ms, timeout: 60s }
    edits:
      message:
        file: app.py
        find: "Hello"
        replace: "Hi {{token}}"
    workflows:
      local-native:
        command: [python3, app.py, --port, "{{port}}"]
        env: { DEBUG: "1" }
        paths: [reload, restart]
        markers: { detected: "Detected" }
    measure:
      warmups: 2
      iterations: 10
      thinkTime: 1.0s..2.5s

    """

  /// A valid scenario of a cluster.
  static let cluster = """
    name: demo
    app: { source: app }
    edits:
      message: { file: app.py, find: "'Hello'", replace: "'{{token}}'" }
    workflows:
      local-cluster:
        cluster: podman
        image: { name: shop/web }
        manifests: [k8s/*.yaml]
        sync: [{ from: "*.py", to: /app }]
        paths: { sync: , rebuild: }

    """

  /// A valid scenario of a remote cluster.
  static let remote = cluster.replacing("local-cluster", with: "remote-cluster")

  let directory: String

  init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("scenarios-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    directory = FileSystem.resolved(url.path) ?? url.path
    try write("app/app.py", "def hello():\n    return 'Hello'\n\ndef bye():\n    return 'Bye'\n")
    try write("app/twice.py", "one = 'same'\ntwo = 'same'\n")
    try write("app/crlf.txt", "first\r\nsecond\r\n")
    try write("app/static/style.css", "body {}\n")
    try write("app/Dockerfile", "FROM scratch\nCOPY . /app\n")
    try write("app/k8s/pod.yaml", "kind: Pod\n")
    try write("app/k8s/extra/service.yml", "kind: Service\n")
    try write("outside.py", "Hello\n")
    try FileManager.default.createSymbolicLink(
      atPath: directory + "/app/link.py", withDestinationPath: "../outside.py")
    try FileManager.default.createSymbolicLink(
      atPath: directory + "/app/nowhere", withDestinationPath: "missing")
    try FileManager.default.createSymbolicLink(
      atPath: directory + "/elsewhere", withDestinationPath: "/")
  }

  deinit {
    do {
      try FileManager.default.removeItem(atPath: directory)
    } catch {
      print("\(directory) is left behind: \(error)")
    }
  }

  func write(_ path: String, _ text: String) throws {
    try write(path, bytes: Array(text.utf8))
  }

  func write(_ path: String, bytes: [UInt8]) throws {
    let url = URL(fileURLWithPath: directory + "/" + path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  func load(_ text: String) throws(ScenarioFaults) -> Scenario {
    try ScenarioFile.check(text: text, file: "demo.yaml", directory: directory)
  }

  /// The faults of a text as `line:column: message`.
  func faults(of text: String) -> [String] {
    do {
      _ = try load(text)
      return []
    } catch {
      return error.faults.map { "\($0.line):\($0.column): \($0.message)" }
    }
  }
}

/// A change to the valid scenario and the faults that it must lead to, all of them.
struct FaultCase: Sendable, CustomTestStringConvertible {
  var behaviour: String
  /// What is written instead of what; the whole text if `old` is empty.
  var changes: [(old: String, new: String)]
  var faults: [String]
  /// The valid scenario.
  var base = Workspace.scenario

  init(_ behaviour: String, _ old: String, _ new: String, _ faults: String...) {
    self.init(behaviour, [(old, new)], faults)
  }

  /// A change to the scenario of a cluster.
  init(cluster behaviour: String, _ old: String, _ new: String, _ faults: String...) {
    self.init(behaviour, [(old, new)], faults)
    base = Workspace.cluster
  }

  /// Lines added to the workflow of a remote cluster, below its first.
  init(remote behaviour: String, _ lines: String, _ faults: String...) {
    self.init(behaviour, [("    cluster: podman\n", "    cluster: podman\n" + lines)], faults)
    base = Workspace.remote
  }

  init(_ behaviour: String, _ changes: [(old: String, new: String)], _ faults: [String]) {
    self.behaviour = behaviour
    self.changes = changes
    self.faults = faults
  }

  var testDescription: String { behaviour }

  var text: String {
    changes.reduce(base) { text, change in
      change.old.isEmpty ? change.new : text.replacingOccurrences(of: change.old, with: change.new)
    }
  }
}
