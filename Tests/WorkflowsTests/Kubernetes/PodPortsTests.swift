import Kubernetes
import KubernetesTesting
import Testing

@testable import Workflows

@Suite("Ports to the replicas' pods")
struct PodPortsTests {
  struct Change: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let before: [String]
    let after: [String]
    let ports: Int
    let keepsOthers: Bool
    let wanted: [String?]

    init(
      _ description: String, _ before: [String], to after: [String], ports: Int,
      keepsOthers: Bool = false, wanted: [String?]
    ) {
      testDescription = description
      (self.before, self.after, self.ports) = (before, after, ports)
      (self.keepsOthers, self.wanted) = (keepsOthers, wanted)
    }
  }

  static let changes = [
    Change("the same pods", ["a", "b"], to: ["b", "a"], ports: 2, wanted: ["a", "b"]),
    Change(
      "one made again under its name", ["a", "b"], to: ["a", "b'"], ports: 2, wanted: ["a", "b'"]),
    Change(
      "one made again has the port of its name, and no other leads to it", ["a", "b", "c"],
      to: ["c'"], ports: 3, keepsOthers: true, wanted: ["a", "b", "c'"]),
    Change("new pods", ["a", "b"], to: ["c", "d"], ports: 2, wanted: ["c", "d"]),
    Change(
      "one replaced", ["a", "b", "c"], to: ["a", "c", "d"], ports: 3, wanted: ["a", "d", "c"]),
    Change("one more", ["a"], to: ["a", "b", "c"], ports: 3, wanted: ["a", "b", "c"]),
    Change(
      "one fewer, and the first port leads to one that stays", ["a", "b", "c"], to: ["b", "c"],
      ports: 2, wanted: ["c", "b"]),
    Change(
      "a first new one has the first port while old ones are kept", ["a", "b", "c"], to: ["n"],
      ports: 3, keepsOthers: true, wanted: ["n", "b", "c"]),
    Change(
      "the next takes another old one's", ["n", "b", "c"], to: ["n", "m"], ports: 3,
      keepsOthers: true, wanted: ["n", "m", "c"]),
    Change(
      "a port that leads nowhere is taken before an old one's", ["a"], to: ["n"], ports: 2,
      keepsOthers: true, wanted: ["a", "n"]),
    Change(
      "the port of one that is gone stays", ["a", "b"], to: ["b"], ports: 2, keepsOthers: true,
      wanted: ["a", "b"]),
  ]

  /// `a` is pod a, `a'` the one that was made in its place.
  private static func target(_ text: String) -> PodPorts.Target {
    PodPorts.Target(pod: String(text.prefix(1)), uid: text)
  }

  @Test("each replica has a port, and those that stay keep theirs", arguments: changes)
  func leading(change: Change) async {
    let client = FakeKubernetesClient()
    let ports = PodPorts(client, namespace: "dev", port: 5000)
    let local = [4001, 4002, 4003]
    await ports.lead(
      to: change.before.map(Self.target), from: Array(local.prefix(change.before.count)),
      keepsOthers: false)
    await ports.lead(
      to: change.after.map(Self.target), from: Array(local.prefix(change.ports)),
      keepsOthers: change.keepsOthers)
    #expect(await ports.targets == change.wanted.map { $0.map(Self.target) })
    let open = client.forwards.filter { !$0.isClosed }
    #expect(
      Dictionary(uniqueKeysWithValues: open.map { ($0.localPort, $0.pod) })
        == Dictionary(
          uniqueKeysWithValues: zip(local, change.wanted).compactMap { port, pod in
            pod.map { (port, Self.target($0).pod) }
          }))
    await ports.close()
    #expect(client.forwards.allSatisfy { $0.isClosed })
  }
}
