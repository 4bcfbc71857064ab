import Kubernetes
import KubernetesTesting
import Testing

@Suite struct ListImagesTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let namespace: String
    let objects: [any KubernetesObject]
    let wanted: [String]
  }

  static func pod(_ name: String, in namespace: String, running image: String) -> Pod {
    var pod = Pod(name: name, namespace: namespace)
    pod.spec.containers = [Container(name: "app", image: image)]
    return pod
  }

  static let cases = [
    Case(testDescription: "no pods", namespace: "", objects: [], wanted: []),
    Case(
      testDescription: "all namespaces", namespace: "",
      objects: [pod("x", in: "a", running: "image-a"), pod("y", in: "b", running: "image-b")],
      wanted: ["image-a", "image-b"]),
    Case(
      testDescription: "filter by namespace", namespace: "a",
      objects: [pod("x", in: "a", running: "image-a"), pod("y", in: "b", running: "image-b")],
      wanted: ["image-a"]),
    Case(
      testDescription: "wrong namespace", namespace: "c",
      objects: [pod("x", in: "a", running: "image-a")], wanted: []),
  ]

  @Test(arguments: cases)
  func `the images of all containers of a namespace's pods are listed`(_ test: Case) async throws {
    let client = FakeKubernetesClient(test.objects)
    let got = try await listImages(client, namespace: test.namespace)
    #expect(got == test.wanted, "\(difference(got: got, wanted: test.wanted))")
  }

  @Test func `init containers come first, and an image as often as it runs`() async throws {
    var pod = Self.pod("x", in: "a", running: "app")
    pod.spec.containers.append(Container(name: "worker", image: "app"))
    pod.spec.initContainers = [Container(name: "migrate", image: "migrations")]
    let client = FakeKubernetesClient(pod)
    #expect(try await listImages(client, namespace: "a") == ["migrations", "app", "app"])
  }

  @Test func `a refused list is no empty one`() async {
    let client = FakeKubernetesClient(Self.pod("x", in: "a", running: "app"))
    let failure = KubernetesFailure(.forbidden, "pods is forbidden")
    client.react(to: .list, Pod.self) { _ in .fail(failure) }
    await #expect(throws: failure) { try await listImages(client, namespace: "a") }
  }
}
