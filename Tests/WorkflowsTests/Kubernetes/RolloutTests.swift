import JSON
import Kubernetes
import Testing

@testable import Workflows

/// When new containers run, and when waiting for them is of no use any more.
@Suite struct RolloutTests {
  private static let new = "registry.example/app:new"
  private static let old = "registry.example/app:old"
  private static let running: JSONValue = ["running": [:]]

  private static func waiting(_ reason: String, _ message: String = "") -> JSONValue {
    ["waiting": ["reason": .string(reason), "message": .string(message)]]
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// `Pod web`, or a `Deployment web` with replicas.
    var replicas: Int?
    var pods: [Pod]
    /// What comes of it: ids, a failure's sentence, or `more to come`.
    var expected: String

    init(_ behaviour: String, replicas: Int? = nil, _ pods: [Pod], _ expected: String) {
      testDescription = behaviour
      self.replicas = replicas
      self.pods = pods
      self.expected = expected
    }
  }

  static let cases: [Case] = [
    Case("no pod yet", [], "more to come"),
    Case(
      "the container is being made",
      [.made("web-s1", [("app", new, nil, waiting("ContainerCreating"))])],
      "more to come"),
    Case("it runs", [.made("web-s1", [("app", new, "c2", running)])], "c2"),
    Case(
      "a changed image, and the old container's state is still told",
      [.made("web-s1", [("app", new, "c1", running)])], "more to come"),
    Case(
      "edge case 43: the old pod crashes, the new one runs", replicas: 1,
      [
        .made("web-s1-a-1", [("app", old, "c1", waiting("CrashLoopBackOff"))]),
        .made("web-s1-b-1", [("app", new, "c2", running)]),
      ], "c2"),
    Case(
      "edge case 27: a terminating pod runs the new image", replicas: 1,
      [.made("web-s1-b-1", [("app", new, "c2", running)], isTerminating: true)], "more to come"),
    Case(
      "one of two replicas runs", replicas: 2,
      [
        .made("web-s1-b-1", [("app", new, "c2", running)]),
        .made("web-s1-b-2", [("app", new, nil, waiting("ContainerCreating"))]),
      ], "more to come"),
    Case(
      "both run", replicas: 2,
      [
        .made("web-s1-b-1", [("app", new, "c2", running)]),
        .made("web-s1-b-2", [("app", new, "c3", running)]),
      ], "c2 c3"),
    Case(
      "one of two is still to go, where there is to be one", replicas: 1,
      [
        .made("web-s1-b-1", [("app", new, "c2", running)]),
        .made("web-s1-b-2", [("app", new, "c3", running)]),
      ], "more to come"),
    Case(
      "another object's pods don't count", replicas: 2,
      [
        .made("web-s1-b-1", [("app", new, "c2", running)]),
        .made("web-admin-s1-b-2", [("app", new, "c3", running)]),
      ], "more to come"),
    Case(
      "the image can't be pulled for a moment", replicas: 1,
      [.made("web-s1-b-1", [("app", new, nil, waiting("ErrImagePull", "timeout"))])], "more to come"
    ),
    Case(
      "the image can't be pulled", replicas: 1,
      [.made("web-s1-b-1", [("app", new, nil, waiting("ImagePullBackOff", "not found"))])],
      "Pod web-s1-b-1, container app: ImagePullBackOff: not found"),
    Case(
      "edge case 32: the new container crashes again and again", replicas: 1,
      [.made("web-s1-b-1", [("app", new, "c2", waiting("CrashLoopBackOff"))])],
      "Pod web-s1-b-1, container app: CrashLoopBackOff"),
    Case(
      "a container of the same pod that isn't the app's", replicas: 1,
      [
        .made(
          "web-s1-b-1",
          [("app", new, "c2", running), ("db", "postgres", nil, waiting("ImagePullBackOff"))])
      ], "Pod web-s1-b-1, container db: ImagePullBackOff"),
    Case(
      "the pod failed", replicas: 1,
      [.made("web-s1-b-1", [("app", new, "c2", ["terminated": ["exitCode": 1]])], phase: "Failed")],
      "Pod web-s1-b-1 failed"),
  ]

  @Test func `edge case 28: a completed job with the same image holds nothing up`() throws {
    let set = try ManifestSet(files: [
      (
        "m.yaml",
        """
        apiVersion: batch/v1
        kind: Job
        metadata: { name: migrate }
        spec: { template: { spec: { restartPolicy: Never, containers: [{ name: app, image: app }] } } }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec: { containers: [{ name: app, image: app }] }
        """
      )
    ])
    let rewrite = DeployRewrite(
      image: ImageReference("app"), replacement: Self.new, namespace: "dev", suffix: "-s1",
      labels: [:], sessionLabel: "")
    let rollout = Rollout(
      objects: rewrite.apply(to: set).objects, containers: set.containers, suffix: "-s1",
      reference: Self.new, renewed: [], before: [])
    let outcome = rollout.outcome(with: [
      .made(
        "migrate-s1-x", [("app", Self.new, "c1", ["terminated": ["exitCode": 0]])],
        phase: "Succeeded"),
      .made("web-s1", [("app", Self.new, "c2", Self.running)]),
    ])
    guard case .running(let found) = outcome else {
      Issue.record("the pod runs: \(String(describing: outcome))")
      return
    }
    #expect(found.map(\.id) == ["c2"])
  }

  @Test(arguments: cases)
  func `what is waited for`(_ wanted: Case) throws {
    let (kind, spec) =
      wanted.replicas == nil
      ? ("Pod", "spec: { containers: [{ name: app, image: app }] }")
      : (
        "Deployment",
        "spec: { replicas: \(wanted.replicas ?? 1), template: { spec: { containers: [{ name: app, image: app }] } } }"
      )
    let text = "apiVersion: v1\nkind: \(kind)\nmetadata: { name: web }\n\(spec)\n"
    let set = try ManifestSet(files: [("m.yaml", text)])
    let rewrite = DeployRewrite(
      image: ImageReference("app"), replacement: Self.new, namespace: "dev", suffix: "-s1",
      labels: [:], sessionLabel: "")
    let objects = rewrite.apply(to: set).objects
    let rollout = Rollout(
      objects: objects, containers: set.containers, suffix: "-s1", reference: Self.new,
      renewed: Set(objects.map(\.key)), before: ["c1"])
    let outcome =
      switch rollout.outcome(with: wanted.pods) {
      case nil: "more to come"
      case .running(let found): found.map(\.id).joined(separator: " ")
      case .failed(_, let reason): reason
      }
    #expect(outcome == wanted.expected)
  }
}
