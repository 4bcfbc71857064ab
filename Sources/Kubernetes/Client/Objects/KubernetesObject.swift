import JSON

/// An object that the API server keeps.
package protocol KubernetesObject: JSONFields {
  static var resource: ResourceType { get }
}

extension KubernetesObject {
  /// An object with a name, and nothing else yet.
  package init(name: String, namespace: String = "", labels: [String: String] = [:]) {
    self.init(fields: [
      "apiVersion": .string(Self.resource.apiVersion), "kind": .string(Self.resource.kind),
    ])
    metadata.name = name
    if !namespace.isEmpty { metadata.namespace = namespace }
    metadata.labels = labels
  }

  package var metadata: ObjectMeta {
    get { self[part: "metadata"] }
    set { self[part: "metadata"] = newValue }
  }

  package var name: String { metadata.name ?? "" }
  /// Empty for what lies in no namespace.
  package var namespace: String { metadata.namespace ?? "" }
}
