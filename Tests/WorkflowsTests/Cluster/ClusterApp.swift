import Clock
import FileSync
import Foundation
import Measurement
import Processes
import Scenarios
import TestSupport
import Testing

@testable import Containers
@testable import Workflows

/// A cluster session over a small app, in a tree of its own, against the real Podman.
final class ClusterApp: Sendable {
  /// Answers with `code.txt` as it was when the app started, `text.txt` as it is, and what lies in `data`.
  static let server = """
    import http.server, os, signal, sys, threading, time
    def text(name):
        try:
            return open(name).read()
        except OSError:
            return "none"
    code = text("code.txt")
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(f"code={code} text={text('text.txt')} ran={text('ran')}.".encode())
        def log_message(self, *_): pass
    class Server(http.server.ThreadingHTTPServer):
        allow_reuse_address = True
    def serve():
        server = Server(("0.0.0.0", 8000), Handler)
        print("ready", flush=True)
        server.serve_forever()
    def reload():
        def look():
            while text("code.txt") == code: time.sleep(0.02)
            print("reloading", flush=True)
            os.execv(sys.executable, [sys.executable] + sys.argv)
        threading.Thread(target=look, daemon=True).start()
        serve()

    """

  static let manifest = """
    apiVersion: v1
    kind: Pod
    metadata: { name: looptest }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: app
          image: looptest
          ports: [{ containerPort: 8000 }]

    """

  let directory: TemporaryDirectory
  let session: ClusterSession
  let events = Recorder<LoopEvent>()
  let podman: Podman
  let tree: String
  /// The name of what the session makes begins with it.
  let run: RunDirectory
  /// Where the app is to run; nil for this machine's engine.
  let remote: RunRemote?
  /// Whether an engine of this machine's runs the app.
  private let isHere: Bool

  /// - Parameter state: another app's, to live side by side with it.
  init(_ options: Options, state shared: StateDirectory? = nil) async throws {
    podman = try await Self.engine()
    let base =
      options.isSmall ? try await Self.busybox(podman) : try await Self.base(podman)
    directory = try TemporaryDirectory()
    let context = options.context == "." ? "tree" : "tree/\(options.context)"
    try directory.write("\(context)/app.py", Self.server + options.script + "\n")
    try directory.write("\(context)/code.txt", "one")
    try directory.write("\(context)/text.txt", "one")
    try directory.write("\(context)/Dockerfile", "FROM \(base)\n\(options.dockerfile)")
    try directory.write("\(context)/.dockerignore", options.dockerignore)
    try directory.write("tree/k8s/pod.yaml", options.manifest)
    for (name, text) in options.files { try directory.write("tree/\(name)", text) }
    let state = shared ?? StateDirectory(path: directory("state"))
    run = try state.makeRunDirectory(
      options.isRemote ? "looptest-\(SessionTag.newSession())" : "looptest")
    remote =
      options.isRemote && options.kubernetes == nil ? RunRemote(directory: run, state: state) : nil
    isHere = !options.isRemote && options.kubernetes == nil
    if options.viaLink {
      try FileManager.default.createSymbolicLink(
        atPath: directory("link"), withDestinationPath: directory("tree"))
    }
    tree = directory(options.viaLink ? "link" : "tree")
    let spec = ClusterSpec(
      engine: options.kubernetes.map { .kubernetes($0) } ?? .podman,
      image: ImageSpec(name: options.imageName, context: options.context),
      manifests: ["k8s/*.yaml"],
      sync: options.path == .sync ? options.rules : [], builder: options.builder,
      deploy: options.deploy)
    let path = PathSpec(
      path: options.path, environment: ["PYTHONDONTWRITEBYTECODE": "1"],
      markers: options.markers, cluster: spec)
    let events = events
    var setup = SessionSetup(
      workflow: WorkflowSpec(
        kind: options.isRemote ? .remoteCluster : .localCluster, paths: [path],
        links: options.links), path: path,
      probe: Scenario.Probe(
        path: options.isSmall ? "/text.txt" : "/", interval: .milliseconds(5),
        timeout: options.timeout),
      tree: tree, directory: run)
    setup.remote = remote
    setup.hostPort = options.hostPort
    if options.isFollowed { setup.tell = { event in events.record(event) } }
    session = try ClusterSession(setup: setup)
  }

