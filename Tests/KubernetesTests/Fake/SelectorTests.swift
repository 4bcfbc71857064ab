import Kubernetes
import Testing

@testable import KubernetesTesting

@Suite struct SelectorTests {
  @Test(arguments: [
    ("", ["a", "b", "c"]), ("app=web", ["a"]), ("app==web", ["a"]), ("app!=web", ["b", "c"]),
    ("app", ["a", "b"]), ("!app", ["c"]), ("app in (web, db)", ["a", "b"]),
    ("app notin (web)", ["b", "c"]), ("app=web,tier=1", ["a"]), ("app=db , tier=1", []),
    ("app in (web,db),tier!=1", ["b"]), ("app=", []),
  ])
  func `labels select`(_ text: String, _ names: [String]) throws {
    let pods = [
      Pod(name: "a", namespace: "n", labels: ["app": "web", "tier": "1"]),
      Pod(name: "b", namespace: "n", labels: ["app": "db"]), Pod(name: "c", namespace: "n"),
    ]
    let selector = try Selector(ListOptions(labels: text), of: Pod.resource)
    #expect(pods.filter { selector.matches($0.fields) }.map(\.name) == names)
  }

  @Test(arguments: [
    ("metadata.name=a", ["a"]), ("metadata.name!=a", ["b"]),
    ("metadata.namespace=n,status.phase=Running", ["b"]), ("status.phase=", ["a"]),
  ])
  func `fields select`(_ text: String, _ names: [String]) throws {
    var running = Pod(name: "b", namespace: "n")
    running.status.phase = "Running"
    let selector = try Selector(ListOptions(fields: text), of: Pod.resource)
    let pods = [Pod(name: "a", namespace: "n"), running]
    #expect(pods.filter { selector.matches($0.fields) }.map(\.name) == names)
  }

  @Test(arguments: [
    ListOptions(labels: "a=b="), ListOptions(labels: "a in b"), ListOptions(labels: "(x)"),
    ListOptions(fields: "spec.image=x"), ListOptions(fields: "metadata.name"),
  ])
  func `what the server refuses is refused`(_ options: ListOptions) {
    let failure = #expect(throws: KubernetesFailure.self) {
      try Selector(options, of: Pod.resource)
    }
    #expect(failure?.reason == .badRequest)
  }
}
