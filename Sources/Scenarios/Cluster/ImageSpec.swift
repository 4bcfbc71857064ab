/// The app's image and how it is built.
package struct ImageSpec: Sendable, Hashable {
  /// As the manifests name it, without tag and digest.
  package var name: String
  /// The build's directory, relative to the app's source; `.` is the source itself.
  package var context: String
  /// Relative to the context, and inside it.
  package var dockerfile: String
  /// Build arguments by name.
  package var arguments: [String: String]
  /// How it reaches the nodes of a Kubernetes; nil where the name and the context tell.
  package var load: Load?

  /// The raw value is the word in scenario files.
  package enum Load: String, Sendable, Hashable, CaseIterable {
    /// Into the nodes of the tool's cluster, by the tool.
    case kind, minikube, k3d
    /// Pushed by this machine, pulled by the nodes.
    case registry
  }

  package init(
    name: String, context: String = ".", dockerfile: String = "Dockerfile",
    arguments: [String: String] = [:], load: Load? = nil
  ) {
    self.name = name
    self.context = context
    self.dockerfile = dockerfile
    self.arguments = arguments
    self.load = load
  }
}