  struct Missing: Error, CustomStringConvertible {
    let description: String
  }

  /// Podman as devbench drives it.
  static func engine() async throws -> Podman {
    do throws(EngineFailure) {
      return try await Podman.ready()
    } catch {
      throw Missing(description: "these tests need a container engine: \(error)")
    }
  }

  /// An image with Python, this machine's stand-in if no registry answers.
  static func base(_ podman: Podman) async throws -> String {
    try await BaseImages(podman: podman, state: .standard())
      .image("docker.io/library/python:3.13-slim").reference
  }

  /// An image that travels fast.
  static func busybox(_ podman: Podman) async throws -> String {
    try await StandInBuilder(podman: podman, state: .standard()).make(.busybox)
    return StandIn.busybox.reference
  }

  /// Runs a test with a session that has started; ends it whatever happens.
  static func with(
    _ options: Options = ClusterApp.Options(), _ body: (ClusterApp) async throws -> Void
  ) async throws {
    let app = try await ClusterApp(options)
    do {
      try await app.session.start()
      try await body(app)
    } catch {
      let tail = await app.session.outputTail(20)
      await app.end()
      Issue.record("the app's last lines: \(tail); failures: \(app.failures)")
      throw error
    }
    await app.end()
    let left = try await app.leftovers()
    #expect(left == [])
  }

  func end() async {
    await session.stop()
    await session.probe.shutdown()
    if let problem = await remote?.remove() { Issue.record("\(problem)") }
  }

  // MARK: The tree

  /// Saves as an editor does, by renaming.
  @discardableResult
  func save(_ name: String, _ text: String) throws -> MonotonicInstant {
    try directory.write("elsewhere", text)
    let at = MonotonicInstant.now()
    try FileManager.default.createDirectory(
      atPath: (directory("tree/\(name)") as NSString).deletingLastPathComponent,
      withIntermediateDirectories: true)
    guard rename(directory("elsewhere"), directory("tree/\(name)")) == 0 else {
      throw CocoaError(.fileWriteUnknown)
    }
    return at
  }

  func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: directory("tree/\(name)"))
  }

  // MARK: The session

  func served(_ text: String, limit: Duration = .seconds(40)) async -> Bool {
    await session.probe.observe(.text(text), limit: limit).found != nil
  }

  /// What the loop has done so far: `sync`, `rebuild requirements.txt`.
  var actions: [String] {
    events.all.compactMap { event in
      guard case .acting(let action, let cause) = event else { return nil }
      return action.rawValue + (cause.map { " \($0)" } ?? "")
    }
  }

  /// Waits until the loop has dealt with so many bursts that there was something to do about.
  func settled(_ count: Int) async throws {
    try await events.wait(limit: .seconds(90)) { events in
      events.filter(\.isSettled).count >= count
    }
  }

  var settledCount: Int {
    events.all.filter(\.isSettled).count
  }

  /// Waits until everything saved so far has been dealt with: a file that comes last has landed.
  func landedAll() async throws {
    let name = "last-\(UInt32.random(in: 0 ... .max)).txt"
    try save(name, "last")
    try await events.wait(limit: .seconds(90)) { events in
      let landed = events.firstIndex { event in
        guard case .landed(let copied, _, _, _, _) = event else { return false }
        return copied.contains(name)
      }
      // What is saved next must not be counted as settled by this one's end.
      return landed.map { events[$0...].contains(where: \.isSettled) } ?? false
    }
  }

  var notes: [String] {
    events.all.compactMap { event in
      guard case .output("devbench", let line) = event else { return nil }
      return line
    }
  }

  var failures: [String] {
    events.all.compactMap { event in
      switch event {
      case .failed(let text, _, _): text
      case .lost(let failure, _): "\(failure)"
      default: nil
      }
    }
  }

  // MARK: The engine

  /// The engine that runs the app.
  func place() async throws -> Podman {
    guard let remote else { return podman }
    return podman.connected(to: try await remote.remote(of: podman).socket)
  }

  /// What lies on this machine of a remote.
  func remotePlace() async throws -> RemotePlace {
    let shared = try #require(remote)
    return try await shared.remote(of: podman).place
  }

  /// Containers of the session, by their names in the engine.
  func containers() async throws -> [ContainerInfo] {
    try await containers(in: place())
  }

  private func containers(in podman: Podman) async throws -> [ContainerInfo] {
    try await podman.containers(filter: "name=looptest").filter {
      !$0.isInfra && isOurs($0.labels)
    }
  }

  /// Others may run these tests on the same engine.
  private func isOurs(_ labels: [String: String]) -> Bool {
    guard let label = ContainerLabel(of: labels), label.owner == .current else { return false }
    return label.session.hasPrefix("\((run.path as NSString).lastPathComponent)-")
  }

  private struct PodListing: Decodable {
    var Name: String
    var Labels: [String: String]?
  }

  private func pods() async throws -> [String] {
    let list = try await podman.run(
      ["pod", "ps", "--format", "json", "--filter", "name=looptest"]
    ).stdout
    return try JSONDecoder().decode([PodListing].self, from: Data(list.utf8))
      .filter { isOurs($0.Labels ?? [:]) }.map(\.Name)
  }

  func container(_ name: String = "app") async throws -> ContainerInfo {
    let all = try await containers().filter {
      $0.name.contains("-\(name)") && $0.state == .running
    }
    return try #require(all.first, "no running container \(name)")
  }

  /// Runs a shell's line in a container, and returns what it printed.
  @discardableResult
  func inside(_ line: String, of name: String = "app") async throws -> String {
    let id = try await container(name).id
    return try await place().run(["exec", id, "sh", "-c", line]).stdout
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// What is left of the session in this machine's engine and on the machine.
  func leftovers() async throws -> [String] {
    var left = try await containers(in: podman).map(\.name)
    if isHere { left += try await pods() }
    left += try FileManager.default.contentsOfDirectory(atPath: "\(run.path)/processes")
    return left
  }
}

