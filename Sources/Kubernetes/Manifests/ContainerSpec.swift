/// A container of a pod, as its manifest describes it.
package struct ContainerSpec: Sendable, Hashable {
  /// Which container of the manifests it is: several pods may have one of the same name.
  package struct Key: Sendable, Hashable {
    /// Of the object it stands in.
    package var kind: String
    package var workload: String
    package var container: String

    package init(kind: String, workload: String, container: String) {
      self.kind = kind
      self.workload = workload
      self.container = container
    }
  }

  package var key: Key
  package var image: ImageReference
  package var isInit = false
  /// Replaces the image's entrypoint.
  package var command: [String]?
  /// Replaces the image's command.
  package var arguments: [String]?
  /// Container ports, in the manifest's order.
  package var ports: [Int] = []
  package var workingDirectory: String?
  package var environment: [String: String] = [:]
  /// Seconds between SIGTERM and SIGKILL; Kubernetes' default is 30.
  package var gracePeriod: Int = 30
  package var restartPolicy: String = "Always"
  /// Whether the pod's containers see each other's processes: then none has an init process of its own.
  package var sharesProcesses = false
  /// The pod's labels.
  package var labels: [String: String] = [:]
  /// Keys of the container and its pod that the fields above don't cover. While there are any, the
  /// container can only be made by whoever understands the whole manifest.
  package var otherKeys: [String] = []

  package var name: String { key.container }

  /// What “kube play” may call the container: it puts the pod's name in front, and a workload's pod is
  /// named differently by different versions.
  ///
  /// - Parameter suffix: what was added to the object's name.
  package func engineNames(suffix: String) -> Set<String> {
    let workload = key.workload + suffix
    let pods = key.kind == "Pod" ? [workload] : ["\(workload)-pod", "\(workload)-pod-0"]
    return Set(pods.map { "\($0)-\(name)" })
  }

  /// What runs in the container: the manifest's words, else the image's.
  package func argv(imageEntrypoint: [String], imageCommand: [String]) -> [String] {
    if let command { return command + (arguments ?? []) }
    return imageEntrypoint + (arguments ?? imageCommand)
  }
}
