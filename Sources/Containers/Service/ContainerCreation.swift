/// What a new container of a pod is made from, so that it runs as what “kube play” would have made.
///
/// Source of the fields: “SpecGenerator” of Podman 4.3's libpod API.
package struct ContainerCreation: Encodable, Sendable, Hashable {
  package var image: String
  package var name: String
  package var pod: String
  package var entrypoint: [String]?
  package var command: [String]?
  package var environment: [String: String]
  package var workingDirectory: String?
  package var labels: [String: String]
  /// `always`, `on-failure` or `no`.
  package var restartPolicy: String
  /// Variables that the engine sets by itself and “kube play” doesn't.
  package var unsetEnvironment: [String]

  /// Writes a file that can be followed as it grows, whatever the engine's default is.
  package static let logDriver = "k8s-file"

  package init(
    image: String, name: String, pod: String, entrypoint: [String]?, command: [String]?,
    environment: [String: String], workingDirectory: String?, labels: [String: String],
    restartPolicy: String, unsetEnvironment: [String] = []
  ) {
    self.image = image
    self.name = name
    self.pod = pod
    self.entrypoint = entrypoint
    self.command = command
    self.environment = environment
    self.workingDirectory = workingDirectory
    self.labels = labels
    self.restartPolicy = restartPolicy
    self.unsetEnvironment = unsetEnvironment
  }

  private enum CodingKeys: String, CodingKey {
    case image, name, pod, entrypoint, command, labels
    case environment = "env"
    case workingDirectory = "work_dir"
    case restartPolicy = "restart_policy"
    case unsetEnvironment = "unsetenv"
    case notifyMode = "sdnotifyMode"
    case resources = "resource_limits"
    case logging = "log_configuration"
  }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(image, forKey: .image)
    try values.encode(name, forKey: .name)
    try values.encode(pod, forKey: .pod)
    try values.encodeIfPresent(entrypoint, forKey: .entrypoint)
    try values.encodeIfPresent(command, forKey: .command)
    try values.encode(environment, forKey: .environment)
    try values.encodeIfPresent(workingDirectory, forKey: .workingDirectory)
    try values.encode(labels, forKey: .labels)
    try values.encode(restartPolicy, forKey: .restartPolicy)
    try values.encode(unsetEnvironment, forKey: .unsetEnvironment)
    // As “kube play” has them: nothing told to systemd, and no limit of processes of its own.
    try values.encode("ignore", forKey: .notifyMode)
    try values.encode(["pids": ["limit": 0]], forKey: .resources)
    try values.encode(["driver": Self.logDriver], forKey: .logging)
  }
}
