import Kubernetes

/// What a deployment waits for: the new containers, never the old ones.
struct Rollout: Sendable {
  enum Outcome: Sendable {
    case running([Found])
    /// Waiting longer is of no use.
    case failed(Pod, reason: String)
  }

  /// A container that runs the image.
  struct Found: Sendable {
    let pod: String
    let spec: ContainerSpec
    let id: String
  }

  /// Those with pods that run the image.
  let objects: [DeployedObject]
  /// Of the manifests: those that run the app.
  let containers: [ContainerSpec]
  let suffix: String
  let reference: String
  /// Objects that were made or changed: their containers from before don't count.
  let renewed: Set<DeployedObject.Key>
  /// Those that weren't there before.
  var made: Set<DeployedObject.Key> = []
  /// The ids of containers that ran before.
  let before: Set<String>

  /// Reasons why a container waits that don't pass by themselves.
  ///
  /// Source: kubernetes, `pkg/kubelet/images/types.go` and `pkg/kubelet/container/sync_result.go`.
  private static let hopeless: Set = [
    "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "CreateContainerConfigError",
    "CrashLoopBackOff", "RunContainerError", "CreateContainerError", "ImageInspectError",
  ]

  /// Nil while there is more to come.
  func outcome(with pods: [Pod]) -> Outcome? {
    let new = pods.filter(isNew)
    for pod in new.sorted(by: { $0.name < $1.name }) {
      for status in pod.status.initContainerStatuses + pod.status.containerStatuses {
        if let waiting = status.state.waiting, let reason = waiting.reason,
          Self.hopeless.contains(reason)
        {
          return .failed(pod, reason: sentence(pod, status, reason, waiting.message))
        }
      }
      if pod.status.phase == "Failed" {
        let said = [pod.status.reason, pod.status.message].compactMap { $0 }.joined(separator: ": ")
        return .failed(pod, reason: "Pod \(pod.name) failed\(said.isEmpty ? "" : ": \(said)")")
      }
    }
    let running = running(in: pods)
    for object in objects {
      for container in wanted where isOf(container, object) {
        let count = running.count { $0.spec.key == container.key }
        // More than there are to be are still to go.
        guard count == object.replicas ?? 1 else { return nil }
      }
    }
    return running.isEmpty ? nil : .running(running)
  }

  /// What runs to its end is done with its image, and no place for a change.
  private var wanted: [ContainerSpec] {
    let lasting = containers.filter { $0.restartPolicy == "Always" }
    return lasting.isEmpty ? containers : lasting
  }

  /// The new containers that run now, of pods in the order of their names.
  func running(in pods: [Pod]) -> [Found] {
    var found: [Found] = []
    for pod in pods.filter(isNew).sorted(by: { $0.name < $1.name }) {
      guard let object = objects.first(where: { isOf(pod, $0) }) else { continue }
      for container in wanted where isOf(container, object) {
        guard let status = pod.status(of: container.name), status.state.running != nil,
          let id = status.containerID, !renewed.contains(object.key) || !before.contains(id)
        else { continue }
        found.append(Found(pod: pod.name, spec: container, id: id))
      }
    }
    return found
  }

  private func isNew(_ pod: Pod) -> Bool {
    pod.metadata.deletionTimestamp == nil
      && pod.spec.containers.contains { $0.image == reference }
  }

  private func isOf(_ container: ContainerSpec, _ object: DeployedObject) -> Bool {
    container.key.kind == object.key.kind && container.key.workload + suffix == object.key.name
  }

  /// The suffix ends the object's name, so that none is the beginning of another's.
  private func isOf(_ pod: Pod, _ object: DeployedObject) -> Bool {
    object.key.kind == "Pod"
      ? pod.name == object.key.name : pod.name.hasPrefix("\(object.key.name)-")
  }

  private func sentence(
    _ pod: Pod, _ status: ContainerStatus, _ reason: String, _ message: String?
  ) -> String {
    var text = "Pod \(pod.name), container \(status.name ?? ""): \(reason)"
    if let message, !message.isEmpty { text += ": \(message)" }
    if let last = status.lastState.terminated {
      text += " (the last one ended with status \(last.exitCode ?? -1)"
      text += last.reason.map { ", \($0))" } ?? ")"
    }
    return text
  }
}
