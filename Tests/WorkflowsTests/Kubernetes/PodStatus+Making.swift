import JSON
import Kubernetes

extension Pod {
  /// A pod as kubelet tells of it.
  ///
  /// - Parameter containers: by name, with the image, an id if it was ever started, and its state.
  static func made(
    _ name: String, labels: [String: String] = [:],
    _ containers: [(name: String, image: String, id: String?, state: JSONValue)],
    isTerminating: Bool = false, phase: String = "Running"
  ) -> Pod {
    var pod = Pod(name: name, namespace: "dev", labels: labels)
    pod.spec.containers = containers.map { Container(name: $0.name, image: $0.image) }
    pod.status.phase = phase
    pod.status.containerStatuses = containers.map { container in
      var fields: [String: JSONValue] = ["name": .string(container.name), "state": container.state]
      if let id = container.id { fields["containerID"] = .string(id) }
      return ContainerStatus(fields: fields)
    }
    if isTerminating { pod.metadata.deletionTimestamp = "2026-01-01T00:00:00Z" }
    return pod
  }
}
