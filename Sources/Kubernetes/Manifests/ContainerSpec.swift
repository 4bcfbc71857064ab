/// A container of a pod, as its manifest describes it.
package struct ContainerSpec: Sendable, Hashable {
  /// The object it stands in.
  package var workload: String
  package var name: String
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
  /// The pod's labels.
  package var labels: [String: String] = [:]
  /// Keys of the container and its pod that the fields above don't cover. While there are any, the
  /// container can only be made by whoever understands the whole manifest.
  package var otherKeys: [String] = []

  /// What runs in the container: the manifest's words, else the image's.
  package func argv(imageEntrypoint: [String], imageCommand: [String]) -> [String] {
    if let command { return command + (arguments ?? []) }
    return imageEntrypoint + (arguments ?? imageCommand)
  }
}
