package import JSON

/// Asks whether the user may do something; the answer is the status of what `create` returns.
package struct SelfSubjectAccessReview: KubernetesObject {
  package static let resource = ResourceType(
    group: "authorization.k8s.io", kind: "SelfSubjectAccessReview",
    plural: "selfsubjectaccessreviews", isNamespaced: false)

  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  /// - Parameters:
  ///   - resource: with its part, if it is about one: `pods/exec`.
  ///   - namespace: empty for all of them.
  package init(_ verb: String, _ resource: String, group: String = "", namespace: String) {
    let parts = resource.split(separator: "/").map(String.init)
    var attributes: [String: JSONValue] = [
      "verb": .string(verb), "resource": .string(parts[0]), "group": .string(group),
      "namespace": .string(namespace),
    ]
    if parts.count > 1 { attributes["subresource"] = .string(parts[1]) }
    self.init(fields: [
      "apiVersion": .string(Self.resource.apiVersion), "kind": .string(Self.resource.kind),
      "spec": ["resourceAttributes": .object(attributes)],
    ])
  }

  package var attributes: [String: JSONValue] {
    fields["spec"]?.object?["resourceAttributes"]?.object ?? [:]
  }

  package var isAllowed: Bool {
    get { fields["status"]?.object?["allowed"]?.bool ?? false }
    set { fields["status"] = ["allowed": .bool(newValue)] }
  }
}
