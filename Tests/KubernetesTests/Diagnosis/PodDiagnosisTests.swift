import JSON
import Kubernetes
import KubernetesTesting
import Testing

/// Statuses and events are those of a Kubernetes 1.33.
@Suite struct PodDiagnosisTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var phase = "Pending"
    var state: JSONValue?
    var last: JSONValue?
    var ready = false
    var conditions: [JSONValue] = []
    var podStatus: [String: JSONValue] = [:]
    /// Reason and message, by object.
    var events: [(object: String, reason: String, message: String)] = []
    var replicaSet: [JSONValue] = []
    var deployment: [JSONValue] = []
    var log: [String] = []
    let wanted: [String]
    var isFinal = true
  }

  private static let pod = "Pod/web-2-x"
  private static let pull =
    "rpc error: code = NotFound desc = failed to pull and unpack image \"r/such:1\": r/such:1: not found"
  private static let quota =
    "pods \"web-2-y\" is forbidden: exceeded quota: pods, requested: pods=1, used: pods=0, "
    + "limited: pods=0"
  private static let restricted =
    "pods \"web-2-y\" is forbidden: violates PodSecurity \"restricted:latest\": runAsNonRoot != true"
  private static let cpu =
    "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: "
    + "1 No preemption victims found for incoming pod."
  private static let noProgram =
    "failed to create containerd task: exec: \"/no/such\": stat /no/such: no such file or directory"
  private static let backOff =
    "back-off 40s restarting failed container=app pod=web-2-x_a(1449042f)"

  private static func waiting(_ reason: String, _ message: String? = nil) -> JSONValue {
    var fields: [String: JSONValue] = ["reason": .string(reason)]
    fields["message"] = message.map { .string($0) }
    return ["waiting": .object(fields)]
  }

  private static func ended(_ code: Int64, _ reason: String, _ message: String? = nil) -> JSONValue
  {
    var fields: [String: JSONValue] = ["exitCode": .integer(code), "reason": .string(reason)]
    fields["message"] = message.map { .string($0) }
    return ["terminated": .object(fields)]
  }

  private static func condition(
    _ type: String, _ status: String, _ reason: String, _ message: String
  ) -> JSONValue {
    [
      "type": .string(type), "status": .string(status), "reason": .string(reason),
      "message": .string(message),
    ]
  }

  static let cases = [
    Case(
      testDescription: "an image that isn't there", state: waiting("ErrImagePull", pull),
      events: [
        (pod, "Failed", "Failed to pull image \"r/such:1\": \(pull)"),
        (pod, "Failed", "Error: ErrImagePull"), (pod, "Failed", "Error: ImagePullBackOff"),
      ],
      wanted: [
        "Pod web-2-x, container app: the image can't be pulled: ErrImagePull: \(pull)",
        "  Failed: Failed to pull image \"r/such:1\": \(pull)",
      ], isFinal: false),
    Case(
      testDescription: "an image that isn't there, later",
      state: waiting("ImagePullBackOff", "Back-off pulling image \"r/such:1\""),
      wanted: [
        "Pod web-2-x, container app: the image can't be pulled: ImagePullBackOff: "
          + "Back-off pulling image \"r/such:1\""
      ]),
    Case(
      testDescription: "a crash loop", phase: "Running",
      state: waiting("CrashLoopBackOff", backOff),
      last: ended(1, "Error"),
      events: [(pod, "BackOff", "Back-off restarting failed container app in pod web-2-x_a(14)")],
      log: ["starting", "no database"],
      wanted: [
        "Pod web-2-x, container app: the app ends again and again: CrashLoopBackOff: exit status 1",
        "  BackOff: Back-off restarting failed container app in pod web-2-x_a(14)",
        "  | starting", "  | no database",
      ]),
    Case(
      testDescription: "memory", phase: "Running", state: waiting("CrashLoopBackOff", backOff),
      last: ended(137, "OOMKilled"),
      wanted: [
        "Pod web-2-x, container app: out of memory: CrashLoopBackOff: exit status 137, OOMKilled"
      ]),
    Case(
      testDescription: "memory, while it runs again", phase: "Running",
      state: ["running": ["startedAt": "2026-01-01T00:00:00Z"]], last: ended(137, "OOMKilled"),
      wanted: [
        "Pod web-2-x, container app: the app isn't ready: last time: exit status 137, OOMKilled"
      ], isFinal: false),
    Case(
      testDescription: "a command that isn't there", phase: "Running",
      state: waiting("CrashLoopBackOff", backOff), last: ended(128, "StartError", noProgram),
      wanted: [
        "Pod web-2-x, container app: the container can't be started: CrashLoopBackOff: "
          + "exit status 128, StartError: \(noProgram) (image web:2)"
      ]),
    Case(
      testDescription: "a missing config map",
      state: waiting("CreateContainerConfigError", "configmap \"missing\" not found"),
      events: [(pod, "Failed", "Error: configmap \"missing\" not found")],
      wanted: [
        "Pod web-2-x, container app: the container can't be made: CreateContainerConfigError: "
          + "configmap \"missing\" not found", "  Failed: Error: configmap \"missing\" not found",
      ]),
    Case(
      testDescription: "a missing secret, as a volume", state: waiting("ContainerCreating"),
      events: [
        (
          pod, "FailedMount",
          "MountVolume.SetUp failed for volume \"c\" : secret \"missing\" not found"
        )
      ],
      wanted: [
        "Pod web-2-x: a volume can't be mounted: MountVolume.SetUp failed for volume \"c\" : "
          + "secret \"missing\" not found"
      ], isFinal: false),
    Case(
      testDescription: "no node has room",
      conditions: [condition("PodScheduled", "False", "Unschedulable", cpu)],
      events: [(pod, "FailedScheduling", cpu)],
      wanted: ["Pod web-2-x: no node takes the pod: \(cpu)"],
      isFinal: false),
    Case(
      testDescription: "a probe that fails", phase: "Running",
      state: ["running": ["startedAt": "2026-01-01T00:00:00Z"]],
      events: [(pod, "Unhealthy", "Readiness probe failed: not yet\n")],
      deployment: [condition("Progressing", "True", "ReplicaSetUpdated", "it is progressing")],
      wanted: [
        "Pod web-2-x, container app: the app isn't ready",
        "  Unhealthy: Readiness probe failed: not yet",
      ], isFinal: false),
    Case(
      testDescription: "an eviction", phase: "Failed",
      podStatus: ["reason": "Evicted", "message": "The node was low on resource: memory."],
      wanted: [
        "Pod web-2-x: the pod has failed: Evicted: The node was low on resource: memory."
      ]),
    Case(
      testDescription: "a node that is gone", phase: "Running",
      state: ["running": ["startedAt": "2026-01-01T00:00:00Z"]],
      conditions: [
        condition("Ready", "False", "ContainersNotReady", "node is unreachable")
      ],
      events: [(pod, "NodeNotReady", "Node is not ready")],
      wanted: [
        "Pod web-2-x: the node is gone: node is unreachable", "  NodeNotReady: Node is not ready",
      ], isFinal: false),
    Case(
      testDescription: "a quota", state: nil,
      replicaSet: [condition("ReplicaFailure", "True", "FailedCreate", quota)],
      wanted: [
        "ReplicaSet web-2: a quota is exceeded: \(quota); “kubectl describe quota” tells who uses it; "
          + "or use another namespace"
      ], isFinal: false),
    Case(
      testDescription: "an admission that refuses", state: nil,
      replicaSet: [condition("ReplicaFailure", "True", "FailedCreate", restricted)],
      wanted: [
        "ReplicaSet web-2: the pod is refused: \(restricted); change the manifest as it says, or use "
          + "another namespace"
      ]),
    Case(
      testDescription: "a deadline, and nothing else that is known", phase: "Running",
      state: ["running": ["startedAt": "2026-01-01T00:00:00Z"]], ready: true,
      deployment: [
        condition(
          "Progressing", "False", "ProgressDeadlineExceeded",
          "ReplicaSet \"web-2\" has timed out progressing.")
      ],
      wanted: [
        "Deployment web: the rollout made no progress within its deadline: "
          + "ReplicaSet \"web-2\" has timed out progressing."
      ]),
    Case(
      testDescription: "a pod that is being made", state: waiting("ContainerCreating"),
      wanted: ["Pod web-2-x: the pod hasn't started yet"], isFinal: false),
    Case(
      testDescription: "nothing is wrong", phase: "Running",
      state: ["running": ["startedAt": "2026-01-01T00:00:00Z"]], ready: true, wanted: []),
  ]

  /// A deployment in the middle of a rollout, with an old pod in a crash loop beside the new one.
  private static func cluster(_ test: Case) -> FakeKubernetesClient {
    var deployment = Deployment(name: "web", namespace: "a")
    deployment.metadata.uid = "d"
    deployment.metadata.annotations = ["deployment.kubernetes.io/revision": "2"]
    deployment.status.conditions = test.deployment.map { Condition(fields: $0.object ?? [:]) }
    let client = FakeKubernetesClient()
    var objects: [any KubernetesObject] = []
    for number in 1...2 {
      var set = ReplicaSet(name: "web-\(number)", namespace: "a")
      set.metadata.uid = "s\(number)"
      set.metadata.annotations = ["deployment.kubernetes.io/revision": "\(number)"]
      set.metadata.ownerReferences = [OwnerReference(fields: ["uid": "d"])]
      if number == 2 {
        set.status.conditions = test.replicaSet.map { Condition(fields: $0.object ?? [:]) }
      }
      objects.append(set)
      var pod = Pod(name: "web-\(number)-x", namespace: "a")
      pod.metadata.ownerReferences = [OwnerReference(fields: ["uid": .string("s\(number)")])]
      pod.spec.containers = [Container(name: "app", image: "web:\(number)")]
      var status: [String: JSONValue] = ["name": "app", "ready": .bool(number == 2 && test.ready)]
      if number == 1 {
        pod.status.phase = "Running"
        status["state"] = waiting("CrashLoopBackOff", "old")
      } else {
        guard test.state != nil || test.phase == "Failed" || !test.conditions.isEmpty else {
          continue
        }
        pod.status.fields = test.podStatus
        pod.status.phase = test.phase
        pod.status.conditions = test.conditions.map { Condition(fields: $0.object ?? [:]) }
        status["state"] = test.state
        status["lastState"] = test.last
      }
      if status["state"] != nil {
        pod.status.containerStatuses = [ContainerStatus(fields: status)]
      }
      objects.append(pod)
    }
    for (index, event) in test.events.enumerated() {
      let parts = event.object.split(separator: "/").map(String.init)
      var made = Event(name: "e\(index)", namespace: "a")
      made.type = "Warning"
      made.reason = event.reason
      made.message = event.message
      made.lastTimestamp = "2026-01-01T00:00:0\(index)Z"
      made.involvedObject.kind = parts[0]
      made.involvedObject.name = parts[1]
      objects.append(made)
    }
    // By reactions: the tracker would give them uids of its own.
    let made = objects
    client.react(to: .list, ReplicaSet.self) { _ in .list(made.filter { $0 is ReplicaSet }) }
    client.react(to: .list, Pod.self) { _ in .list(made.filter { $0 is Pod }) }
    client.react(to: .list, Event.self) { _ in .list(made.filter { $0 is Event }) }
    let answer = deployment
    client.react(to: .get, Deployment.self) { _ in .answer(answer) }
    return client
  }

  @Test(arguments: cases)
  func `what keeps the new pods from running is told, and nothing of the old`(
    _ test: Case
  ) async throws {
    let client = Self.cluster(test)
    var diagnosis = try await PodDiagnosis.read(deployment: "web", namespace: "a", client)
    // The fake has no output of such a pod.
    if !test.log.isEmpty { diagnosis?.log = test.log }
    let got =
      diagnosis.map {
        $0.description.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      } ?? []
    #expect(got == test.wanted, "\(difference(got: got, wanted: test.wanted))")
    if let diagnosis { #expect(diagnosis.isFinal == test.isFinal) }
  }

  @Test(arguments: [false, true])
  func `a stateful set whose pods couldn't be made is told until there are some`(
    _ hasPods: Bool
  ) throws {
    var set = StatefulSet(name: "db", namespace: "a")
    set.status.updateRevision = "db-2"
    var event = Event(name: "e", namespace: "a")
    event.type = "Warning"
    event.reason = "FailedCreate"
    event.message = "create Pod db-0 failed: pods \"db-0\" is forbidden: exceeded quota: pods"
    event.involvedObject.kind = "StatefulSet"
    event.involvedObject.name = "db"
    var pod = Pod(name: "db-0", namespace: "a", labels: ["controller-revision-hash": "db-2"])
    pod.status.phase = "Running"
    let diagnosis = PodDiagnosis.judge(
      try #require(PodRevision.of(set)), pods: hasPods ? [pod] : [], events: [event])
    #expect(diagnosis?.reason == (hasPods ? nil : .quota))
    if !hasPods { #expect(diagnosis?.object == "StatefulSet db") }
  }

  @Test func `a deployment whose controller hasn't seen its change yet has no new pods`() {
    var deployment = Deployment(name: "web", namespace: "a")
    deployment.metadata.uid = "d"
    deployment.metadata.annotations = ["deployment.kubernetes.io/revision": "1"]
    deployment.metadata.generation = 2
    deployment.status.observedGeneration = 1
    var set = ReplicaSet(name: "web-1", namespace: "a")
    set.metadata.uid = "s"
    set.metadata.annotations = deployment.metadata.annotations
    set.metadata.ownerReferences = [OwnerReference(fields: ["uid": "d"])]
    #expect(PodRevision.of(deployment, [set]) == nil)
    deployment.status.observedGeneration = 2
    #expect(PodRevision.of(deployment, [set])?.replicaSet?.name == "web-1")
  }

  @Test(
    arguments: [
      (["app": "web", "run": "2"], nil, true), (["app": "web", "run": "1"], nil, false),
      (["app": "web", "run": "2"], "2026-01-01T00:00:00Z", false),
    ] as [([String: String], String?, Bool)])
  func `a label of the deployment's own tells which pods are new`(
    _ labels: [String: String], _ deleted: String?, _ isNew: Bool
  ) {
    var pod = Pod(name: "x", namespace: "a", labels: labels)
    pod.metadata.deletionTimestamp = deleted
    #expect(PodRevision.labelled(["run": "2"], of: "Deployment web").contains(pod) == isNew)
  }
}
