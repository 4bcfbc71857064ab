/// What a new container of a pod is made from.
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
  private let logging = Logging()

  /// A file that can be followed as it is written, whatever the engine's default is.
  private struct Logging: Encodable, Hashable {
    let driver = ContainerCreation.logDriver
  }

  package static let logDriver = "k8s-file"

  package init(
    image: String, name: String, pod: String, entrypoint: [String]?, command: [String]?,
    environment: [String: String], workingDirectory: String?, labels: [String: String],
    restartPolicy: String
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
  }

  private enum CodingKeys: String, CodingKey {
    case image, name, pod, entrypoint, command, labels
    case environment = "env"
    case workingDirectory = "work_dir"
    case restartPolicy = "restart_policy"
    case logging = "log_configuration"
  }
}
