package import JSON

/// A machine of a cluster.
package struct ClusterNode: KubernetesObject {
  package static let resource = ResourceType(kind: "Node", plural: "nodes", isNamespaced: false)

  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  /// As Go and images name it: `amd64`, `arm64`.
  package var architecture: String? {
    fields["status"]?.object?["nodeInfo"]?.object?["architecture"]?.string
  }
}
