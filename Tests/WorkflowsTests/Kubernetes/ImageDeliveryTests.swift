import Scenarios
import Testing

@testable import Workflows

@Suite struct ImageDeliveryTests {
  struct WayCase: Sendable, CustomTestStringConvertible {
    var image: ImageSpec
    var context: String
    var local: String?
    var expected: String
    var testDescription: String {
      "\(image.name), load \(image.load?.rawValue ?? "-"), \(context), \(local ?? "-")"
    }
  }

  @Test(arguments: [
    WayCase(
      image: ImageSpec(name: "registry.example/t/app"), context: "kind-dev",
      expected: "push registry.example/t/app"),
    WayCase(image: ImageSpec(name: "app"), context: "kind-dev", expected: "kind dev"),
    WayCase(image: ImageSpec(name: "app"), context: "k3d-x", expected: "k3d x"),
    WayCase(image: ImageSpec(name: "app"), context: "minikube", expected: "minikube minikube"),
    WayCase(
      image: ImageSpec(name: "app", load: .minikube), context: "work", expected: "minikube work"),
    WayCase(
      image: ImageSpec(name: "app"), context: "kind-dev", local: "localhost:5001",
      expected: "push localhost:5001/app"),
    WayCase(
      image: ImageSpec(name: "app", load: .kind), context: "kind-dev", local: "localhost:5001",
      expected: "kind dev"),
    WayCase(
      image: ImageSpec(name: "team/app", load: .registry), context: "gke",
      expected: "push docker.io/team/app"),
    WayCase(
      image: ImageSpec(name: "app", load: .registry), context: "gke",
      expected:
        "the image's name “app” says no registry, and the context “gke” has no local one (the "
        + "ConfigMap local-registry-hosting in kube-public): write the registry in front of the name, as "
        + "in localhost:5000/app"),
    WayCase(
      image: ImageSpec(name: "app"), context: "gke",
      expected: "nothing tells how the image “app” gets to the nodes of the context “gke”: put the "
        + "registry that they pull from in front of the image's name, or say “load: kind”, “minikube” or "
        + "“k3d” under “image”"),
  ])
  func `how an image gets to the nodes`(_ wanted: WayCase) {
    let found: String
    do throws(WorkflowFailure) {
      switch try ImageDelivery.way(
        of: wanted.image, context: wanted.context, localRegistry: wanted.local)
      {
      case .registry(let repository): found = "push \(repository)"
      case .tool(let tool, let cluster): found = "\(tool.rawValue) \(cluster)"
      }
    } catch {
      found = "\(error)"
    }
    #expect(found == wanted.expected)
  }
}
