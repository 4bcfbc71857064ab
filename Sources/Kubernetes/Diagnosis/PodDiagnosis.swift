/// Why a workload's new pods don't run: the object, the reason and its last events.
package struct PodDiagnosis: Sendable, Hashable, CustomStringConvertible {
  package enum Reason: String, Sendable, Hashable, CaseIterable {
    case image = "the image can't be pulled"
    case configuration = "the container can't be made"
    case start = "the container can't be started"
    case memory = "out of memory"
    case crash = "the app ends again and again"
    case failed = "the pod has failed"
    case nodeGone = "the node is gone"
    case quota = "a quota is exceeded"
    case refused = "the pod is refused"
    case unschedulable = "no node takes the pod"
    case volume = "a volume can't be mounted"
    case unready = "the app isn't ready"
    case deadline = "the rollout made no progress within its deadline"
    case pending = "the pod hasn't started yet"
  }

  package let reason: Reason
  /// `Pod web-1, container app`.
  package let object: String
  /// The cluster's own words; may be empty.
  package let message: String
  /// The last ones of the object, `Reason: message`, the newest at the end.
  package let events: [String]
  /// The last lines of the container that the diagnosis is about.
  package var log: [String] = []
  /// The container whose output tells more, and whether it is that of its last run.
  package let output: Output?

  package struct Output: Sendable, Hashable {
    package let pod: String
    package let container: String
    package let isPrevious: Bool
  }

  /// Whether waiting longer is of no use, as far as that can be told: nodes, volumes and quotas may come free.
  package var isFinal: Bool {
    switch reason {
    case .pending, .unready, .volume, .unschedulable, .quota, .nodeGone: false
    // The first try; kubelet backs off after it.
    case .image: !message.hasPrefix("ErrImagePull")
    case .refused: !Self.passing.contains { message.contains($0) }
    case .configuration, .start, .memory, .crash, .failed, .deadline: true
    }
  }

  /// The same of an object that was made just now: no old pods of its own hold what a quota has.
  package var isFinalForNew: Bool { isFinal || reason == .quota }

  /// Refusals of a namespace that was made a moment ago, and of a webhook that starts.
  ///
  /// Source: kubernetes, `plugin/pkg/admission/serviceaccount/admission.go`, and
  /// `staging/src/k8s.io/apiserver/pkg/admission` (`not yet ready`, `failed calling webhook`).
  private static let passing = [
    "error looking up service account", "no API token found for service account",
    "not yet ready to handle request", "failed calling webhook", "status unknown for quota",
  ]

  package var description: String {
    var text = "\(object): \(reason.rawValue)"
    if !message.isEmpty { text += ": \(message)" }
    if reason == .quota || reason == .refused,
      let step = KubernetesFailure.stepAfterRefusal(message)
    {
      text += "; \(step)"
    }
    // Some reasons are told in the words of an event.
    for event in events where message.isEmpty || !event.hasSuffix(": \(message)") {
      text += "\n  \(event)"
    }
    for line in log { text += "\n  | \(line)" }
    return text
  }

  /// Looks for what keeps new pods from running.
  ///
  /// - Parameters:
  ///   - revision: which pods are new; old ones are never blamed.
  ///   - pods: of the namespace.
  ///   - events: of the namespace.
  /// - Returns: the gravest; nil if nothing is wrong.
  package static func judge(
    _ revision: PodRevision, pods: [Pod], events: [Event] = []
  ) -> PodDiagnosis? {
    let told = EventTrail(events)
    let new = pods.filter(revision.contains).sorted { $0.name < $1.name }
    var found = new.flatMap { look(at: $0, told) }
    if let refusal = refusal(revision, told, hasPods: !new.isEmpty) { found.append(refusal) }
    if let late = revision.conditions.first(where: {
      $0.type == "Progressing" && $0.reason == "ProgressDeadlineExceeded"
    }) {
      found.append(
        PodDiagnosis(
          reason: .deadline, object: revision.workload, message: late.message ?? "", events: [],
          output: nil))
    }
    return gravest(found)
  }

  /// - Returns: nil if there is none.
  package static func gravest(_ found: [PodDiagnosis]) -> PodDiagnosis? {
    let order = Reason.allCases
    return found.min {
      (order.firstIndex(of: $0.reason) ?? 0) < (order.firstIndex(of: $1.reason) ?? 0)
    }
  }

  /// What a controller's event `FailedCreate` says.
  ///
  /// - Parameter object: whose pods are refused, as `Deployment web`.
  package static func refusal(of object: String, _ event: Event) -> PodDiagnosis {
    refusal(object, EventTrail.text(of: event))
  }

  /// What keeps the pods from being made at all.
  private static func refusal(
    _ revision: PodRevision, _ told: EventTrail, hasPods: Bool
  ) -> PodDiagnosis? {
    guard let set = revision.replicaSet else {
      // An event stays when the pods could be made later.
      guard !hasPods, let event = told.last("FailedCreate", of: revision.workload) else {
        return nil
      }
      return refusal(revision.workload, event)
    }
    let condition = (set.status.conditions + revision.conditions).first {
      $0.type == "ReplicaFailure" && $0.status == "True"
    }
    guard let condition else { return nil }
    return refusal("ReplicaSet \(set.name)", condition.message ?? "")
  }

  private static func refusal(_ object: String, _ message: String) -> PodDiagnosis {
    PodDiagnosis(
      reason: message.contains("exceeded quota") || message.contains("failed quota")
        ? .quota : .refused,
      object: object, message: message, events: [], output: nil)
  }

  private static func look(at pod: Pod, _ told: EventTrail) -> [PodDiagnosis] {
    let statuses = pod.status.initContainerStatuses + pod.status.containerStatuses
    func diagnosis(
      _ reason: Reason, _ message: String?, container: String? = nil, output: Output? = nil
    ) -> PodDiagnosis {
      PodDiagnosis(
        reason: reason, object: "Pod \(pod.name)" + (container.map { ", container \($0)" } ?? ""),
        message: message ?? "", events: told.warnings(of: pod, container: container),
        output: output)
    }
    let said = [pod.status.reason, pod.status.message].compactMap { $0 }.joined(separator: ": ")
    if pod.status.reason == "NodeLost" || pod.status.phase == "Unknown" {
      return [diagnosis(.nodeGone, said)]
    }
    if let condition = pod.status.conditions.first(where: { $0.type == "DisruptionTarget" }),
      condition.status == "True", condition.reason == "DeletionByTaintManager"
    {
      return [diagnosis(.nodeGone, condition.message)]
    }
    if let ready = pod.status.conditions.first(where: { $0.type == "Ready" }),
      ready.status != "True", told.has("NodeNotReady", of: pod)
    {
      return [diagnosis(.nodeGone, ready.message)]
    }
    var found = statuses.compactMap { status in
      ContainerTrouble(status, in: pod).map {
        diagnosis($0.reason, $0.message, container: status.name, output: $0.output)
      }
    }
    if pod.status.phase == "Failed", !found.contains(where: { $0.reason == .memory }) {
      found.append(diagnosis(.failed, said))
    }
    if let condition = pod.status.conditions.first(where: { $0.type == "PodScheduled" }),
      condition.status == "False"
    {
      found.append(diagnosis(.unschedulable, condition.message))
    } else if found.isEmpty, ["Pending", nil].contains(pod.status.phase) {
      let mount = told.last("FailedMount", of: pod) ?? told.last("FailedAttachVolume", of: pod)
      found.append(diagnosis(mount == nil ? .pending : .volume, mount))
    }
    return found
  }
}
