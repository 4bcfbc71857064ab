import Yams

/// What pods ask of the machine that they run on.
package struct ResourceRequests: Sendable, Hashable {
  /// Processors.
  package var processors: Double = 0
  /// Bytes.
  package var memory: Double = 0
  /// Replicas included.
  package var pods = 0
  /// Pods that ask for nothing at all, replicas included.
  package var silentPods = 0

  package init() {}

  /// Whether any pod asks for anything.
  package var isStated: Bool { pods > silentPods }
}

extension ManifestSet {
  /// The sum over all pods that the manifests make, as the scheduler counts it.
  ///
  /// A pod asks for what its containers ask for together, or for what its most demanding init container does, if
  /// that is more; init containers that go on running (`restartPolicy: Always`) count beside both. What the pod
  /// itself asks for (`spec.resources`) comes before that; `overhead` is added. A limit without a request is one.
  /// Of a CronJob one run counts, of a DaemonSet one pod.
  ///
  /// Source: Kubernetes, “Resource Management for Pods and Containers”; “Init Containers”, “Resource sharing
  /// within containers”; “Sidecar Containers”; “Pod Overhead”.
  package func requests() throws(ManifestFault) -> ResourceRequests {
    var sum = ResourceRequests()
    for document in documents {
      guard let path = document.podPath, let spec = document.node.at(path + ["spec"]) else {
        continue
      }
      let count = document.podCount
      let processors = try document.podRequest("cpu", of: spec)
      let memory = try document.podRequest("memory", of: spec)
      sum.pods += count
      if processors == nil && memory == nil { sum.silentPods += count }
      sum.processors += (processors ?? 0) * Double(count)
      sum.memory += (memory ?? 0) * Double(count)
    }
    return sum
  }
}

extension ManifestSet.Document {
  /// How many pods it makes that run at once.
  fileprivate var podCount: Int {
    let spec = node["spec"]
    switch kind {
    case "Deployment", "StatefulSet", "ReplicaSet", "ReplicationController":
      return max(0, spec?["replicas"]?.int ?? 1)
    case "Job": return Self.parallelism(of: spec)
    case "CronJob": return Self.parallelism(of: node.at(["spec", "jobTemplate", "spec"]))
    default: return 1
    }
  }

  private static func parallelism(of job: Node?) -> Int {
    let parallelism = max(0, job?["parallelism"]?.int ?? 1)
    return min(parallelism, max(0, job?["completions"]?.int ?? parallelism))
  }

  /// What a pod asks for of a resource; nil if it says nothing about it.
  fileprivate func podRequest(_ resource: String, of pod: Node) throws(ManifestFault) -> Double? {
    let overhead = try quantity(pod.at(["overhead", resource]), of: "the pod")
    if let own = try request(resource, in: pod["resources"], of: "the pod") {
      return own + (overhead ?? 0)
    }
    var isStated = overhead != nil
    // Those that run on, and the most that was needed at once while they were started.
    var (running, most) = (0.0, 0.0)
    for container in pod["initContainers"]?.items ?? [] {
      let request = try request(resource, of: container)
      isStated = isStated || request != nil
      if container["restartPolicy"]?.scalarText == "Always" {
        running += request ?? 0
        most = max(most, running)
      } else {
        most = max(most, running + (request ?? 0))
      }
    }
    for container in pod["containers"]?.items ?? [] {
      let request = try request(resource, of: container)
      isStated = isStated || request != nil
      running += request ?? 0
    }
    return isStated ? max(most, running) + (overhead ?? 0) : nil
  }

  private func request(_ resource: String, of container: Node) throws(ManifestFault) -> Double? {
    try request(
      resource, in: container["resources"],
      of: "the container \(container["name"]?.scalarText ?? "")")
  }

  private func request(
    _ resource: String, in resources: Node?, of owner: String
  ) throws(ManifestFault) -> Double? {
    if let request = try quantity(resources?.at(["requests", resource]), of: owner) {
      return request
    }
    return try quantity(resources?.at(["limits", resource]), of: owner)
  }

  private func quantity(_ node: Node?, of owner: String) throws(ManifestFault) -> Double? {
    guard let node, node.null == nil else { return nil }
    let text = node.scalarText ?? ""
    guard let quantity = ResourceQuantity(parsing: text) else {
      throw .notAQuantity(file: file, owner: "\(owner) of \(kind) \(name)", text: text)
    }
    return quantity.value
  }
}
