import Kubernetes
import KubernetesTesting
import TestSupport
import Testing

@Suite struct ReflectorTests {
  private static func pod(_ name: String, _ labels: [String: String] = ["app": "web"]) -> Pod {
    Pod(name: name, namespace: "a", labels: labels)
  }

  /// What becomes of the watch and of the objects `x` and `y` while nobody is told of it.
  struct Gap: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let happen: @Sendable (FakeKubernetesClient) async throws -> Void
    var wanted: Set<String> = ["x", "z"]
    /// Beginning with the first.
    let lists: Int
  }

  private static func change(_ client: FakeKubernetesClient) async throws {
    try await client.delete(Pod.self, name: "y", namespace: "a")
    try await client.create(pod("z"))
  }

  static let gaps = [
    Gap(
      testDescription: "the watch goes on", happen: { try await change($0) }, lists: 1),
    Gap(
      testDescription: "the server ends the watch",
      happen: { client in
        // As long as no watch is followed, changes are only in the history.
        client.endWatches()
        try await change(client)
      }, lists: 1),
    Gap(
      testDescription: "the version is forgotten in the gap",
      happen: { client in
        client.react(to: .watch, Pod.self, times: 1) { _ in
          try? await change(client)
          client.compact()
          return .pass
        }
        client.endWatches()
      }, lists: 2),
    Gap(
      testDescription: "the watch says that its version has expired",
      happen: { client in
        try await change(client)
        client.endWatches(KubernetesFailure(.expired, "too old resource version"))
      }, lists: 2),
    Gap(
      testDescription: "the server is gone, and comes back after changes",
      happen: { client in
        let refused = KubernetesFailure(.unreachable, "connection refused")
        client.react(to: .list, Pod.self, times: 3) { _ in .fail(refused) }
        client.react(to: .watch, Pod.self, times: 2) { _ in .fail(refused) }
        client.endWatches(KubernetesFailure(.lost, "unexpected EOF"))
        try await change(client)
      }, lists: 7),
  ]

  @Test(arguments: gaps)
  func `what changes in a gap of the watch is told`(_ gap: Gap) async throws {
    let client = FakeKubernetesClient(
      Self.pod("x"), Self.pod("y"), Self.pod("other", ["app": "db"]))
    let reflector = Reflector<Pod>(
      client, namespace: "a", .labelled(["app": "web"]), pause: .milliseconds(1))
    try await reflector.start()
    #expect(await Set(reflector.objects.keys) == ["x", "y"])
    try await eventually("it watches") { client.watches == 1 }
    try await gap.happen(client)
    let isReached: Bool? = try await reflector.first(limit: .seconds(60)) { objects, _ in
      Set(objects.keys) == gap.wanted ? true : nil
    }
    #expect(isReached == true)
    try await eventually("it watches again") { client.watches == 1 }
    #expect(client.actions.filter { $0.verb == .list }.count == gap.lists)
    #expect(await reflector.failure == nil)
    await reflector.stop()
    try await eventually("nothing watches any more") { client.watches == 0 }
  }

  @Test func `a server that doesn't answer any more is told to those who wait`() async throws {
    let client = FakeKubernetesClient(Self.pod("x"))
    let reflector = Reflector<Pod>(client, namespace: "a", pause: .milliseconds(1))
    try await reflector.start()
    try await eventually("it watches") { client.watches == 1 }
    let refused = KubernetesFailure(.unauthorized, "You must be logged in to the server")
    client.react(to: .list, Pod.self) { _ in .fail(refused) }
    client.endWatches(refused)
    let failure: KubernetesFailure? = try await reflector.first(limit: .seconds(60)) { $1 }
    #expect(failure == refused)
    #expect(await Set(reflector.objects.keys) == ["x"])
    await reflector.stop()
  }

  @Test func `a first list that fails is the caller's`() async throws {
    let client = FakeKubernetesClient()
    client.react(to: .list, Pod.self) { _ in .fail(KubernetesFailure(.forbidden, "no")) }
    let failure = await #expect(throws: KubernetesFailure.self) {
      try await Reflector<Pod>(client, namespace: "a").start()
    }
    #expect(failure?.reason == .forbidden)
    #expect(client.watches == 0)
  }
}
