import Containers
import Foundation
import Kubernetes
import KubernetesTesting
import Processes
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

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var isNamespaceOurs = true
    /// Whether a session of this process uses the place too.
    var isUsed = false
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

  @Test func `a place of a devbench that runs isn't looked at`() throws {
    let directory = try TemporaryDirectory()
    let state = StateDirectory(path: directory("state"))
    try ClusterRecords(in: state).add(session: "one", context: "kind-dev", namespace: "dev")
    #expect(ClusterLeftovers.recorded(in: state) { _ in FakeKubernetesClient() }.isEmpty)
  }
}
