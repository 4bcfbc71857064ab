import Foundation
import Kubernetes
import Processes
import TestSupport
import Testing

@Suite struct KubectlStreamTests {
  private static func event(_ type: String, _ version: Int) -> String {
    #"{"type": "\#(type)", "object": {"metadata": {"name": "x", "resourceVersion": "\#(version)"}}}"#
  }

  /// - Returns: the events' versions, and how the stream failed.
  private static func follow(
    _ script: String, from version: String? = "1"
  ) async throws -> (versions: [String], failure: KubernetesFailure?, calls: [String]) {
    let fake = try FakeKubectl(script)
    let stream = try await fake.client.watch(
      Pod.self, namespace: "a", WatchOptions(.named("x"), from: version))
    var versions: [String] = []
    do {
      for try await event in stream { versions.append(event.resourceVersion) }
      return (versions, nil, try fake.calls)
    } catch {
      return (versions, try #require(error as? KubernetesFailure), try fake.calls)
    }
  }

  @Test func `a watch begins at a version and ends without an error`() async throws {
    let result = try await Self.follow(
      """
      echo '\(Self.event("ADDED", 2))'
      echo "Warning: old" >&2
      printf '%s' '\(Self.event("MODIFIED", 3))\(Self.event("BOOKMARK", 4))'
      echo '\(Self.event("NEWER", 5))'
      echo '\(Self.event("DELETED", 6))'
      """)
    #expect(result.versions == ["2", "3", "4", "6"])
    #expect(result.failure == nil)
    #expect(
      result.calls == [
        "[get] [--raw] [/api/v1/namespaces/a/pods?watch=1&allowWatchBookmarks=true"
          + "&resourceVersion=1&fieldSelector=metadata.name%3Dx]"
      ])
  }

  @Test func `a watch without a version lists what is there, and begins there`() async throws {
    let result = try await Self.follow(
      """
      case "$*" in
      *watch=1*) echo '\(Self.event("MODIFIED", 8))' ;;
      *) echo '{"metadata": {"resourceVersion": "7"}, "items": [{"metadata": {"name": "x", "resourceVersion": "5"}}]}' ;;
      esac
      """, from: nil)
    #expect(result.versions == ["5", "8"])
    #expect(result.failure == nil)
    #expect(result.calls.count == 2)
    #expect(result.calls.last?.contains("&resourceVersion=7&") == true)
  }

