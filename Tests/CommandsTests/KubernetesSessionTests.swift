import Containers
import Foundation
import Glibc
import Kubernetes
import KubernetesTesting
import Measurement
import Processes
import ResultStore
import TestSupport
import Testing

/// The real devbench on a real cluster, from a scenario file to what is left afterwards, if
/// `DEVBENCH_TEST_KUBECONTEXT` names a cluster and `DEVBENCH_TEST_REGISTRY` the registry on the loopback
/// interface that its nodes pull from.
@Suite(
  .enabled(if: TestCluster.runsApps, "\(TestCluster.isMissing)"), .serialized,
  .timeLimit(.minutes(5)))
struct KubernetesSessionTests {
  private static let pod = """
    apiVersion: v1
    kind: Pod
    metadata: { name: sessiontest }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - { name: web, image: sessiontest, ports: [{ containerPort: 8000 }] }

    """

  private static let twoReplicas = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: sessiontest }
    spec:
      replicas: 2
      selector: { matchLabels: { app: sessiontest } }
      template:
        metadata: { labels: { app: sessiontest } }
        spec:
          terminationGracePeriodSeconds: 1
          containers:
            - { name: web, image: sessiontest, ports: [{ containerPort: 8000 }] }

    """

  private let client = KubectlClient(Kubectl(context: TestCluster.context))
  private let namespace = "devbench-session-\(UInt32.random(in: 0 ... .max))"

  private func bench(_ manifest: String, onCluster: Bool = true) async throws -> Bench {
    let bench = try await Bench()
    // It travels fast, and no registry has to answer.
    try await StandInBuilder(podman: Podman.ready(), state: .standard()).make(.busybox)
    try bench.write("app/k8s/app.yaml", manifest)
    try bench.write(
      "app/Dockerfile",
      """
      FROM \(StandIn.busybox.reference)
      COPY page.txt /www/
      CMD ["httpd", "-f", "-p", "8000", "-h", "/www"]

      """)
    let cluster =
      onCluster
      ? "{ kubernetes: { context: \(TestCluster.context ?? ""), namespace: \(namespace) } }"
      : "podman"
    try bench.write(
      "cluster.yaml",
      """
      name: cluster
      app: { source: app, probe: { path: /page.txt, timeout: 60s, interval: 20ms } }
      edits: { message: { file: page.txt, find: Hello, replace: "Hi {{token}}" } }
      workflows:
        local-cluster:
          cluster: \(cluster)
          image: { name: "\(TestCluster.registry ?? "")/devbench/sessiontest" }
          manifests: [k8s/*.yaml]
          sync: [{ from: "*.txt", to: /www }]
          paths: [sync, rebuild]
      measure: { warmups: 0, iterations: 2, thinkTime: 10ms..30ms }
      """)
    return bench
  }

  // MARK: The cluster

  private func pods() async throws -> [Pod] {
    try await client.list(Pod.self, namespace: namespace).items.filter {
      $0.metadata.deletionTimestamp == nil && $0.status.phase == "Running"
    }
  }

  private func page(in pod: Pod) async throws -> String {
    let stream = try await client.exec(
      pod: pod.name, namespace: namespace, container: "web", command: ["cat", "/www/page.txt"])
    await stream.finishInput()
    var bytes: [UInt8] = []
    while let chunk = try await stream.output.next() { bytes += chunk }
    _ = try await stream.exit()
    return String(decoding: bytes, as: UTF8.self)
  }

  private func isNamespaceGone() async throws -> Bool {
    do throws(KubernetesFailure) {
      return try await client.get(Namespace.self, name: namespace, namespace: "").status.phase
        == "Terminating"
    } catch  where error.reason == .notFound {
      return true
    }
  }

  // MARK: Measuring

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var isOnCluster = true
    var manifest = KubernetesSessionTests.pod
    var replicas = 1
  }

  @Test(
    "the same scenario file, but for its cluster, is measured on each by sync and by rebuild",
    arguments: [
      Case(testDescription: "a pod on Podman", isOnCluster: false),
      Case(testDescription: "a pod on Kubernetes"),
      Case(testDescription: "two replicas on Kubernetes", manifest: twoReplicas, replicas: 2),
    ])
  func measured(_ test: Case) async throws {
    let bench = try await bench(test.manifest, onCluster: test.isOnCluster)
    let run = try await bench.devbench("run", "cluster.yaml", limit: .seconds(200))
    #expect(run.status == 0, "\(run.all)")
    let samples = try bench.stored().samples
    for path in [UpdatePath.sync, .rebuild] {
      let served = samples.filter { $0.cell.path == path && $0.outcome == .served }
      #expect(served.count == 2, "\(path): \(run.all)")
      for sample in served {
        #expect(sample.replicas == test.replicas)
        guard test.replicas > 1 else { continue }
        #expect(sample.replicasServed == test.replicas)
        let all = try #require(sample.allServed)
        #expect(all >= sample.duration)
      }
    }
    #expect(try await isNamespaceGone())
    #expect(try bench.scratch().isEmpty)
  }

  // MARK: Following

  @Test("a saved file reaches every replica, and a pod that takes the place of a deleted one")
  func replicas() async throws {
    let bench = try await bench(Self.twoReplicas)
    let running = try await bench.start(["dev", "cluster.yaml"])
    _ = try await running.line { $0.contains("ready after") }
    try bench.write("app/page.txt", "Hello again\n")
    let line = try await running.line { $0.hasPrefix("page.txt") && $0.contains("served") }
    #expect(line.contains("synced 1 file"))
    let pods = try await pods()
    #expect(pods.count == 2)
    for pod in pods { #expect(try await page(in: pod) == "Hello again\n") }

    let deleted = try #require(pods.first)
    try await client.delete(
      Pod.self, name: deleted.name, namespace: namespace, DeleteOptions(gracePeriod: 0))
    let replayed = try await running.line { $0.contains("a new container runs in ") }
    try await eventually("the new pod has what was saved") {
      let new = try await self.pods().filter { !pods.map(\.name).contains($0.name) }
      guard let pod = new.first, replayed.contains(pod.name) else { return false }
      return try await self.page(in: pod) == "Hello again\n"
    }

    running.send(SIGINT)
    let end = try await running.finish()
    #expect(end.status == 130, "\(end.all)")
    #expect(end.lines.last == "nothing is left")
    #expect(try await isNamespaceGone())
  }

  // MARK: Killed

  struct Killed: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var isNamespaceDevbenchs = true
    /// Whether something lies in the namespace that devbench didn't make.
    var isShared = false
    var hasNamespaceLeft: Bool { isShared || !isNamespaceDevbenchs }
  }

  @Test(
    "clean removes what a killed devbench left, and nothing that it didn't make",
    arguments: [
      Killed(testDescription: "in a namespace that it made"),
      Killed(testDescription: "in one that it made and others use", isShared: true),
      Killed(
        testDescription: "in one that it found", isNamespaceDevbenchs: false, isShared: true),
    ])
  func killed(_ test: Killed) async throws {
    let bench = try await bench(Self.pod)
    let foreign = ConfigMap(name: "foreign", namespace: namespace)
    if !test.isNamespaceDevbenchs { try await client.create(Namespace(name: namespace)) }
    do {
      let running = try await bench.start(["dev", "cluster.yaml"])
      _ = try await running.line { $0.contains("ready after") }
      if test.isShared { try await client.create(foreign) }
      running.send(SIGKILL)
      _ = await running.process.exit()
      #expect(!running.children.isEmpty, "no kubectl was running when devbench was killed")
      #expect(try await pods().count == 1)

      let result = try await bench.devbench(
        "clean", database: false, environment: try pathWithoutPodman(bench))
      #expect(result.status == 0, "\(result.all)")
      let place = "namespace \(namespace) of context \(TestCluster.context ?? "")"
      #expect(
        result.lines.contains {
          $0.hasPrefix("removed       in \(place): Pod sessiontest-")
            && $0.hasSuffix(", the namespace itself") != test.hasNamespaceLeft
        }, "\(result.all)")
      #expect(running.children.isEmpty)
      #expect(try bench.scratch().isEmpty)
      #expect(try await isNamespaceGone() != test.hasNamespaceLeft)
      if test.hasNamespaceLeft {
        #expect(try await client.list(Pod.self, namespace: namespace).items.isEmpty)
        _ = try await client.get(ConfigMap.self, name: foreign.name, namespace: namespace)
      }
    } catch {
      try await removeNamespace()
      throw error
    }
    try await removeNamespace()
  }

  /// What is in this machine's engine is somebody else's to clean.
  private func pathWithoutPodman(_ bench: Bench) throws -> [String: String] {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let kubectl = try #require(
      path.split(separator: ":").map { "\($0)/kubectl" }.first {
        FileManager.default.isExecutableFile(atPath: $0)
      })
    try FileManager.default.createDirectory(
      atPath: bench.inner("bin"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: bench.inner("bin/kubectl"), withDestinationPath: kubectl)
    return ["PATH": bench.inner("bin")]
  }

  private func removeNamespace() async throws {
    do throws(KubernetesFailure) {
      try await client.delete(Namespace.self, name: namespace, namespace: "")
    } catch  where error.reason == .notFound {
      return
    }
  }
}
