import Foundation
import Kubernetes
import TestSupport
import Testing

/// Edge case 46, `kubectl port-forward` dies after a reset, by a way that doesn't.
@Suite struct PodRelayTests {
  @Test func `bytes go both ways, on many connections at once, over one kubectl`() async throws {
    try await FakeProxy.with(port: 8080) { proxy, forward in
      let port = forward.localPort
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<20 {
          group.addTask {
            let connection = LocalConnection(to: port)
            for turn in 0..<5 {
              await connection.write("c\(number) t\(turn) port")
              #expect(await connection.read() == .text("C\(number) T\(turn) 8080"))
            }
            connection.finish()
            #expect(await connection.read() == .end)
          }
        }
        try await group.waitForAll()
      }
      #expect(forward.tellsRefusals)
      #expect(await forward.losses == 0)
      #expect(try proxy.starts() == 1)
      #expect(proxy.complaints() == "")
      await forward.close()
      #expect(await LocalConnection.ask(port) == .refused)
    }
  }

  @Test func `more than the sockets hold arrives whole`() async throws {
    try await FakeProxy.with { proxy, forward in
      let text = String(repeating: "0123456789ABCDEF", count: 1 << 16)
      let connection = LocalConnection(to: forward.localPort)
      let echoed = await Task.detached {
        async let written = connection.write(text)
        var received = ""
        while received.utf8.count < text.utf8.count, case .text(let part) = await connection.read()
        {
          received += part
        }
        _ = await written
        return received
      }.value
      #expect(echoed == text)
      #expect(proxy.complaints() == "")
    }
  }

  @Test(
    "connections are reset while nothing listens, and no way is lost by that",
    arguments: [["refuse"], ["refuse", "block"]])
  func refusal(modes: [String]) async throws {
    try await FakeProxy.with { proxy, forward in
      #expect(await LocalConnection.ask(forward.localPort) == .text("HELLO"))
      try proxy.set(modes.joined(separator: "\n"))
      for _ in 0..<10 { #expect(await LocalConnection.ask(forward.localPort) == .reset) }
      try proxy.set("")
      #expect(await LocalConnection.ask(forward.localPort) == .text("HELLO"))
      #expect(await forward.losses == 0)
      #expect(proxy.complaints() == "")
    }
  }

  @Test func `a client that reads slowly stops the others for no longer than it reads`()
    async throws
  {
    try await FakeProxy.with { proxy, forward in
      let text = String(repeating: "0123456789ABCDEF", count: 1 << 16)
      let slow = LocalConnection(to: forward.localPort)
      async let written = slow.write(text)
      // All is echoed, and the app ends; nobody reads yet.
      _ = await written
      slow.finish()
      var received = 0
      while case .text(let part) = await slow.read() { received += part.utf8.count }
      #expect(received == text.utf8.count)
      #expect(await LocalConnection.ask(forward.localPort) == .text("HELLO"))
      #expect(proxy.complaints() == "")
    }
  }

  @Test(
    "a connection that the app closes without a word is closed, in whichever order the node tells",
    arguments: ["silent", "silent, error first"])
  func silence(mode: String) async throws {
    try await FakeProxy.with { proxy, forward in
      try proxy.set(mode)
      #expect(await LocalConnection.ask(forward.localPort) == .end)
      #expect(await forward.losses == 0)
    }
  }

  @Test func `what a client said before it closed is passed on once the app is there`() async throws
  {
    try await FakeProxy.with { proxy, forward in
      try proxy.set("refuse")
      #expect(await LocalConnection.ask(forward.localPort) == .reset)
      try proxy.set("")
      let connection = LocalConnection(to: forward.localPort)
      await connection.write("hello")
      connection.finish()
      #expect(await connection.read() == .text("HELLO"))
      #expect(await connection.read() == .end)
    }
  }

  @Test func `a node that closes each way at once isn't kept busy with new ones`() async throws {
    try await FakeProxy.with { proxy, forward in
      #expect(await LocalConnection.ask(forward.localPort) == .text("HELLO"))
      try proxy.set("closes")
      _ = await LocalConnection.ask(forward.localPort)
      let before = try proxy.tunnels()
      try await eventually("ways are tried again") { try proxy.tunnels() >= before + 6 }
      // 5 ms, doubled each time, up to 2 s.
      #expect(try proxy.tunnels() < before + 12)
      try proxy.set("")
      try await eventually("it answers again") {
        await LocalConnection.ask(forward.localPort) == .text("HELLO")
      }
    }
  }

  @Test func `a fault of one connection leaves the others alone`() async throws {
    try await FakeProxy.with { proxy, forward in
      let kept = LocalConnection(to: forward.localPort)
      await kept.write("one")
      #expect(await kept.read() == .text("ONE"))
      try proxy.set("reset")
      #expect(await LocalConnection.ask(forward.localPort) == .end)
      try proxy.set("")
      await kept.write("two")
      #expect(await kept.read() == .text("TWO"))
      #expect(await LocalConnection.ask(forward.localPort) == .text("HELLO"))
      #expect(await forward.losses == 0)
    }
  }

  @Test(
    "a way that is lost is opened again at the same port", arguments: ["lost", "no sandbox"])
  func loss(mode: String) async throws {
    try await FakeProxy.with { proxy, forward in
      #expect(await LocalConnection.ask(forward.localPort) == .text("HELLO"))
      try proxy.set(mode)
      #expect(await LocalConnection.ask(forward.localPort) == .end)
      try proxy.set("")
      try await eventually("it answers again") {
        await LocalConnection.ask(forward.localPort) == .text("HELLO")
      }
      #expect(await forward.losses >= 1)
    }
  }

  @Test func `a proxy that was killed is started again`() async throws {
    try await FakeProxy.with { proxy, forward in
      #expect(await LocalConnection.ask(forward.localPort) == .text("HELLO"))
      let found = Process()
      found.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      found.arguments = ["pkill", "-KILL", "-f", proxy.fake.directory("proxy.py")]
      try found.run()
      found.waitUntilExit()
      #expect(found.terminationStatus == 0)
      try await eventually("it answers again") {
        await LocalConnection.ask(forward.localPort) == .text("HELLO")
      }
      #expect(try proxy.starts() == 2)
    }
  }

  @Test func `a forward ends with its pod`() async throws {
    try await FakeProxy.with { proxy, forward in
      try await eventually("there is a spare") { try proxy.tunnels() == 2 }
      try proxy.set("gone\nno sandbox")
      _ = await LocalConnection.ask(forward.localPort)
      try await eventually("it is over") {
        do throws(KubernetesFailure) {
          try await forward.ready()
          return false
        } catch {
          return error.reason == .notFound && error.message == "pods \"x\" not found"
        }
      }
      #expect(await LocalConnection.ask(forward.localPort) == .refused)
    }
  }

  @Test(
    "a pod that no node runs yet is waited for", arguments: ["unassigned", "unknown to its node"])
  func notYet(mode: String) async throws {
    let pending = #"echo '{"metadata": {"name": "x"}, "status": {"phase": "Pending"}}'"#
    try await FakeProxy.with(mode, kubectl: pending) { proxy, forward in
      #expect(forward.tellsRefusals)
      #expect(await LocalConnection.ask(forward.localPort) == .end)
      try proxy.set("")
      try await forward.ready()
      try await eventually("it answers") {
        await LocalConnection.ask(forward.localPort) == .text("HELLO")
      }
    }
  }

  @Test func `a pod that has ended is kubectl's to speak of`() async throws {
    let ended = #"""
      if [ "$1" = get ]; then echo '{"metadata": {"name": "x"}, "status": {"phase": "Succeeded"}}'; exit; fi
      echo 'error: unable to forward port because pod is not running. Current status=Succeeded' >&2; exit 1
      """#
    try await FakeProxy.with("unknown to its node", kubectl: ended) { _, forward in
      let failure = await #expect(throws: KubernetesFailure.self) { try await forward.ready() }
      #expect(failure?.reason == .badRequest)
    }
  }

  @Test(
    "where the API server, or what is before it, doesn't take part, kubectl forwards",
    arguments: ["no spdy", "gone"])
  func fallback(mode: String) async throws {
    try await FakeProxy.with(
      mode, kubectl: "echo 'Forwarding from 127.0.0.1:5000 -> 80'; exec sleep 1000"
    ) { proxy, forward in
      try await forward.ready()
      #expect(!forward.tellsRefusals)
      #expect(try proxy.fake.calls.last?.hasPrefix("[port-forward] [--namespace] [a]") == true)
      await forward.close()
    }
  }

  @Test func `where kubectl proxy doesn't run, kubectl forwards`() async throws {
    let fake = try FakeKubectl(
      """
      [ "$1" = proxy ] && exit 1
      echo "Forwarding from 127.0.0.1:5000 -> 80"; exec sleep 1000
      """, hasSockets: true)
    let forward = try await fake.client.forward(pod: "x", namespace: "a", port: 80)
    try await forward.ready()
    #expect(!forward.tellsRefusals)
    await forward.close()
  }

  @Test(
    "requests go below the server's own path, whatever kubectl --raw leaves out",
    arguments: ["v1.27.16", "v1.34.1"])
  func path(version: String) async throws {
    let proxy = try FakeKubectl(
      "exit 1", server: "https://example.org/k8s/clusters/c-1", version: version)
    #expect(
      try await proxy.client.portForwardPath(pod: "x", namespace: "a")
        == "/k8s/clusters/c-1/api/v1/namespaces/a/pods/x/portforward")
  }
}