  @Test(arguments: [
    ("kill -9 $$", KubernetesFailure.Reason.lost),
    (#"printf '{"type": "ADDED", "obj'"#, .lost),
    (#"echo "error: unexpected EOF" >&2; exit 1"#, .lost),
    (#"printf '{"type": "ADDED"}'"#, .unreadable), ("echo oops", .unreadable),
    ("echo 'Error from server (Expired): too old resource version' >&2; exit 1", .expired),
    (
      #"echo '{"type": "ERROR", "object": {"code": 410, "reason": "Gone", "message": "old"}}'"#,
      .expired
    ),
    (
      #"echo '{"type": "ERROR", "object": {"code": 500, "reason": "InternalError"}}'"#,
      .internalError
    ),
  ])
  func `a watch that ends in the middle says why, after what came before`(
    _ end: String, _ reason: KubernetesFailure.Reason
  ) async throws {
    let result = try await Self.follow("echo '\(Self.event("ADDED", 2))'\n\(end)")
    #expect(result.versions == ["2"])
    #expect(result.failure?.reason == reason)
  }

  @Test func `kubectl ends with the last interest in its events`() async throws {
    let fake = try FakeKubectl(
      "echo $$ > $dir/pid; echo '\(Self.event("ADDED", 2))'; exec sleep 1000")
    do {
      let stream = try await fake.client.watch(
        Pod.self, namespace: "a", WatchOptions(.all, from: "1"))
      var events = stream.makeAsyncIterator()
      #expect(try await events.next()?.resourceVersion == "2")
    }
    let pid = try #require(try pid_t(fake.text("pid").dropLast()))
    try await eventually("kubectl has ended") { ProcessIdentity(of: pid)?.isAlive != true }
  }

  @Test func `a reader that is cancelled ends`() async throws {
    let fake = try FakeKubectl("exec sleep 1000")
    let stream = try await fake.client.watch(
      Pod.self, namespace: "a", WatchOptions(.all, from: "1"))
    let reading = Task { for try await _ in stream {} }
    try await eventually("kubectl runs") { (try? fake.calls.count) == 1 }
    reading.cancel()
    _ = await reading.result
  }

  @Test func `output comes by lines`() async throws {
    let fake = try FakeKubectl("printf 'one\\r\\n\\ntw'; printf 'o\\nend'")
    let stream = try await fake.client.logs(
      pod: "x", namespace: "a", LogOptions(container: "app", follows: true, tail: 10))
    var lines: [String] = []
    for try await line in stream { lines.append(line) }
    #expect(lines == ["one", "", "two", "end"])
    #expect(
      try fake.calls == [
        "[get] [--raw] [/api/v1/namespaces/a/pods/x/log?container=app&follow=true&tailLines=10]"
      ])
  }

  @Test func `a command reads and writes, and its status isn't among its errors`() async throws {
    let fake = try FakeKubectl(
      "cat; printf 'no newline' >&2; printf 'command terminated with exit code 3\\n' >&2; exit 3"
    )
    let stream = try await fake.client.exec(
      pod: "x", namespace: "a", container: "app", command: ["sh", "-c", "a b"])
    // More than a pipe holds, so that writing and reading have to take turns.
    let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
    let writing = Task {
      try await stream.write(bytes)
      await stream.finishInput()
    }
    var output: [UInt8] = []
    for try await chunk in stream.output { output += chunk }
    var errors: [UInt8] = []
    for try await chunk in stream.errors { errors += chunk }
    try await writing.value
    #expect(output == bytes)
    #expect(String(decoding: errors, as: UTF8.self) == "no newline")
    #expect(try await stream.exit() == 3)
    #expect(
      try fake.calls == [
        "[exec] [--namespace] [a] [--container] [app] [--stdin] [pod/x] [--] [sh] [-c] [a b]"
      ])
  }

  @Test(arguments: [
    (
      #"echo 'Error from server (NotFound): pods "x" not found' >&2; exit 1"#,
      KubernetesFailure.Reason.notFound
    ),
    (
      #"echo 'error: unable to upgrade connection: container not found ("app")' >&2; exit 1"#,
      .notFound
    ),
    (
      "echo 'error: error reading from error stream: next reader: websocket: close 1006' >&2; exit 1",
      .lost
    ),
    ("kill -9 $$", .lost),
    // Not kubectl's own word: the status is another.
    ("echo 'command terminated with exit code 3' >&2; exit 1", .unknown),
  ])
  func `a command that can't run is no exit status`(
    _ script: String, _ reason: KubernetesFailure.Reason
  ) async throws {
    let fake = try FakeKubectl(script)
    let stream = try await fake.client.exec(
      pod: "x", namespace: "a", container: "app", command: ["true"])
    let failure = await #expect(throws: KubernetesFailure.self) { try await stream.exit() }
    #expect(failure?.reason == reason)
    let late = await #expect(throws: KubernetesFailure.self) { try await stream.write([1]) }
    #expect(late?.reason == .lost)
    #expect(try fake.calls.count == 1)
  }

  @Test(arguments: [
    // It ends.
    "echo 'error: lost connection to pod' >&2; exit 1",
    // It goes on, and forwards nothing.
    "echo 'E0101 12:00:00.000000 7 portforward.go:391] error creating error stream for port' >&2; "
      + "exec sleep 1000",
    // It is about to end, and waits for a node that says nothing more.
    "echo 'E0101 12:00:00.000000 7 portforward.go:424] an error occurred forwarding 1 -> 2' >&2; "
      + "exec sleep 1000",
  ])
  func `a forward that is lost is opened again at the same port`(_ end: String) async throws {
    let fake = try FakeKubectl(
      """
      echo "Forwarding from 127.0.0.1:5000 -> 80"
      if [ -e $dir/once ]; then exec sleep 1000; fi
      : > $dir/once
      \(end)
      """)
    let forward = try await fake.client.forward(
      pod: "x", namespace: "a", port: 80, localPort: 5000)
    try await eventually("it is lost once") { await forward.losses == 1 }
    try await forward.ready()
    #expect(forward.localPort == 5000)
    #expect(
      try fake.calls
        == Array(
          repeating:
            "[port-forward] [--namespace] [a] [--address] [127.0.0.1] [pod/x] [5000:80]",
          count: 2))
    await forward.close()
  }

  @Test(arguments: [
    (#"Error from server (NotFound): pods "x" not found"#, KubernetesFailure.Reason.notFound),
    ("error: unable to listen on any of the requested ports: [{5000 80}]", .notRun),
  ])
  func `a forward that can't be is given up`(
    _ said: String, _ reason: KubernetesFailure.Reason
  ) async throws {
    let fake = try FakeKubectl("echo '\(said)' >&2; exit 1")
    let forward = try await fake.client.forward(pod: "x", namespace: "a", port: 80)
    let failure = await #expect(throws: KubernetesFailure.self) { try await forward.ready() }
    #expect(failure?.reason == reason)
    #expect(await forward.losses == 0)
  }

  @Test func `a pod that doesn't run yet is forwarded to when it does`() async throws {
    let fake = try FakeKubectl(
      """
      if [ -e $dir/once ]; then echo "Forwarding from 127.0.0.1:5000 -> 80"; exec sleep 1000; fi
      : > $dir/once
      echo "error: unable to forward port because pod is not running. Current status=Pending" >&2
      exit 1
      """)
    let forward = try await fake.client.forward(
      pod: "x", namespace: "a", port: 80, localPort: 5000)
    try await forward.ready()
    #expect(await forward.losses == 0)
    await forward.close()
  }
}
