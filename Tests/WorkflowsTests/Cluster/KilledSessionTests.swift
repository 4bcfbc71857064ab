import Containers
import Foundation
import Glibc
import Processes
import TestSupport
import Testing

/// The real devbench, killed with SIGKILL.
@Suite(.timeLimit(.minutes(5)), .serialized)
struct KilledSessionTests {
  /// - Parameters:
  ///   - run: what the build does with the page.
  ///   - secret: what a Secret of the app holds.
  private func write(
    _ directory: TemporaryDirectory, run: String, workflow: String = "local-cluster",
    iterations: Int = 1, secret: String = "none"
  ) throws {
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
      kind: Secret
      metadata: { name: password }
      data: { password: \(Data(secret.utf8).base64EncodedString()) }
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
            volumeMounts:
              - { name: store, mountPath: /store }
              - { name: password, mountPath: /password }
        volumes:
          - { name: store, persistentVolumeClaim: { claimName: store } }
          - { name: password, secret: { secretName: password } }
      """)
    try directory.write(
      "scenario.yaml",
      """
      name: web
      app: { source: app, probe: { path: /page.txt, timeout: 60s, interval: 20ms } }
      edits: { message: { file: page.txt, find: Hello, replace: "Hi {{token}}" } }
      workflows:
        \(workflow):
          cluster: podman
          image: { name: web }
          manifests: [k8s/*.yaml]
          paths: [rebuild]
      measure: { warmups: 0, iterations: \(iterations), thinkTime: 10ms..30ms }
      """)
  }

  /// - Parameter arguments: nil runs the directory's scenario.
  private func start(
    _ engine: ClusterEngine, _ directory: TemporaryDirectory, _ arguments: [String]? = nil
  ) throws -> pid_t {
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
    let command =
      [program]
      + (arguments ?? ["run", directory("scenario.yaml"), "--db", directory("results.sqlite")])
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

  /// The remotes of an engine's devbench, by their directories.
  private func remotes(_ engine: ClusterEngine) -> Set<String> {
    let parent = "\(engine.path)/home/devbench/remotes"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
    return Set(names.filter { !$0.hasPrefix(".") }.map { "\(parent)/\($0)" })
  }

  /// Starts a devbench that saves without end, and waits until its remote runs an app.
  private func startRemote(
    _ engine: ClusterEngine, _ directory: TemporaryDirectory, secret: String
  ) async throws -> (pid: pid_t, remote: String) {
    let before = remotes(engine)
    try write(
      directory, run: "true", workflow: "remote-cluster", iterations: 1000, secret: secret)
    let pid = try start(engine, directory)
    var remote: String?
    do {
      try await eventually("an app runs in the remote") {
        remote = remotes(engine).subtracting(before).first
        guard let remote else { return false }
        return ProcessTable.pids().contains {
          guard let command = ProcessTable.command(of: $0) else { return false }
          return command.contains("conmon") && command.contains(remote)
        }
      }
      return (pid, try #require(remote))
    } catch {
      kill(pid, SIGTERM)
      _ = try await end(of: pid)
      let output = try String(contentsOfFile: directory("output"), encoding: .utf8)
      Issue.record("\(output)")
      throw error
    }
  }

  /// What there is of a remote: its directories, and processes that are called by them.
  private func left(of remote: String) -> [String] {
    let number = (remote as NSString).lastPathComponent
    let paths = [remote, "/tmp/devbench-\(getuid())-\(number)"]
    return paths.filter { FileManager.default.fileExists(atPath: $0) }
      + ProcessTable.pids().compactMap { ProcessTable.command(of: $0) }.filter { command in
        paths.contains { command.contains($0) }
      }
  }

  /// The remote's engine, which unlike its app's containers is there all the time: those are exchanged with
  /// every rebuild.
  private func services(of remote: String) -> [pid_t] {
    ProcessTable.pids().filter { pid in
      ProcessTable.command(of: pid).map { $0.contains("system service") && $0.contains(remote) }
        ?? false
    }
  }

  @Test(
    "a set-up from nothing leaves the user's images alone, and its store goes when devbench is killed"
  )
  func killedSetUp() async throws {
    try await ClusterEngine.with { engine in
      let directory = try TemporaryDirectory()
      func setUp(_ iterations: Int) throws -> pid_t {
        try start(
          engine, directory,
          [
            "run", directory("scenario.yaml"), "--db", directory("results.sqlite"), "--experiment",
            "set-up", "--experiment", "reproducibility", "--iterations", "\(iterations)", "--json",
          ])
      }
      // Another file in each build.
      try write(directory, run: "cat /proc/sys/kernel/random/uuid >/www/stamp")
      let images = try await names(engine, ["images", "--all", "--quiet", "--no-trunc"])
      let first = try setUp(1000)
      var store: String?
      try await eventually("an app runs in a store of its own") {
        store = remotes(engine).first { left(of: $0).contains { $0.contains("conmon") } }
        return store != nil
      }
      kill(first, SIGKILL)
      _ = try await end(of: first)
      let place = try #require(store)
      #expect(FileManager.default.fileExists(atPath: place))
      #expect(try await names(engine, ["images", "--all", "--quiet", "--no-trunc"]) == images)

      let second = try setUp(1)
      let status = try await end(of: second)
      let said = try String(contentsOfFile: directory("output"), encoding: .utf8)
      #expect(status == 0 && said.contains("\"status\":\"finished\""), "\(said)")
      #expect(said.contains("removed what a devbench left that was killed: the remote \(place)"))
      #expect(left(of: place) == [])
      #expect(remotes(engine) == [])
      // Cold, tear-down, warm and twice.
      #expect(said.components(separatedBy: "\"outcome\":\"completed\"").count - 1 == 4, "\(said)")
      let share = try #require(
        said.firstMatch(of: /"name":"files equal","unit":"share","value":(0\.[0-9]+)/)?.1)
      #expect(try #require(Double(share)) > 0.5)
    }
  }

  @Test("a killed devbench's remote goes with the next start, or with clean; a living one's stays")
  func killedWithARemote() async throws {
    try await ClusterEngine.with { engine in
      let secret = "secret-\(UInt64.random(in: 0 ... .max))"
      let directories = try (0..<3).map { _ in try TemporaryDirectory() }
      func output(_ index: Int) throws -> String {
        try String(contentsOfFile: directories[index]("output"), encoding: .utf8)
      }
      let first = try await startRemote(engine, directories[0], secret: secret)
      let second = try await startRemote(engine, directories[1], secret: secret)
      kill(first.pid, SIGKILL)
      _ = try await end(of: first.pid)
      #expect(!services(of: first.remote).isEmpty)
      let living = services(of: second.remote)
      #expect(!living.isEmpty)

      let looking = try start(engine, directories[2], ["clean", "--dry-run"])
      #expect(try await end(of: looking) == 0)
      var said = try output(2)
      var lines = said.split(separator: "\n").map(String.init)
      #expect(lines.contains("would remove  remote \(first.remote)"))
      #expect(
        lines.contains(
          "kept          remote \(second.remote): it belongs to devbench process "
            + "\(second.pid), which runs"))

      try write(directories[2], run: "true", workflow: "remote-cluster", secret: secret)
      let third = try start(engine, directories[2])
      let status = try await end(of: third)
      said = try output(2)
      #expect(status == 0 && said.contains("finished"), "\(said)")
      #expect(left(of: first.remote) == [])
      #expect(remotes(engine) == [second.remote])
      #expect(kill(second.pid, 0) == 0)
      #expect(services(of: second.remote) == living)
      try await eventually("the living one's app still runs") {
        left(of: second.remote).contains { $0.contains("conmon") }
      }

      kill(second.pid, SIGKILL)
      _ = try await end(of: second.pid)
      let cleaning = try start(engine, directories[2], ["clean"])
      let cleaned = try await end(of: cleaning)
      said = try output(2)
      #expect(cleaned == 0, "\(said)")
      lines = said.split(separator: "\n").map(String.init)
      #expect(lines.contains("removed       remote \(second.remote)"))
      #expect(left(of: second.remote) == [])
      #expect(remotes(engine) == [])

      // Neither shown nor stored.
      for directory in directories {
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.path)
        where name.hasPrefix("output") || name.hasPrefix("results") {
          let bytes = try Data(contentsOf: URL(fileURLWithPath: directory(name)))
          for form in [secret, Data(secret.utf8).base64EncodedString()] {
            #expect(bytes.range(of: Data(form.utf8)) == nil, "\(name) has the secret")
          }
        }
      }
      let invocation = Invocation(
        command: [
          "grep", "-rlF", "-e", secret, "-e", Data(secret.utf8).base64EncodedString(),
          "\(engine.path)/home",
        ])
      let found = try await invocation.run(limit: .seconds(60))
      #expect(String(decoding: found.output, as: UTF8.self) == "")
    }
  }
}
