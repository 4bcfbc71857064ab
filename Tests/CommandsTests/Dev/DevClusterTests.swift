import Foundation
import Glibc
import Processes
import Testing

/// `devbench dev` with a real container engine.
@Suite("devbench dev on a cluster", .serialized, .timeLimit(.minutes(5))) struct DevClusterTests {
  private static let server = """
    import http.server, sys
    class App(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(open("page.txt").read().encode())
        def log_message(self, *_): pass
    print("listening", flush=True)
    http.server.ThreadingHTTPServer(("0.0.0.0", 8000), App).serve_forever()

    """

  private static let pod = """
    apiVersion: v1
    kind: Pod
    metadata: { name: devtest }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - { name: web, image: devtest, ports: [{ containerPort: 8000 }] }

    """

  private func bench(path: String) async throws -> Bench {
    let bench = try await Bench()
    try bench.write("app/app.py", Self.server)
    try bench.write("app/k8s/pod.yaml", Self.pod)
    try bench.write(
      "app/Dockerfile",
      """
      ARG BASE=docker.io/library/python:3.13-slim
      FROM ${BASE}
      WORKDIR /app
      COPY . .
      CMD ["python3", "app.py"]

      """)
    try bench.write(
      "cluster.yaml",
      """
      name: cluster
      app: { source: app, probe: { timeout: 60s, interval: 20ms } }
      edits: { message: { file: page.txt, find: Hello, replace: "Hi {{token}}" } }
      workflows:
        local-cluster:
          cluster: podman
          image: { name: devtest }
          manifests: [k8s/*.yaml]
          sync: [{ from: "*.txt", to: /app }]
          paths: [sync, rebuild]
      """)
    return bench
  }

  /// Containers of the engine that belong to a devbench.
  private func containers(of identity: ProcessIdentity) async throws -> [String] {
    let owner = "\(identity)".replacing(":", with: "_")
    return try await Command.output(
      of: ["podman", "ps", "--all", "--quiet", "--filter", "label=io.devbench.owner=\(owner)"]
    ).split(whereSeparator: \.isNewline).map(String.init)
  }

  @Test("saves are synced, rebuilt and redeployed from the user's tree, and Ctrl-C leaves nothing")
  func followed() async throws {
    let bench = try await bench(path: "sync")
    let names = try FileManager.default.subpathsOfDirectory(atPath: bench.inner("app")).sorted()
    let running = try await bench.start(["dev", "cluster.yaml", "--workflow", "local-cluster"])
    _ = try await running.line { $0.contains("ready after") && $0.contains("http://localhost:") }
    #expect(running.output.lines.contains("[web] listening"))
    #expect(try await !containers(of: running.identity).isEmpty)

    try bench.write("app/page.txt", "Hello again\n")
    let synced = try await running.line { $0.hasPrefix("page.txt") && $0.contains("served") }
    #expect(synced.contains("synced 1 file (12 B), landed "))

    try bench.write("app/lib.py", "x = 1\n")
    _ = try await running.line { $0.contains("rebuild: no sync rule matches lib.py") }
    _ = try await running.line { $0.contains("rebuilt, served") }

    try bench.write("app/k8s/pod.yaml", Self.pod + "# changed\n")
    _ = try await running.line { $0.contains("redeploy: k8s/pod.yaml has changed") }
    _ = try await running.line { $0.contains("redeployed, served") }

    let good = try String(contentsOfFile: bench.inner("app/Dockerfile"), encoding: .utf8)
    try bench.write("app/Dockerfile", good + "RUN exit 7\n")
    _ = try await running.line { $0.contains("exit status 7") && $0.hasPrefix("  | ") }
    try bench.write("app/Dockerfile", good + "ENV MENDED=1\n")
    _ = try await running.line { $0.contains("Dockerfile  rebuilt, served") }

    running.send(SIGINT)
    let end = try await running.finish()
    #expect(end.status == 130, "\(end.all)")
    #expect(end.errors == "")
    #expect(end.lines.suffix(2) == ["removing what was started …", "nothing is left"])
    #expect(running.children.isEmpty)
    #expect(try await containers(of: running.identity) == [])
    #expect(try bench.scratch().isEmpty)
    #expect(end.lines.filter { $0.contains(", served ") && $0.count > 80 } == [])
    #expect(
      try FileManager.default.subpathsOfDirectory(atPath: bench.inner("app")).sorted()
        == (names + ["lib.py"]).sorted())
  }

  @Test(
    "Ctrl-C while the image is built or the pod is deployed leaves nothing",
    arguments: ["[build] ", "image built"])
  func whileStarting(_ moment: String) async throws {
    let bench = try await bench(path: "rebuild")
    let running = try await bench.start(
      ["dev", "cluster.yaml", "--workflow", "local-cluster", "--path", "rebuild"])
    _ = try await running.line { $0.contains(moment) }
    running.send(SIGINT)
    let end = try await running.finish()
    #expect(end.status == 130, "\(end.all)")
    #expect(end.lines.last == "nothing is left")
    #expect(running.children.isEmpty)
    #expect(try await containers(of: running.identity) == [])
    #expect(try bench.scratch().isEmpty)
  }
}
