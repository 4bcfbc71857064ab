import Foundation
import Glibc
import Kubernetes
import Processes
import TestSupport
import Testing

/// What of streams only a real cluster has: connections, and processes in containers.
@Suite(
  .serialized,
  .enabled(
    if: ProcessInfo.processInfo.environment["DEVBENCH_TEST_KUBECONTEXT"] != nil,
    "no cluster: DEVBENCH_TEST_KUBECONTEXT names no context"))
struct ClusterStreamTests {
  private static func with(
    overProxy: Bool = true, _ check: (KubectlClient, String) async throws -> Void
  ) async throws {
    let sockets = try TemporaryDirectory()
    let client = KubectlClient(
      Kubectl(context: ProcessInfo.processInfo.environment["DEVBENCH_TEST_KUBECONTEXT"]),
      sockets: overProxy ? sockets.path : nil)
    var made = Namespace(name: "", labels: ["io.devbench": "contract"])
    made.metadata.name = nil
    made.metadata.generateName = "devbench-contract-"
    let namespace = try await client.create(made).name
    do {
      try await check(client, namespace)
    } catch {
      try await client.delete(Namespace.self, name: namespace, namespace: "")
      throw error
    }
    try await client.delete(Namespace.self, name: namespace, namespace: "")
  }

  /// One line that a server at a local port answers; nil if the connection is refused, reset or closed.
  private static func ask(_ port: Int, reset: Bool = false) -> String? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    name.sin_port = UInt16(port).bigEndian
    let isConnected = withUnsafePointer(to: &name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isConnected else { return nil }
    if reset {
      var linger = linger(l_onoff: 1, l_linger: 0)
      setsockopt(
        descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
      return nil
    }
    var limit = timeval(tv_sec: 5, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var buffer = [UInt8](repeating: 0, count: 64)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
  }

  private static let serve = "while :; do nc -l -p 8080 -e echo hello; done"

  @Test(arguments: [false, true])
  func `a forward outlasts resets, a refusal and the restart of its container`(
    overProxy: Bool
  ) async throws {
    try await Self.with(overProxy: overProxy) { client, namespace in
      // The container of a pod that restarts it; the first process ends when it is told to.
      var pod = Pod(name: "x", namespace: namespace)
      pod.spec.terminationGracePeriodSeconds = 0
      var container = Container(name: "app", image: Behaviour.image)
      container.imagePullPolicy = "IfNotPresent"
      container.command = [
        "sh", "-c", "trap 'kill $!; exit 1' TERM; (\(Self.serve)) & wait",
      ]
      pod.spec.containers = [container]
      try await client.create(pod)
      let forward = try await client.forward(pod: "x", namespace: namespace, port: 8080)
      try await within("the way", limit: .seconds(120)) { try await forward.ready() }
      // While the pod isn't there yet it is kubectl that waits for it.
      let port = forward.localPort
      try await eventually("it answers") { Self.ask(port) == "hello\n" }
      for _ in 0..<20 { _ = Self.ask(port, reset: true) }
      try await eventually("it answers after resets") { Self.ask(port) == "hello\n" }
      // Nobody listens there.
      let none = try await client.forward(pod: "x", namespace: namespace, port: 9)
      try await within("the other way") { try await none.ready() }
      #expect(Self.ask(none.localPort) == nil)
      try await within("the other way again") { try await none.ready() }
      await none.close()
      _ = try await client.exec(
        pod: "x", namespace: namespace, container: "app", command: ["kill", "1"]
      ).exit()
      try await eventually("its container is another") {
        let found = try await client.get(Pod.self, name: "x", namespace: namespace)
        let status = found.status.containerStatuses.first
        return status?.restartCount == 1 && status?.state.running != nil
      }
      try await eventually("it answers again", limit: .seconds(90)) {
        Self.ask(port) == "hello\n"
      }
      #expect(forward.localPort == port)
      try await client.delete(
        Pod.self, name: "x", namespace: namespace, DeleteOptions(gracePeriod: 0))
      try await eventually("the pod is gone", limit: .seconds(90)) {
        _ = Self.ask(port)
        do throws(KubernetesFailure) {
          try await forward.ready()
          return false
        } catch {
          return error.reason == .notFound
        }
      }
      await forward.close()
    }
  }

  @Test func `a command whose pod is deleted is lost, and has no status of its own`()
    async throws
  {
    try await Self.with { client, namespace in
      try await Behaviour.start("x", in: namespace, client)
      let stream = try await client.exec(
        pod: "x", namespace: namespace, container: "app",
        command: ["sh", "-c", "echo here; sleep 1000"])
      #expect(try await stream.output.next() == Array("here\n".utf8))
      try await client.delete(
        Pod.self, name: "x", namespace: namespace, DeleteOptions(gracePeriod: 0))
      let end = try await within("its end") { () -> String in
        do throws(KubernetesFailure) {
          return "status \(try await stream.exit())"
        } catch {
          return error.reason.rawValue
        }
      }
      // kubelet kills it, and some releases tell the signal as its status.
      #expect([KubernetesFailure.Reason.lost.rawValue, "status 137"].contains(end))
    }
  }
}