extension ClusterApp {
  struct Options {
    var script = "serve()"
    var path = UpdatePath.sync
    var rules = [
      SyncRuleSpec(from: "*.txt", to: "/app"), SyncRuleSpec(from: "data/**", to: "/app"),
    ]
    var dockerfile = "WORKDIR /app\nCOPY . .\nCMD [\"python3\", \"app.py\"]\n"
    var dockerignore = "k8s\nDockerfile\n.dockerignore\n*.md\n"
    var manifest = ClusterApp.manifest
    var builder = ClusterSpec.Builder.append
    var deploy = ClusterSpec.DeployStrategy.inPlace
    var context = "."
    var markers = Markers()
    var timeout = Duration.seconds(60)
    /// Whether the session is one that a person follows.
    var isFollowed = true
    /// Added to the tree before the start.
    var files: [String: String] = [:]
    var viaLink = false
    /// Of this machine, to ask the app by; nil takes a free one.
    var hostPort: Int?
    var isRemote = false
    /// The cluster of kubectl's that the app runs on; nil for an engine.
    var kubernetes: KubernetesSpec?
    var links: [LinkSpec] = []
    var imageName = "looptest"
    /// Whether the app is the small one, which travels fast.
    var isSmall = false

    static func remote(_ path: UpdatePath) -> Options {
      var options = small(path)
      options.isRemote = true
      return options
    }

    /// A server on busybox: it answers with a file as it is, and says each text that it sees. A file that is
    /// just being written, in place, may be seen empty; that is no text.
    static func small(_ path: UpdatePath) -> Options {
      var options = Options()
      (options.isSmall, options.path) = (true, path)
      options.dockerfile = "WORKDIR /app\nCOPY . .\nCMD [\"sh\", \"run.sh\"]\n"
      options.files["run.sh"] = """
        trap 'exit 0' TERM
        httpd -p 8000 -h /app
        while [ ! -e end.txt ]; do
          text=$(cat text.txt)
          [ -z "$text" ] || [ "$text" = "$said" ] || { said=$text; echo "text $said"; }
          sleep 0.02 & wait $!
        done
        exit 3

        """
      return options
    }
  }
}

extension LoopEvent {
  var isSettled: Bool {
    if case .settled = self { true } else { false }
  }
}
