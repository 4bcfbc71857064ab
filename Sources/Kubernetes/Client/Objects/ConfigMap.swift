package import JSON

/// Settings of an app.
package struct ConfigMap: KubernetesObject {
  package static let resource = ResourceType(kind: "ConfigMap", plural: "configmaps")

  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  package var data: [String: String] {
    get { self[map: "data"] }
    set { self[map: "data"] = newValue }
  }
}
