import Containers
import Foundation
import JSON
import Kubernetes
import KubernetesTesting
import Processes
import Synchronization
import TestSupport
import Testing

@testable import Workflows

@Suite struct ClusterLeftoversTests {
  private static let dead = ProcessIdentity(pid: 1, startTime: 1, boot: "another-boot")

  private static func pod(_ name: String, owner: ProcessIdentity) -> Pod {
    var labels = ContainerLabel(session: name, owner: owner).values
    labels[KubernetesLeftovers.hostKey] = KubernetesLeftovers.host
    return Pod(name: name, namespace: "dev", labels: labels)
  }

  private static func namespace(ours: Bool) -> Namespace {
    var namespace = Namespace(name: "dev")
    if ours {
      namespace.metadata.labels = [
        ContainerLabel.key: "namespace", KubernetesLeftovers.hostKey: KubernetesLeftovers.host,
      ]
    }
    return namespace
  }

  private static var token: Secret {
    var token = Secret(name: "default-token", namespace: "dev")
    token.metadata.annotations = ["kubernetes.io/service-account.name": "default"]
    return token
  }

  private static var ownedService: Service {
    var service = Service(name: "owned", namespace: "dev")
    service.metadata.ownerReferences = [OwnerReference(fields: ["kind": "Deployment"])]
    return service
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var isNamespaceOurs = true
    /// Whether a session of this process uses the place too.
    var isUsed = false
    /// What else lies there.
    var others: [any KubernetesObject] = []
    /// Whether pods take their time to end.
    var lingers = false
    let found: String
    /// Pods and namespaces.
    let stays: [String]
  }

  @Test(arguments: [
    Case(
      testDescription: "a namespace that devbench made goes with what is in it",
      found: "in namespace dev of context kind-dev: Pod dead, the namespace itself", stays: []),
    Case(
      testDescription: "another's stays", isNamespaceOurs: false,
      found: "in namespace dev of context kind-dev: Pod dead", stays: ["dev"]),
    Case(
      testDescription: "one that a session uses stays, with what is the session's", isUsed: true,
      found: "in namespace dev of context kind-dev: Pod dead", stays: ["alive", "dev"]),
    Case(
      testDescription: "one that holds what somebody else made stays",
      others: [Pod(name: "theirs", namespace: "dev")],
      found: "in namespace dev of context kind-dev: Pod dead", stays: ["theirs", "dev"]),
    Case(
      testDescription: "one goes with what a cluster puts into each",
      others: [
        ConfigMap(name: "kube-root-ca.crt", namespace: "dev"), token, ownedService,
      ],
      found: "in namespace dev of context kind-dev: Pod dead, the namespace itself", stays: []),
    Case(
      testDescription: "pods that take their time to end are waited for", lingers: true,
      found: "in namespace dev of context kind-dev: Pod dead, the namespace itself", stays: []),
  ])
  func `what was left in a recorded place is found and removed, and the place is forgotten`(
    _ test: Case
  ) async throws {
    let directory = try TemporaryDirectory()
    let state = StateDirectory(path: directory("state"))
    let records = ClusterRecords(in: state)
    try records.add(session: "one", context: "kind-dev", namespace: "dev", owner: Self.dead)
    let mode = try FileManager.default.attributesOfItem(atPath: records.path(of: "one"))
    #expect(mode[.posixPermissions] as? Int == 0o600)
    let client = FakeKubernetesClient(
      Self.namespace(ours: test.isNamespaceOurs), Self.pod("dead", owner: Self.dead))
    if test.isUsed {
      try records.add(session: "two", context: "kind-dev", namespace: "dev")
      try await client.create(Self.pod("alive", owner: .current))
    }
    for object in test.others { try await Self.create(object, by: client) }
    if test.lingers { Self.linger(client) }
    var places = ClusterLeftovers.recorded(in: state) { _ in client }
    #expect(places.count == 1)
    try await places[0].look()
    #expect(places[0].description == test.found)
    try await places[0].remove()
    let pods = try await client.list(Pod.self, namespace: "dev").items.map(\.name)
    let namespaces = try await client.list(Namespace.self, namespace: "").items.map(\.name)
    #expect(pods + namespaces == test.stays)
    #expect(Array(records.all().keys) == (test.isUsed ? ["two"] : []))
  }

  private static func create<Object: KubernetesObject>(
    _ object: Object, by client: FakeKubernetesClient
  ) async throws { try await client.create(object) }

  /// A pod's deletion only begins its end, which comes when somebody follows what becomes of it.
  private static func linger(_ client: FakeKubernetesClient) {
    let ends = Mutex(false)
    client.react(to: .delete, Pod.self) { _ in ends.withLock { $0 } ? .pass : .done }
    client.react(to: .watch, Pod.self, times: 1) { _ in
      ends.withLock { $0 = true }
      try? await client.delete(Pod.self, name: "dead", namespace: "dev")
      return .pass
    }
  }

  @Test func `a place of a devbench that runs isn't looked at`() throws {
    let directory = try TemporaryDirectory()
    let state = StateDirectory(path: directory("state"))
    try ClusterRecords(in: state).add(session: "one", context: "kind-dev", namespace: "dev")
    #expect(ClusterLeftovers.recorded(in: state) { _ in FakeKubernetesClient() }.isEmpty)
  }
}
