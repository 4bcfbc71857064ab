import Foundation
import Measurement
import Scenarios
import TestSupport

@testable import Importing

/// A project of a test, and what `devbench init` makes of it.
struct Project {
  static let dockerfile = """
    FROM python:3.13-slim
    WORKDIR /srv
    COPY requirements.txt .
    RUN pip install -r requirements.txt
    COPY src/ ./src/
    COPY main.py .
    EXPOSE 8080
    CMD ["python3", "main.py"]
    """
  static let main = """
    @app.get("/")
    def hello():
        return "Hello from main"
    """

  /// A Pod that runs an image.
  static func pod(_ image: String, port: Int? = 8080) -> String {
    """
    apiVersion: v1
    kind: Pod
    metadata: { name: app }
    spec:
      containers:
        - name: app
          image: \(image)
    \(port.map { "      ports: [{ containerPort: \($0) }]\n" } ?? "")
    """
  }

  let directory: TemporaryDirectory

  init(_ files: [String: String]) throws {
    directory = try TemporaryDirectory()
    for (name, text) in files { try directory.write(name, text) }
  }

  func imported(
    from source: ImportSource? = nil, artifact: String? = nil
  ) throws(ImportFailure) -> ImportedScenario {
    try ImportedScenario.write(
      for: directory.path, into: directory.path, file: "devbench.yaml", from: source,
      artifact: artifact)
  }

  /// What the project's own decoder reads.
  func scenario(_ text: String) throws(ScenarioFaults) -> Scenario {
    try ScenarioFile.check(text: text, file: "devbench.yaml", directory: directory.path)
  }
}

extension Scenario {
  /// The workflow on a cluster in a few words, for tables.
  var clusterFacts: [String] {
    guard let workflow = workflows.first(where: { $0.kind == .localCluster }),
      let cluster = workflow.paths.first(where: { !($0.cluster?.sync.isEmpty ?? true) })?.cluster
        ?? workflow.paths.first?.cluster
    else { return [] }
    var facts = ["image \(cluster.image.name) \(cluster.image.context) \(cluster.image.dockerfile)"]
    for (name, value) in cluster.image.arguments.sorted(by: { $0.key < $1.key }) {
      facts.append("arg \(name)=\(value)")
    }
    facts.append("manifests \(cluster.manifests.joined(separator: " "))")
    for rule in cluster.sync {
      facts.append(
        "sync \(rule.from) -> \(rule.to)" + (rule.strip.isEmpty ? "" : " strip \(rule.strip)")
          + (rule.exclude.isEmpty ? "" : " but \(rule.exclude.joined(separator: " "))"))
    }
    facts.append("paths \(workflow.paths.map { "\($0.pathName)" }.joined(separator: " "))")
    if let port = app.probe.port { facts.append("port \(port)") }
    return facts
  }
}
