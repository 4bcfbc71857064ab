import Foundation

/// How the API server calls a kind of object, and where it keeps them.
package struct ResourceType: Sendable, Hashable {
  /// Empty for the core group.
  package let group: String
  package let version: String
  package let kind: String
  /// In lower case, as it stands in paths: `pods`.
  package let plural: String
  package let isNamespaced: Bool

  package init(
    group: String = "", version: String = "v1", kind: String, plural: String,
    isNamespaced: Bool = true
  ) {
    self.group = group
    self.version = version
    self.kind = kind
    self.plural = plural
    self.isNamespaced = isNamespaced
  }

  package var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

  /// As the server's messages and kubectl's arguments have it: `deployments.apps`.
  package var qualifiedName: String { group.isEmpty ? plural : "\(plural).\(group)" }

  /// The path of all objects; of those of one namespace unless it is empty.
  package func path(namespace: String) -> String {
    let root = group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)"
    return isNamespaced && !namespace.isEmpty
      ? "\(root)/namespaces/\(Self.escaped(namespace))/\(plural)" : "\(root)/\(plural)"
  }

  /// The path of one object.
  package func path(name: String, namespace: String) -> String {
    "\(path(namespace: namespace))/\(Self.escaped(name))"
  }

  /// Refuses what has no path: an empty name would be the path of all objects.
  package func check(
    name: String? = nil, namespace: String, to verb: String
  ) throws(KubernetesFailure) {
    if let name, name.isEmpty {
      throw KubernetesFailure(.invalid, "to \(verb) one of \(qualifiedName) takes its name")
    }
    guard !isNamespaced || !namespace.isEmpty else {
      throw KubernetesFailure(
        .invalid, "to \(verb) \(name.map { "\(kind) “\($0)”" } ?? "a \(kind)") takes its namespace")
    }
  }

  private static func escaped(_ part: String) -> String {
    part.addingPercentEncoding(
      withAllowedCharacters: .alphanumerics.intersection(.ascii).union(.init(charactersIn: "-._~")))
      ?? part
  }
}

extension CharacterSet {
  fileprivate static let ascii = CharacterSet(charactersIn: Unicode.Scalar(0)...Unicode.Scalar(127))
}
