/// Why manifests can't be deployed.
package enum ManifestFault: Error, Sendable, Hashable, CustomStringConvertible {
  case noManifests(patterns: [String])
  case unreadable(file: String, reason: String)
  /// `line` counts from 1; nil if the parser gave none.
  case syntax(file: String, line: Int?, problem: String)
  case notAnObject(file: String, document: Int)
  /// None of the pods runs the image that is built.
  case imageNotUsed(image: String, used: [String])
  case noSuchContainer(name: String, containers: [String])
  case noPort(container: String)
  /// `owner` asks for an amount of a resource that can't be read.
  case notAQuantity(file: String, owner: String, text: String)

  package var description: String {
    switch self {
    case .noManifests(let patterns):
      "no file matches \(patterns.joined(separator: ", ")); name the app's Kubernetes manifests "
        + "under “manifests”"
    case .unreadable(let file, let reason):
      "\(file) can't be read: \(reason)"
    case .syntax(let file, let line, let problem):
      "\(file)\(line.map { ":\($0)" } ?? ""): \(problem)"
    case .notAnObject(let file, let document):
      "\(file), document \(document), isn't a Kubernetes object; it needs apiVersion and kind"
    case .imageNotUsed(let image, let used):
      "no pod of the manifests runs the image “\(image)”; "
        + (used.isEmpty
          ? "there is no pod in them"
          : "they run \(used.map { "“\($0)”" }.joined(separator: ", ")); write the same name under "
            + "“image”")
    case .noSuchContainer(let name, let containers):
      "no container “\(name)” runs the image; there is "
        + containers.map { "“\($0)”" }.joined(separator: ", ")
    case .notAQuantity(let file, let owner, let text):
      "\(file): \(owner) asks for “\(text)”, which is no amount of a resource; write it like 500m or 128Mi"
    case .noPort(let container):
      "the container “\(container)” declares no port; add its containerPort to the manifest, or "
        + "“port” to the probe"
    }
  }
}
