import Foundation
import Kubernetes
import KubernetesTesting
import TestSupport
import Testing

/// One table of behaviours: of the fake always, of a real cluster if `DEVBENCH_TEST_KUBECONTEXT` names one.
@Suite struct KubernetesContractTests {
  private static let behaviours = Behaviour.objects + Behaviour.streams + Behaviour.pods

  private static let context = ProcessInfo.processInfo.environment["DEVBENCH_TEST_KUBECONTEXT"]

  @Test(arguments: behaviours)
  func `the fake does as the table says`(_ behaviour: Behaviour) async throws {
    let client = FakeKubernetesClient()
    client.onExec(LocalCommand.run)
    try await behaviour.check(client, "a")
  }

  @Test(
    .enabled(
      if: context != nil,
      "no cluster to compare the fake with: DEVBENCH_TEST_KUBECONTEXT names no context"),
    .serialized, arguments: behaviours)
  func `a real cluster does as the table says`(_ behaviour: Behaviour) async throws {
    let sockets = try TemporaryDirectory()
    let client = KubectlClient(Kubectl(context: Self.context), sockets: sockets.path)
    var made = Namespace(name: "", labels: ["io.devbench": "contract"])
    made.metadata.name = nil
    made.metadata.generateName = "devbench-contract-"
    let namespace = try await client.create(made).name
    do {
      try await behaviour.check(client, namespace)
    } catch {
      try await client.delete(Namespace.self, name: namespace, namespace: "")
      throw error
    }
    try await client.delete(Namespace.self, name: namespace, namespace: "")
  }
}
