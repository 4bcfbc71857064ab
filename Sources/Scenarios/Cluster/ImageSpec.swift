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

  package init(
    name: String, context: String = ".", dockerfile: String = "Dockerfile",
    arguments: [String: String] = [:]
  ) {
    self.name = name
    self.context = context
    self.dockerfile = dockerfile
    self.arguments = arguments
  }
}
