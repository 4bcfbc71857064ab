import JSON
import Kubernetes
import KubernetesTesting
import Processes
import TestSupport
import Testing

@Suite struct FakeKubernetesClientTests {
  private static func pod(_ name: String, in namespace: String = "a") -> Pod {
    var pod = Pod(name: name, namespace: namespace)
    pod.spec.containers = [Container(name: "app", image: "app:1")]
    return pod
  }

  @Test func `a reaction fails as often as it was told to`() async throws {
    let client = FakeKubernetesClient(Self.pod("x"))
    let failure = KubernetesFailure(.forbidden, "no")
    client.react(to: .get, Pod.self, times: 1) { _ in .fail(failure) }
    await #expect(throws: failure) {
      try await client.get(Pod.self, name: "x", namespace: "a")
    }
    #expect(try await client.get(Pod.self, name: "x", namespace: "a").name == "x")
    #expect(client.actions.map(\.description) == ["get pods a/x", "get pods a/x"])
  }

  @Test func `the last reaction is asked first, and may leave it to the others`() async throws {
    let client = FakeKubernetesClient()
    let asked = Recorder<String>()
    client.react { action in
      asked.record("any \(action)")
      return .answer(Self.pod("made"))
    }
    client.react(to: .create, Pod.self, name: "x") { action in
      asked.record("create \(action.object?["kind"]?.string ?? "")")
      return .pass
    }
    #expect(try await client.create(Self.pod("x")).name == "made")
    #expect(asked.all == ["create Pod", "any create pods a/x"])
    #expect(try await client.list(Pod.self, namespace: "").items == [])
  }

  @Test func `a reaction delays an answer, and who doesn't want it any more is told so`()
    async throws
  {
    let client = FakeKubernetesClient(Self.pod("x"))
    let isAsked = OneShot<Bool>()
    let mayGoOn = OneShot<Bool>()
    client.react(to: .get) { _ in
      isAsked.set(true)
      _ = try? await mayGoOn.cancellableValue()
      return .pass
    }
    let asking = Task { try await client.get(Pod.self, name: "x", namespace: "a") }
    _ = await isAsked.value()
    asking.cancel()
    let outcome = await asking.result
    #expect(throws: KubernetesFailure.self) { try outcome.get() }
    mayGoOn.set(true)
    #expect(try await client.get(Pod.self, name: "x", namespace: "a").name == "x")
  }

  @Test func `a watch ends as a server's does, and goes on where it was`() async throws {
    let client = FakeKubernetesClient()
    let list = try await client.list(Pod.self, namespace: "a")
    let first = try await client.watch(
      Pod.self, namespace: "a", WatchOptions(from: list.resourceVersion))
    try await client.create(Self.pod("x"))
    client.bookmark()
    client.endWatches()
    var events: [WatchEvent<Pod>] = []
    for try await event in first { events.append(event) }
    #expect(events.map(\.resourceVersion) == ["2", "2"])
    #expect(events.last == .bookmark(resourceVersion: "2"))
    try await client.delete(Pod.self, name: "x", namespace: "a")
    let second = try await client.watch(Pod.self, namespace: "a", WatchOptions(from: "2"))
    client.endWatches(KubernetesFailure(.lost, "gone"))
    events = []
    await #expect(throws: KubernetesFailure(.lost, "gone")) {
      for try await event in second { events.append(event) }
    }
    #expect(events.map(\.resourceVersion) == ["3"])
  }

  @Test func `a watch from a version that is forgotten has expired`() async throws {
    let client = FakeKubernetesClient(Self.pod("x"), Self.pod("y"))
    client.compact()
    let stream = try await client.watch(Pod.self, namespace: "a", WatchOptions(from: "1"))
    let failure = await #expect(throws: KubernetesFailure.self) {
      for try await _ in stream {}
    }
    #expect(failure?.reason == .expired)
  }

  @Test func `a watch that nobody follows is forgotten`() async throws {
    let client = FakeKubernetesClient()
    do {
      let stream = try await client.watch(Pod.self, namespace: "")
      #expect(client.watches == 1)
      _ = stream
    }
    try await eventually("the watch is gone") { client.watches == 0 }
  }

  @Test func `what a container prints reaches its followers until the pod is gone`() async throws {
    let client = FakeKubernetesClient(Self.pod("x"))
    client.print("one", pod: "x", namespace: "a")
    client.print("two", pod: "x", namespace: "a", container: "app")
    let stream = try await client.logs(
      pod: "x", namespace: "a", LogOptions(follows: true, tail: 1))
    client.print("three", pod: "x", namespace: "a")
    try await client.delete(Pod.self, name: "x", namespace: "a")
    var lines: [String] = []
    for try await line in stream { lines.append(line) }
    #expect(lines == ["two", "three"])
  }

  @Test func `a command in a container reads, writes and ends with a status`() async throws {
    let client = FakeKubernetesClient(Self.pod("x"))
    client.onExec { command in
      while let bytes = try? await command.input.next() { await command.output.send(bytes) }
      await command.errors.send(Array("bye \(command.container)".utf8))
      return 3
    }
    let stream = try await client.exec(
      pod: "x", namespace: "a", container: "app", command: ["cat"])
    try await stream.write([1, 2])
    #expect(try await stream.output.next() == [1, 2])
    await stream.finishInput()
    #expect(try await stream.exit() == 3)
    #expect(try await stream.errors.next() == Array("bye app".utf8))
    await #expect(throws: KubernetesFailure.self) { try await stream.write([1]) }
    #expect(client.actions.last?.command == ["cat"])
  }

  @Test func `a forward leads to a pod that is there`() async throws {
    let client = FakeKubernetesClient(Self.pod("x"))
    let forward = try await client.forward(pod: "x", namespace: "a", port: 80, localPort: 5000)
    try await forward.ready()
    #expect(forward.localPort == 5000)
    client.forwards[0].lose()
    #expect(await forward.losses == 1)
    let other = try await client.forward(pod: "y", namespace: "a", port: 80)
    await #expect(throws: KubernetesFailure(.notFound, "pods \"y\" not found")) {
      try await other.ready()
    }
  }
}
