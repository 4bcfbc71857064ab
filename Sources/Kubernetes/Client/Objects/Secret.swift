package import JSON

/// What is to be kept secret; a description has only the names of it.
package struct Secret: KubernetesObject {
  package static let resource = ResourceType(kind: "Secret", plural: "secrets")

  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  package var type: String? {
    get { self[text: "type"] }
    set { self[text: "type"] = newValue }
  }
  /// In base64.
  package var data: [String: String] {
    get { self[map: "data"] }
    set { self[map: "data"] = newValue }
  }
}

extension Secret: CustomStringConvertible, CustomReflectable {
  package var description: String { "Secret \(namespace)/\(name) (\(data.keys.sorted()))" }

  package var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
