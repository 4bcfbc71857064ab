import Containers
import Foundation
import JSON
import Kubernetes
import KubernetesTesting
import Measurement
import Processes
import Scenarios
import TestSupport
import Testing

@testable import Workflows

/// The app's objects in a cluster of objects alone.
@Suite struct KubernetesDeploymentTests {
  private static let pod = """
    apiVersion: v1
    kind: Pod
    metadata: { name: web, labels: { app: web } }
    spec: { containers: [{ name: app, image: app, ports: [{ containerPort: 80 }] }] }
    """

  private static func deployment(replicas: Int) -> String {
    """
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: web }
    spec:
      replicas: \(replicas)
      selector: { matchLabels: { app: web } }
      template:
        metadata: { labels: { app: web } }
        spec: { containers: [{ name: app, image: app, ports: [{ containerPort: 80 }] }] }
    """
  }

  private func image(_ id: String) throws -> AppImage {
    let json = """
      {"Id": "\(id)", "Architecture": "amd64", "Os": "linux", "Config": {"Cmd": ["serve"]},
       "History": [], "RootFS": {"Layers": []}}
      """
    return AppImage(
      document: try JSONDecoder().decode(ImageDocument.self, from: Data(json.utf8)),
      builder: "test")
  }

  /// A session's deployment in a fake cluster, with what is deployed in a directory.
  private struct App {
    let client: FakeKubernetesClient
    let directory: TemporaryDirectory
    let watch: Reflector<Pod>
    let deployment: KubernetesDeployment
    let label: ContainerLabel

    init(
      _ manifest: String, client: FakeKubernetesClient = FakeKubernetesClient(),
      strategy: ClusterSpec.DeployStrategy = .inPlace, limit: Duration = .seconds(20)
    ) async throws {
      self.client = client
      directory = try TemporaryDirectory()
      try directory.write("k8s/app.yaml", manifest)
      let label = ContainerLabel(session: "run-1")
      self.label = label
      let spec = ClusterSpec(
        engine: .kubernetes(KubernetesSpec(context: "test")), image: ImageSpec(name: "app"),
        manifests: ["k8s/*.yaml"], deploy: strategy)
      watch = Reflector<Pod>(
        client, namespace: "dev", .labelled([ContainerLabel.key: label.session]))
      deployment = KubernetesDeployment(
        client, watch: watch,
        settings: KubernetesDeployment.Settings(
          path: PathSpec(path: .rebuild, cluster: spec), spec: spec, tree: directory.path,
          namespace: "dev", suffix: "-s1", labels: label.values, containerPort: nil, limit: limit,
          supervise: nil),
        reference: { "registry.example/app:\($0.id)" },
        localPorts: { count in (0..<count).map { 40001 + $0 } }, entered: { _ in })
      try await watch.start()
      try await deployment.readManifests()
    }

    func deploy(_ image: AppImage, manifestsChanged: Bool = false) async throws -> DeploymentTimes {
      try await deployment.deploy(image, manifestsChanged: manifestsChanged) { _ in nil }
    }
  }

