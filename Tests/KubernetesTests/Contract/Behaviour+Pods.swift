import Foundation
import JSON
import Kubernetes
import KubernetesTesting
import Processes
import TestSupport
import Testing

extension Behaviour {
  /// Has to have `sh`, `head`, `sleep` and `touch`.
  static let image =
    ProcessInfo.processInfo.environment["DEVBENCH_TEST_KUBEIMAGE"] ?? "busybox"

  /// Makes a pod and waits until it has come so far; what a kubelet does, the fake is told.
  static func start(
    _ name: String, in namespace: String, _ client: any KubernetesClient,
    containers: [String] = ["app"], running script: String = "sleep 1000",
    until phase: String = "Running"
  ) async throws {
    var pod = Pod(name: name, namespace: namespace)
    pod.spec.restartPolicy = "Never"
    pod.spec.terminationGracePeriodSeconds = 0
    pod.spec.containers = containers.map { name in
      var container = Container(name: name, image: image)
      container.imagePullPolicy = "IfNotPresent"
      container.command = ["sh", "-c", script]
      if phase == "Pending" {
        // More than any node has.
        container.fields["resources"] = ["requests": ["cpu": "1000000"]]
      }
      return container
    }
    try await client.create(pod)
    if client is FakeKubernetesClient {
      pod.status.phase = phase
      try await client.update(pod)
    }
    try await within("the pod’s start") {
      let pods = try await client.watch(
        Pod.self, namespace: namespace, WatchOptions(.named(name)))
      for try await event in pods where event.object?.status.phase == phase { return }
    }
  }

  /// Runs a command to its end, with what it reads.
  private static func run(
    _ script: String, in pod: String, _ namespace: String, _ client: any KubernetesClient,
    input: [UInt8] = []
  ) async throws -> (status: Int32, output: [UInt8], errors: [UInt8]) {
    try await within("a command") {
      let stream = try await client.exec(
        pod: pod, namespace: namespace, container: "app", command: ["sh", "-c", script])
      let writing = Task { if !input.isEmpty { try await stream.write(input) } }
      let reading = Task {
        var errors: [UInt8] = []
        for try await chunk in stream.errors { errors += chunk }
        return errors
      }
      var output: [UInt8] = []
      for try await chunk in stream.output { output += chunk }
      try await writing.value
      return (try await stream.exit(), output, try await reading.value)
    }
  }

  static let pods = [
    Behaviour("a command reads, writes and ends with its status") {
      (client, namespace) async throws in
      try await start("x", in: namespace, client)
      // More than what buffers on the way hold.
      let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
      let result = try await run(
        "head -c 200000; printf 'no newline' >&2; exit 3", in: "x", namespace, client,
        input: bytes)
      #expect(result.status == 3)
      #expect(result.output == bytes)
      #expect(String(decoding: result.errors, as: UTF8.self) == "no newline")
      #expect(try await run("true", in: "x", namespace, client).status == 0)
      #expect(try await run("kill -9 $$", in: "x", namespace, client).status == 137)
    },
    Behaviour("a command goes on being read and written until it is closed") {
      (client, namespace) async throws in
      try await start("x", in: namespace, client)
      try await within("a conversation") {
        let stream = try await client.exec(
          pod: "x", namespace: namespace, container: "app", command: ["sh", "-c", "cat"])
        for line in ["one\n", "two\n"] {
          try await stream.write(Array(line.utf8))
          var answer: [UInt8] = []
          while answer.count < line.utf8.count, let chunk = try await stream.output.next() {
            answer += chunk
          }
          #expect(String(decoding: answer, as: UTF8.self) == line)
        }
        await stream.close()
      }
    },
    Behaviour("a pod that no node has runs nothing, and one that has ended nothing more") {
      (client, namespace) async throws in
      try await start("pending", in: namespace, client, until: "Pending")
      try await start("ended", in: namespace, client, running: "exit 0", until: "Succeeded")
      for pod in ["pending", "ended"] {
        let refused = try await reason {
          _ = try await run("true", in: pod, namespace, client)
        }
        #expect(refused == .badRequest)
      }
      #expect(
        try await reason {
          try await client.forward(pod: "ended", namespace: namespace, port: 80).ready()
        } == .badRequest)
    },
    Behaviour("a container is named where there are several, and one that there is") {
      (client, namespace) async throws in
      try await start("x", in: namespace, client, containers: ["app", "side"])
      func lines(_ options: LogOptions) async throws {
        for try await _ in try await client.logs(pod: "x", namespace: namespace, options) {}
      }
      #expect(try await reason { try await lines(LogOptions()) } == .badRequest)
      #expect(try await reason { try await lines(LogOptions(container: "none")) } == .badRequest)
      #expect(try await reason { try await lines(LogOptions(container: "side")) } == nil)
      #expect(
        try await reason { try await lines(LogOptions(container: "app", isPrevious: true)) }
          == .badRequest)
      #expect(
        try await reason {
          _ = try await client.exec(
            pod: "x", namespace: namespace, container: "none", command: ["true"]
          ).exit()
        } == .badRequest)
    },
    Behaviour("output that is followed goes on until the container ends") {
      (client, namespace) async throws in
      try await start(
        "x", in: namespace, client,
        running: "echo one; echo two; while [ ! -e /tmp/end ]; do sleep 0.1; done; echo three")
      let fake = client as? FakeKubernetesClient
      for line in ["one", "two"] { fake?.print(line, pod: "x", namespace: namespace) }
      let lines = try await within("the output") {
        var lines: [String] = []
        let output = try await client.logs(
          pod: "x", namespace: namespace, LogOptions(follows: true))
        for try await line in output {
          lines.append(line)
          guard line == "two" else { continue }
          guard let fake else {
            _ = try await run("touch /tmp/end", in: "x", namespace, client)
            continue
          }
          fake.print("three", pod: "x", namespace: namespace)
          fake.endOutput(pod: "x", namespace: namespace)
        }
        return lines
      }
      #expect(lines == ["one", "two", "three"])
      var rest: [String] = []
      for try await line in try await client.logs(
        pod: "x", namespace: namespace, LogOptions(tail: 2))
      { rest.append(line) }
      #expect(rest == ["two", "three"])
    },
  ]
}
