import Foundation
import JSON
import Kubernetes
import TestSupport
import Testing

@Suite struct KubectlClientTests {
  private static let pod = #"{"metadata": {"name": "x", "namespace": "a", "resourceVersion": "5"}}"#

  @Test func `a list asks for what is selected, and its items have their kind`() async throws {
    let fake = try FakeKubectl(
      #"echo '{"kind": "PodList", "metadata": {"resourceVersion": "9"}, "items": [\#(Self.pod)]}'"#,
      context: "c")
    let list = try await fake.client.list(
      Pod.self, namespace: "a", ListOptions(labels: "app in (a, b)", fields: "status.phase=Running")
    )
    #expect(list.resourceVersion == "9")
    #expect(list.items.map(\.name) == ["x"])
    #expect(list.items[0].fields["kind"] == "Pod")
    #expect(
      try fake.calls == [
        "[--context] [c] [get] [--raw] [/api/v1/namespaces/a/pods?labelSelector="
          + "app%20in%20%28a%2C%20b%29&fieldSelector=status.phase%3DRunning]"
      ])
  }

  @Test func `what is written goes over the standard input`() async throws {
    let fake = try FakeKubectl("cat > $dir/$1; cat $dir/$1")
    var secret = Secret(name: "x", namespace: "a")
    secret.data = ["key": "dmFsdWU="]
    #expect(try await fake.client.create(secret).data == ["key": "dmFsdWU="])
    try await fake.client.update(secret)
    #expect(try fake.text("create").contains("dmFsdWU="))
    #expect(
      try fake.calls == [
        "[create] [--raw] [/api/v1/namespaces/a/secrets] [-f] [-]",
        "[replace] [--raw] [/api/v1/namespaces/a/secrets/x] [-f] [-] [--validate=false]",
      ])
  }

  @Test func `a kubectl that fails before it reads its input tells why`() async throws {
    let fake = try FakeKubectl("echo 'error: You must be logged in to the server' >&2; exit 1")
    var map = ConfigMap(name: "x", namespace: "a")
    // More than a pipe holds: some of it is written when nobody reads any more.
    map.data = ["key": String(repeating: "x", count: 300_000)]
    let failure = await #expect(throws: KubernetesFailure.self) {
      try await fake.client.create(map)
    }
    #expect(failure?.reason == .unauthorized)
  }

  @Test func `a deletion says how`() async throws {
    let fake = try FakeKubectl("echo '{}'")
    try await fake.client.delete(
      Job.self, name: "x", namespace: "a",
      DeleteOptions(gracePeriod: 0, propagation: .foreground))
    try await fake.client.delete(Namespace.self, name: "a", namespace: "")
    #expect(
      try fake.calls == [
        "[delete] [--raw] [/apis/batch/v1/namespaces/a/jobs/x?propagationPolicy=Foreground"
          + "&gracePeriodSeconds=0]",
        "[delete] [--raw] [/api/v1/namespaces/a?propagationPolicy=Background]",
      ])
  }

  @Test func `a patch goes over the standard input`() async throws {
    let fake = try FakeKubectl("cat > $dir/patch; echo '\(Self.pod)'")
    let patch = Patch.json([["op": "remove", "path": "/spec"]])
    #expect(
      try await fake.client.patch(Pod.self, name: "x", namespace: "a", patch).name == "x")
    #expect(try fake.text("patch").contains(#""/spec""#))
    #expect(
      try fake.calls == [
        "[patch] [pods/x] [-o] [json] [--namespace] [a] [--type] [json] [--patch-file] [/dev/stdin]"
      ])
  }

  @Test func `a kubectl that takes no patch file gets an argument, but no secret`() async throws {
    let fake = try FakeKubectl(
      """
      case "$*" in *--patch-file*)
        echo "Error: unknown flag: --patch-file" >&2
        echo "See 'kubectl patch --help' for usage." >&2; exit 1;;
      esac
      echo '\(Self.pod)'
      """)
    let patch = Patch.merge(["data": ["key": "dmFsdWU="]])
    for _ in 1...2 {
      try await fake.client.patch(ConfigMap.self, name: "x", namespace: "a", patch)
    }
    let failure = await #expect(throws: KubernetesFailure.self) {
      try await fake.client.patch(Secret.self, name: "x", namespace: "a", patch)
    }
    #expect(failure?.message.contains("1.21") == true)
    #expect(
      try fake.calls.map { $0.contains("--patch-file") } == [true, false, false])
    #expect(try !fake.calls.contains { $0.contains("secrets") })
  }

  @Test(arguments: [
    ("https://x", "v1.20.2", "/api"), ("https://x/", "v1.33.1", "/api"),
    ("https://x/k8s/clusters/c-1/", "v1.20.2", "/k8s/clusters/c-1/api"),
    ("https://x/k8s/clusters/c-1", "v1.32.4-dispatcher", "/k8s/clusters/c-1/api"),
    ("https://x/k8s/clusters/c-1", "v1.34.0", "/api"),
    ("https://x/k8s/clusters/c-1", "v2.0.0", "/api"),
  ])
  func `a server's own path is added where kubectl leaves it out`(
    _ server: String, _ version: String, _ path: String
  ) async throws {
    let fake = try FakeKubectl("echo '\(Self.pod)'", server: server, version: version)
    _ = try await fake.client.get(Pod.self, name: "x", namespace: "a")
    #expect(try fake.calls == ["[get] [--raw] [\(path)/v1/namespaces/a/pods/x]"])
  }

  @Test func `warnings are no failures, and in none`() async throws {
    let fake = try FakeKubectl(
      """
      echo "Warning: v1 Pod is old" >&2
      echo "E0101 12:00:00.000000    7 memcache.go:265] couldn't get the group list" >&2
      case "$*" in *pods/x*) echo '\(Self.pod)'; exit 0;; esac
      echo 'Error from server (NotFound): pods "y" not found' >&2
      echo "Warning: v1 Pod is still old" >&2
      exit 1
      """)
    #expect(try await fake.client.get(Pod.self, name: "x", namespace: "a").name == "x")
    await #expect(throws: KubernetesFailure(.notFound, "pods \"y\" not found")) {
      try await fake.client.get(Pod.self, name: "y", namespace: "a")
    }
  }

  @Test func `without kubectl it is said how to get it`() async throws {
    let client = KubectlClient(Kubectl(context: nil, program: "no-such-kubectl"))
    let failure = await #expect(throws: KubernetesFailure.self) {
      try await client.list(Pod.self, namespace: "")
    }
    #expect(failure?.reason == .noClient)
    #expect(failure?.description.contains("apt-get install kubernetes-client") == true)
  }

  @Test(arguments: [
    #"error: context "nope" does not exist"#,
    "Error in configuration: context was not found for specified context: nope",
  ])
  func `a context that isn't there is told with those that are`(_ said: String) async throws {
    let directory = try TemporaryDirectory()
    try directory.write(
      "kubectl",
      """
      #!/bin/sh
      case "$*" in "config get-contexts -o name") printf 'kind-dev\\nprod\\n'; exit 0;; esac
      echo '\(said)' >&2; exit 1

      """)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: directory("kubectl"))
    let client = KubectlClient(Kubectl(context: "nope", program: directory("kubectl")))
    let failure = await #expect(throws: KubernetesFailure.self) {
      try await client.list(Pod.self, namespace: "")
    }
    #expect(failure?.reason == .noContext)
    #expect(
      failure?.message
        == "there is no context “nope” in the kubeconfig; there is “kind-dev”, “prod”")
  }

  @Test func `a request that isn't answered has a limit, and can be cancelled`() async throws {
    let fake = try FakeKubectl("exec sleep 1000")
    let impatient = KubectlClient(fake.kubectl, limit: .milliseconds(300))
    let late = await #expect(throws: KubernetesFailure.self) {
      try await impatient.get(Pod.self, name: "x", namespace: "a")
    }
    #expect(late?.reason == .timedOut)
    let asking = Task { try await fake.client.get(Pod.self, name: "x", namespace: "a") }
    try await eventually("kubectl runs") { (try? fake.calls.count) == 2 }
    asking.cancel()
    let failure = await #expect(throws: KubernetesFailure.self) { try await asking.value }
    #expect(failure?.reason == .cancelled)
  }

  @Test func `the context's own namespace is known`() async throws {
    let fake = try FakeKubectl("exit 1")
    #expect(try await fake.client.defaultNamespace() == "own")
    #expect(!FileManager.default.fileExists(atPath: fake.directory("log")))
  }
}