  @Test func `a pod's image is changed in place, in the same pod, and its container is another`()
    async throws
  {
    let app = try await App(Self.pod)
    let kubelet = try await FakeKubelet(app.client, namespace: "dev")
    let first = try await app.deploy(image("one"))
    let before = await app.deployment.targets
    let second = try await app.deploy(image("two"))
    let after = await app.deployment.targets
    #expect(first.strategy == .replace)
    #expect(second.strategy == .inPlace)
    #expect(before.map(\.pod) == ["web-s1"] && after.map(\.pod) == ["web-s1"])
    #expect(before.map(\.id) != after.map(\.id))
    #expect(
      try await listImages(app.client, namespace: "dev") == ["registry.example/app:two"])
    #expect(!app.client.actions.contains { $0.verb == .delete })
    _ = kubelet
  }

  @Test func `a deployment is rolled out, and its replicas are all targets`() async throws {
    let app = try await App(Self.deployment(replicas: 3))
    let kubelet = try await FakeKubelet(app.client, namespace: "dev")
    _ = try await app.deploy(image("one"))
    #expect(await app.deployment.targets.count == 3)
    let times = try await app.deploy(image("two"))
    #expect(times.strategy == .replace)
    #expect(await app.deployment.targets.count == 3)
    #expect(
      Set(try await listImages(app.client, namespace: "dev")) == ["registry.example/app:two"])
    _ = kubelet
  }

  @Test(arguments: [3, 1])
  func `where a manifest only says another number of replicas, those that stay go on`(
    _ replicas: Int
  ) async throws {
    let app = try await App(Self.deployment(replicas: 2))
    let kubelet = try await FakeKubelet(app.client, namespace: "dev")
    _ = try await app.deploy(image("one"))
    let before = Set(await app.deployment.targets.map(\.id))
    try app.directory.write("k8s/app.yaml", Self.deployment(replicas: replicas))
    try await app.deployment.readManifests()
    _ = try await app.deploy(image("one"), manifestsChanged: true)
    _ = try await app.watch.first(limit: .seconds(10)) { pods, _ in
      pods.count == replicas ? true : nil
    }
    _ = await app.deployment.refresh()
    let after = Set(await app.deployment.targets.map(\.id))
    #expect(after.count == replicas)
    #expect(after.intersection(before).count == min(2, replicas))
    _ = kubelet
  }

  @Test func `a changed manifest makes a pod anew, and what it doesn't say any more goes`()
    async throws
  {
    let map = "---\n{ apiVersion: v1, kind: ConfigMap, metadata: { name: settings } }\n"
    let app = try await App("\(Self.pod)\n\(map)")
    let kubelet = try await FakeKubelet(app.client, namespace: "dev")
    _ = try await app.deploy(image("one"))
    #expect(try await app.client.list(ConfigMap.self, namespace: "dev").items.count == 1)
    try app.directory.write(
      "k8s/app.yaml", Self.pod.replacing("containerPort: 80", with: "containerPort: 81"))
    try await app.deployment.readManifests()
    _ = try await app.deploy(image("one"), manifestsChanged: true)
    #expect(try await app.client.list(ConfigMap.self, namespace: "dev").items.isEmpty)
    let pods = try await app.client.list(Pod.self, namespace: "dev").items
    #expect(pods.map { $0.spec.containers.first?.ports.first?.containerPort } == [81])
    _ = kubelet
  }

  @Test func `a container that can't run fails the deployment with the object and its events`()
    async throws
  {
    var event = Event(name: "e", namespace: "dev")
    event.type = "Warning"
    event.reason = "Failed"
    event.message = "Failed to pull image"
    event.involvedObject.kind = "Pod"
    event.involvedObject.name = "web-s1"
    let app = try await App(Self.pod, client: FakeKubernetesClient(event))
    let kubelet = try await FakeKubelet(app.client, namespace: "dev") { _ in
      ["waiting": ["reason": "ImagePullBackOff", "message": "not found"]]
    }
    let failure = await #expect(throws: WorkflowFailure.self) {
      _ = try await app.deploy(image("one"))
    }
    #expect(
      failure?.description
        == "Pod web-s1, container app: the image can't be pulled: ImagePullBackOff: not found\n"
        + "  Failed: Failed to pull image")
    _ = kubelet
  }

  /// A replica set's controller says so by events alone: there is no pod to look at.
  private static func refusal(_ message: String, of name: String) -> Event {
    var event = Event(name: "refusal", namespace: "dev")
    event.type = "Warning"
    event.reason = "FailedCreate"
    event.message = message
    event.involvedObject.kind = "ReplicaSet"
    event.involvedObject.name = name
    return event
  }

  private static let quota =
    "Error creating: pods \"web-s1-1-x\" is forbidden: exceeded quota: none, requested: pods=1, "
    + "used: pods=0, limited: pods=0"
  private static let account =
    "Error creating: pods \"web-s1-1-x\" is forbidden: error looking up service account dev/default: "
    + "serviceaccount \"default\" not found"

  @Test(arguments: [
    (
      quota, "web-s1-1",
      "Deployment web-s1: a quota is exceeded: \(quota); “kubectl describe quota” tells who uses it; or "
        + "use another namespace"
    ),
    // Of another deployment, and one that passes: then the limit comes.
    (quota, "web-other-1", "the new containers didn't run within 2 s"),
    (account, "web-s1-1", "the new containers didn't run within 2 s"),
  ])
  func `pods that are refused for good fail a new deployment before its limit`(
    _ message: String, _ object: String, _ expected: String
  ) async throws {
    let app = try await App(
      Self.deployment(replicas: 1),
      client: FakeKubernetesClient(Self.refusal(message, of: object)),
      limit: expected.hasPrefix("Deployment") ? .seconds(60) : .seconds(2))
    let failure = await #expect(throws: WorkflowFailure.self) {
      _ = try await app.deploy(image("one"))
    }
    #expect(failure?.description == expected)
  }

  @Test func `an image that something else puts in its place fails the deployment`() async throws {
    let client = FakeKubernetesClient()
    let app = try await App(Self.pod, client: client)
    let kubelet = try await FakeKubelet(client, namespace: "dev")
    var pod = Pod(name: "web-s1", namespace: "dev")
    pod.spec.containers = [Container(name: "app", image: "registry.example/app:rolled-back")]
    // The watch of the session's own pods saw it before.
    client.react(to: .list, Pod.self) { [pod] in $0.selection == .all ? .list([pod]) : .pass }
    let failure = await #expect(throws: WorkflowFailure.self) {
      _ = try await app.deploy(image("one"))
    }
    #expect(
      failure?.description
        == "0 containers have the image registry.example/app:one that was just built, not 1: something "
        + "in the cluster changes images, or takes the deployment back")
    _ = kubelet
  }

  @Test func `a container that comes by itself is a new target`() async throws {
    let app = try await App(Self.pod)
    let kubelet = try await FakeKubelet(app.client, namespace: "dev")
    _ = try await app.deploy(image("one"))
    guard case .none = await app.deployment.refresh() else {
      Issue.record("nothing has happened")
      return
    }
    let before = await app.deployment.targets.map(\.id)
    var pod = try await app.client.get(Pod.self, name: "web-s1", namespace: "dev")
    pod.status.containerStatuses = pod.status.containerStatuses.map { status in
      var status = status
      status.containerID = "containerd://restarted"
      return status
    }
    pod.metadata.resourceVersion = nil
    try await app.client.update(pod)
    _ = try await app.watch.first(limit: .seconds(10)) { pods, _ -> Bool? in
      pods.values.contains { $0.status(of: "app")?.containerID == "containerd://restarted" }
        ? true : nil
    }
    guard case .targets = await app.deployment.refresh() else {
      Issue.record("there is another container")
      return
    }
    #expect(before != ["containerd://restarted"])
    #expect(await app.deployment.targets.map(\.id) == ["containerd://restarted"])
    _ = kubelet
  }

  @Test func `a pod that somebody deleted is lost, and made anew with the next deployment`()
    async throws
  {
    let app = try await App(Self.pod)
    let kubelet = try await FakeKubelet(app.client, namespace: "dev")
    _ = try await app.deploy(image("one"))
    try await app.client.delete(Pod.self, name: "web-s1", namespace: "dev")
    _ = try await app.watch.first(limit: .seconds(10)) { pods, _ -> Bool? in
      pods.isEmpty ? true : nil
    }
    guard case .lost(let failure) = await app.deployment.refresh() else {
      Issue.record("nobody makes it anew")
      return
    }
    #expect("\(failure)".contains("Pod web-s1 was deleted"), "\(failure)")
    guard case .none = await app.deployment.refresh() else {
      Issue.record("it is told once")
      return
    }
    _ = try await app.deploy(image("one"))
    #expect(await app.deployment.targets.map(\.pod) == ["web-s1"])
    _ = kubelet
  }

  @Test func `a pod that is still ending after somebody deleted it is made anew once it is gone`()
    async throws
  {
    let app = try await App(Self.pod)
    let kubelet = try await FakeKubelet(app.client, namespace: "dev")
    _ = try await app.deploy(image("one"))
    let before = await app.deployment.targets.map(\.id)
    var pod = try await app.client.get(Pod.self, name: "web-s1", namespace: "dev")
    #expect(await !app.deployment.isEnding)
    pod.metadata.deletionTimestamp = "2026-11-29T15:24:00Z"
    pod.metadata.resourceVersion = nil
    try await app.client.update(pod)
    _ = try await app.watch.first(limit: .seconds(10)) { pods, _ -> Bool? in
      pods["web-s1"]?.metadata.deletionTimestamp != nil ? true : nil
    }
    #expect(await app.deployment.isEnding)
    #expect(try await app.deployment.deleted() == "Pod web-s1")
    let (client, deployment) = (app.client, app.deployment)
    let two = try image("two")
    let deploying = Task { try await deployment.deploy(two, manifestsChanged: false) { _ in nil } }
    try await client.delete(Pod.self, name: "web-s1", namespace: "dev")
    _ = try await deploying.value
    #expect(await deployment.targets.map(\.pod) == ["web-s1"])
    #expect(await deployment.targets.map(\.id) != before)
    _ = kubelet
  }

  @Test func `a workload that somebody deleted is known once its pods are gone, and made anew`()
    async throws
  {
    let app = try await App(Self.deployment(replicas: 2))
    let kubelet = try await FakeKubelet(app.client, namespace: "dev")
    _ = try await app.deploy(image("one"))
    #expect(try await app.deployment.deleted() == nil)
    try await app.client.delete(Deployment.self, name: "web-s1", namespace: "dev")
    for pod in try await app.client.list(Pod.self, namespace: "dev").items {
      try await app.client.delete(Pod.self, name: pod.name, namespace: "dev")
    }
    _ = try await app.watch.first(limit: .seconds(10)) { pods, _ -> Bool? in
      pods.isEmpty ? true : nil
    }
    guard case .targets = await app.deployment.refresh() else {
      Issue.record("other pods may come")
      return
    }
    #expect(try await app.deployment.deleted() == "Deployment web-s1")
    _ = try await app.deploy(image("one"))
    #expect(await app.deployment.targets.count == 2)
    _ = kubelet
  }

  @Test func `only what carries the session's label is removed`() async throws {
    let theirs = Pod(name: "theirs", namespace: "dev", labels: ["app": "web"])
    let other = Pod(name: "other", namespace: "dev", labels: [ContainerLabel.key: "run-2"])
    let app = try await App(
      Self.deployment(replicas: 2), client: FakeKubernetesClient(theirs, other))
    let kubelet = try await FakeKubelet(app.client, namespace: "dev")
    _ = try await app.deploy(image("one"))
    #expect(await app.deployment.remove() == nil)
    #expect(
      try await app.client.list(Pod.self, namespace: "dev").items.map(\.name).sorted()
        == ["other", "theirs"])
    #expect(try await app.client.list(Deployment.self, namespace: "dev").items.isEmpty)
    _ = kubelet
  }

  @Test func `kinds that may not be listed are passed over when a session removes its own`()
    async throws
  {
    let app = try await App(Self.pod)
    let kubelet = try await FakeKubelet(app.client, namespace: "dev")
    _ = try await app.deploy(image("one"))
    app.client.react(to: .list, Secret.self) { _ in
      .fail(KubernetesFailure(.forbidden, "secrets is forbidden"))
    }
    #expect(await app.deployment.remove() == nil)
    #expect(
      try await KubernetesLeftovers.removeLeftovers(namespace: "dev", by: app.client) == [])
    #expect(try await app.client.list(Pod.self, namespace: "dev").items.isEmpty)
    _ = kubelet
  }

  @Test func `of what was left only that of dead processes of this user and machine is removed`()
    async throws
  {
    let dead = ProcessIdentity(pid: 1, startTime: 1, boot: "another-boot")
    func pod(_ name: String, owner: ProcessIdentity, host: String) -> Pod {
      var labels = ContainerLabel(session: name, owner: owner).values
      labels[KubernetesLeftovers.hostKey] = host
      return Pod(name: name, namespace: "dev", labels: labels)
    }
    let client = FakeKubernetesClient(
      pod("dead", owner: dead, host: KubernetesLeftovers.host),
      pod("alive", owner: .current, host: KubernetesLeftovers.host),
      pod("elsewhere", owner: dead, host: "another"),
      Pod(name: "theirs", namespace: "dev"))
    #expect(
      try await KubernetesLeftovers.removeLeftovers(namespace: "dev", by: client) == ["Pod dead"])
    #expect(
      try await client.list(Pod.self, namespace: "dev").items.map(\.name).sorted()
        == ["alive", "elsewhere", "theirs"])
  }

  @Test func `a namespace that isn't there is made and goes with its last user, another stays`()
    async throws
  {
    let client = FakeKubernetesClient(Namespace(name: "theirs"))
    for name in ["ours", "theirs"] {
      for _ in 0..<2 {
        try await ClusterNamespaces.shared.take(name, of: "namespace test", by: client) {}
      }
      try await ClusterNamespaces.shared.leave(name, of: "namespace test", by: client)
    }
    #expect(try await names(client) == ["ours", "theirs"])
    for name in ["ours", "theirs"] {
      try await ClusterNamespaces.shared.leave(name, of: "namespace test", by: client)
    }
    #expect(try await names(client) == ["theirs"])
  }

  @Test func `a namespace that is being deleted is waited for, and made anew`() async throws {
    var old = Namespace(name: "old")
    old.status.phase = "Terminating"
    let client = FakeKubernetesClient(old)
    let taking = Task {
      try await ClusterNamespaces.shared.take("old", of: "ending test", by: client) {}
    }
    try await eventually("it is waited for") { client.actions.contains { $0.verb == .watch } }
    try await client.delete(Namespace.self, name: "old", namespace: "")
    try await taking.value
    let found = try await client.get(Namespace.self, name: "old", namespace: "")
    #expect(found.metadata.labels[ContainerLabel.key] == "namespace")
    // As a tear-down that is timed does.
    try await ClusterNamespaces.shared.leave("old", of: "ending test", by: client, waits: true)
    #expect(try await names(client) == [])
  }

  private func names(_ client: FakeKubernetesClient) async throws -> [String] {
    try await client.list(Namespace.self, namespace: "").items.map(\.name).sorted()
  }
}
