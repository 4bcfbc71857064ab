import Foundation
import JSON
import Kubernetes
import KubernetesTesting
import Scenarios
import TestSupport
import Testing

@testable import Commands

@Suite struct KubernetesChecksTests {
  /// When kubectl's script says that it is.
  private static let now = Date(timeIntervalSince1970: 1_767_225_600)

  private static func lines(_ checks: [MachineCheck]) -> [String] {
    checks.map { "\($0.verdict) \($0.subject): \($0.finding)" }
  }

  /// - Parameter server: what kubectl does when it is to ask the server.
  private static func look(
    _ client: FakeKubernetesClient = FakeKubernetesClient(),
    server: String = #"echo '{"gitVersion": "v1.33.1"}'"#,
    clock: String = "2026-01-01T00:00:00Z", isOld: Bool = false, images: [ImageSpec] = [],
    denied: Set<String> = [], now: Date = now
  ) async throws -> [MachineCheck] {
    let directory = try TemporaryDirectory()
    let answer = #"{"metadata": {"creationTimestamp": "\#(clock)"}}"#
    try directory.write(
      "kubectl",
      """
      #!/bin/sh
      case "$*" in
        *"config view"*) echo '{"contexts": [{"context": {"namespace": "own"}}]}';;
        *"config get-contexts"*) echo other;;
        *"version --client"*) echo '{"clientVersion": {"gitVersion": "v1.30.2"}}';;
        *"/version"*) \(server);;
        *selfsubjectreviews*) \(isOld ? "exit 1" : "echo '\(answer)'");;
        *"dryRun=All"*) echo '\(answer)';;
      esac
      """)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: directory("kubectl"))
    client.react(to: .create, SelfSubjectAccessReview.self) { action in
      var review = SelfSubjectAccessReview(fields: action.object ?? [:])
      let parts = ["resource", "subresource"].compactMap { review.attributes[$0]?.string }
      review.isAllowed = !denied.contains(
        "\(review.attributes["verb"]?.string ?? "") \(parts.joined(separator: "/"))")
      return .answer(review)
    }
    return await KubernetesChecks(
      KubernetesTarget(context: "kind-dev"), images: images, kubectl: directory("kubectl"),
      client: client,
      architecture: "amd64", now: { now }
    ).all()
  }

  private static func node(_ architecture: String) -> ClusterNode {
    var node = ClusterNode(name: "node-\(architecture)")
    node.fields["status"] = ["nodeInfo": ["architecture": .string(architecture)]]
    return node
  }

  private static func lease(_ time: String) -> Lease {
    var lease = Lease(name: "n1", namespace: "kube-node-lease")
    lease.fields["spec"] = ["renewTime": .string(time), "leaseDurationSeconds": 40]
    return lease
  }

  @Test func `a cluster that has all is good throughout`() async throws {
    let client = FakeKubernetesClient(
      Self.node("amd64"), Self.lease("2025-12-31T23:59:55.123456Z"))
    let got = Self.lines(try await Self.look(client))
    let wanted = [
      "good kubectl: v1.30.2",
      "good context kind-dev: answers, Kubernetes v1.33.1, namespace own",
      "good permissions: pods, exec, port-forward, output and workloads in namespace own",
      "good clock: the cluster's agrees with ours, by the nodes' leases",
      "good nodes: 1 of amd64",
    ]
    #expect(got == wanted, "\(difference(got: got, wanted: wanted))")
  }

  @Test(arguments: [
    (
      #"echo "error: You must be logged in to the server (Unauthorized)" >&2; exit 1"#,
      "missing context kind-dev: You must be logged in to the server (Unauthorized)"
    ),
    (
      #"echo 'error: context "kind-dev" does not exist' >&2; exit 1"#,
      "missing context kind-dev: there is no context “kind-dev” in the kubeconfig; there is “other”"
    ),
    (
      #"echo "The connection to the server 127.0.0.1:1 was refused" >&2; exit 1"#,
      "missing context kind-dev: The connection to the server 127.0.0.1:1 was refused"
    ),
    (
      #"echo "Unable to connect to the server: tls: x509: unknown authority" >&2; exit 1"#,
      "missing context kind-dev: Unable to connect to the server: tls: x509: unknown authority"
    ),
  ])
  func `a cluster that can't be reached is told, with what to do, and nothing else is asked of it`(
    _ server: String, _ wanted: String
  ) async throws {
    let client = FakeKubernetesClient()
    let checks = try await Self.look(client, server: server)
    #expect(Self.lines(checks) == ["good kubectl: v1.30.2", wanted])
    #expect(checks.last?.mend != nil)
    #expect(client.actions == [])
  }

  @Test(
    arguments: [
      (["create pods/exec", "watch pods"], "missing", "watch pods, create pods/exec"),
      (
        ["create secrets", "delete secrets"], "warning",
        "create secrets, delete secrets: manifests with such objects can't be deployed"
      ),
      (["list events"], "warning", "list events"),
      (["get pods/exec"], "warning", "get pods/exec"),
    ] as [(Set<String>, String, String)])
  func `what may not be done is named`(
    _ denied: Set<String>, _ verdict: String, _ names: String
  ) async throws {
    let lines = Self.lines(try await Self.look(denied: denied))
    #expect(
      lines.contains {
        $0.hasPrefix("\(verdict) permissions: in namespace own you may not \(names)")
      },
      "\(lines)")
  }

  @Test(arguments: [
    (true, "good permissions: pods"),
    (false, "missing permissions: in namespace own you may not create namespaces"),
  ])
  func `a namespace that isn't there has to be made, and one that is there has not`(
    _ isThere: Bool, _ wanted: String
  ) async throws {
    let client = isThere ? FakeKubernetesClient(Namespace(name: "own")) : FakeKubernetesClient()
    let lines = Self.lines(try await Self.look(client, denied: ["create namespaces"]))
    #expect(lines.contains { $0.hasPrefix(wanted) }, "\(lines)")
  }

  @Test(arguments: [
    // A lease is renewed every 10 s.
    ("2025-12-31T23:59:50.000000Z", "2026-01-01T00:00:00Z", "good clock: the cluster's agrees"),
    ("2026-01-01T00:00:30.000000Z", "2026-01-01T00:00:00Z", "warning clock: node n1 is 30 s"),
    ("2025-12-31T23:50:00.000000Z", "2026-01-01T00:00:00Z", "warning clock: node n1 is 600 s"),
    ("2025-12-31T23:59:50.000000Z", "2026-01-01T00:01:00Z", "warning clock: the API server is 60"),
    ("2025-12-31T23:59:50.000000Z", "2025-12-31T23:59:00Z", "warning clock: the API server is 59"),
  ])
  func `clocks that differ are told`(
    _ renewed: String, _ server: String, _ wanted: String
  ) async throws {
    let client = FakeKubernetesClient(Self.node("amd64"), Self.lease(renewed))
    let lines = Self.lines(try await Self.look(client, clock: server))
    #expect(lines.contains { $0.hasPrefix(wanted) }, "\(lines)")
  }

  @Test(arguments: [false, true])
  func `the API server's time is read from its answer, of an old one from a try`(
    _ isOld: Bool
  ) async throws {
    let lines = Self.lines(try await Self.look(clock: "2026-01-01T00:01:00Z", isOld: isOld))
    #expect(lines.contains("warning clock: the API server is 60 s ahead"), "\(lines)")
  }

  @Test(
    arguments: [
      (ImageSpec(name: "r.example/t/app"), "good image r.example/t/app: pushed to r.example/t/app"),
      (
        // tcpmux, which nothing serves.
        ImageSpec(name: "127.0.0.1:1/app"),
        "missing image 127.0.0.1:1/app: pushed to 127.0.0.1:1/app, but no registry answers"
      ),
    ])
  func `the way of an image to the nodes is looked at`(
    _ image: ImageSpec, _ wanted: String
  ) async throws {
    let checks = try await Self.look(images: [image])
    #expect(Self.lines(checks).last?.hasPrefix(wanted) == true, "\(Self.lines(checks))")
    #expect(checks.last?.mend != nil)
  }

  @Test(arguments: [
    (ImageSpec.Load.k3d, "good image app: put into the nodes of dev by k3d: k3d version v5"),
    (.kind, "missing image app: put into the nodes of dev by kind: "),
  ])
  func `the tool that loads an image has to be there`(
    _ tool: ImageSpec.Load, _ wanted: String
  ) async throws {
    let directory = try TemporaryDirectory()
    try directory.write("k3d", "#!/bin/sh\necho k3d version v5\n")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: directory("k3d"))
    let check = await ImagePathCheck(
      context: "\(tool.rawValue)-dev", client: FakeKubernetesClient(), directory: directory.path
    ).of(ImageSpec(name: "app", load: tool))
    #expect(Self.lines([check]).first?.hasPrefix(wanted) == true, "\(check)")
  }

  @Test(arguments: [
    (["amd64"], "good nodes: 1 of amd64"),
    (["amd64", "arm64"], "warning nodes: 2 of amd64, arm64"),
    (["arm64"], "missing nodes: 1 of arm64"),
  ])
  func `images fit the nodes`(_ nodes: [String], _ wanted: String) async throws {
    let lines = Self.lines(try await Self.look(FakeKubernetesClient(nodes.map(Self.node))))
    #expect(lines.last == wanted)
  }

  @Test func `a user who may ask about nothing is told what isn't known`() async throws {
    let client = FakeKubernetesClient()
    let refused = KubernetesFailure(.forbidden, "nodes is forbidden")
    client.react(to: .list) { _ in .fail(refused) }
    let lines = Self.lines(try await Self.look(client))
    #expect(lines.contains("good clock: the cluster's agrees with ours, by the API server"))
    #expect(
      lines.contains("warning nodes: their architecture isn't known: nodes is forbidden"))
  }

  @Test func `without kubectl the way to get it is told`() async throws {
    let checks = await KubernetesChecks(
      KubernetesTarget(context: "kind-dev"), kubectl: "no-such-kubectl"
    ).all()
    #expect(
      Self.lines(checks)
        == ["missing kubectl: there is no program “no-such-kubectl” on the PATH"])
    #expect(checks.first?.mend?.contains("kubernetes.io") == true)
  }
}
