import Containers
import Foundation
import Glibc
import Processes
import TestSupport
import Testing

/// The real devbench, killed with SIGKILL.
@Suite(.timeLimit(.minutes(5)), .serialized)
struct KilledSessionTests {
  /// - Parameter app: what the build does with the page.
  private func write(_ directory: TemporaryDirectory, run: String) throws {
    try directory.write("app/page.txt", "Hello\n")
    try directory.write(
      "app/Dockerfile",
      "FROM \(ClusterEngine.base)\nCOPY page.txt /www/\nRUN \(run)\n"
        + "CMD [\"httpd\", \"-f\", \"-p\", \"8080\", \"-h\", \"/www\"]\n")
    try directory.write(
      "app/k8s/app.yaml",
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: { name: store }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Mi } } }
      ---
      apiVersion: v1
      kind: Pod
      metadata: { name: web }
      spec:
        terminationGracePeriodSeconds: 1
        containers:
          - name: web
            image: web
            ports: [{ containerPort: 8080 }]
            volumeMounts: [{ name: store, mountPath: /store }]
        volumes: [{ name: store, persistentVolumeClaim: { claimName: store } }]
      """)
    try directory.write(
      "scenario.yaml",
      """
      name: web
      app: { source: app, probe: { path: /page.txt, timeout: 60s, interval: 20ms } }
      edits: { message: { file: page.txt, find: Hello, replace: "Hi {{token}}" } }
      workflows:
        local-cluster:
          cluster: podman
          image: { name: web }
          manifests: [k8s/*.yaml]
          paths: [rebuild]
      measure: { warmups: 0, iterations: 1, thinkTime: 10ms..30ms }
      """)
  }

  private func start(_ engine: ClusterEngine, _ directory: TemporaryDirectory) throws -> pid_t {
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let program = (own as NSString).deletingLastPathComponent + "/devbench"
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(
      &actions, 1, directory("output"), O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    var variables = ProcessInfo.processInfo.environment
    variables.merge(engine.podman.environment) { $1 }
    variables["XDG_STATE_HOME"] = "\(engine.path)/home"
    let command = [
      program, "run", directory("scenario.yaml"), "--db", directory("results.sqlite"),
    ]
    var words = command.map { strdup($0) } + [nil]
    var settings = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for word in words + settings { free(word) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, program, &actions, nil, &words, &settings)
    guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO) }
    return pid
  }

  private func end(of pid: pid_t) async throws -> Int32 {
    var status: Int32 = 0
    try await eventually("devbench ends", limit: .seconds(120)) {
      waitpid(pid, &status, WNOHANG) == pid
    }
    return status
  }

  private func names(_ engine: ClusterEngine, _ arguments: [String]) async throws -> [String] {
    try await engine.podman.run(arguments).stdout.split(whereSeparator: \.isNewline)
      .map(String.init)
  }

  @Test("devbench killed in the middle of a rebuild leaves nothing after the next start")
  func killedInTheMiddleOfARebuild() async throws {
    try await ClusterEngine.with { engine in
      let directory = try TemporaryDirectory()
      // The first build is quick, the edit's lasts.
      let marker = "sleep 32\(UInt16.random(in: 100...999))"
      try write(directory, run: "grep -q Hello /www/page.txt || \(marker)")
      let first = try start(engine, directory)
      try await eventually("the rebuild runs") {
        ProcessTable.pids().contains { ProcessTable.command(of: $0) == marker }
      }
      kill(first, SIGKILL)
      _ = try await end(of: first)
      let left = try await names(engine, ["ps", "--quiet"])
      #expect(!left.isEmpty, "nothing was running when devbench was killed")

      try write(directory, run: "true")
      let second = try start(engine, directory)
      let status = try await end(of: second)
      let output = try String(contentsOfFile: directory("output"), encoding: .utf8)
      #expect(status == 0 && output.contains("finished"), "\(output)")
      #expect(
        !ProcessTable.pids().contains { ProcessTable.command(of: $0) == marker },
        "the killed build still runs")
      #expect(try await names(engine, ["ps", "--all", "--external", "--quiet"]) == [])
      #expect(try await names(engine, ["pod", "ps", "--quiet"]) == [])
      #expect(try await names(engine, ["volume", "ls", "--quiet"]) == [])
      let images = try await names(engine, ["images", "--format", "{{.Repository}}:{{.Tag}}"])
      #expect(!images.contains { $0.contains("/session:") || $0.contains("<none>") }, "\(images)")
      #expect(images.contains("localhost/devbench/web:cache"))
    }
  }
}
