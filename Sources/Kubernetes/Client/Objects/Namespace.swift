package import JSON

/// A part of a cluster in which names are unique.
package struct Namespace: KubernetesObject {
  package static let resource = ResourceType(
    kind: "Namespace", plural: "namespaces", isNamespaced: false)

  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  package var status: NamespaceStatus {
    get { self[part: "status"] }
    set { self[part: "status"] = newValue }
  }
}

/// Whether a namespace is in use.
package struct NamespaceStatus: JSONFields {
  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  /// `Active` or `Terminating`.
  package var phase: String? {
    get { self[text: "phase"] }
    set { self[text: "phase"] = newValue }
  }
}
