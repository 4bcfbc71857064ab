package import JSON

/// What a part of the cluster tells of an object.
package struct Event: KubernetesObject {
  package static let resource = ResourceType(kind: "Event", plural: "events")

  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  /// `Normal` or `Warning`.
  package var type: String? {
    get { self[text: "type"] }
    set { self[text: "type"] = newValue }
  }
  package var reason: String? {
    get { self[text: "reason"] }
    set { self[text: "reason"] = newValue }
  }
  package var message: String? {
    get { self[text: "message"] }
    set { self[text: "message"] = newValue }
  }
  package var count: Int? {
    get { self[integer: "count"] }
    set { self[integer: "count"] = newValue }
  }
  /// RFC 3339.
  package var lastTimestamp: String? {
    get { self[text: "lastTimestamp"] }
    set { self[text: "lastTimestamp"] = newValue }
  }
  package var involvedObject: ObjectReference {
    get { self[part: "involvedObject"] }
    set { self[part: "involvedObject"] = newValue }
  }
}

/// The object that an event is about.
package struct ObjectReference: JSONFields {
  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  package var kind: String? {
    get { self[text: "kind"] }
    set { self[text: "kind"] = newValue }
  }
  package var name: String? {
    get { self[text: "name"] }
    set { self[text: "name"] = newValue }
  }
  package var namespace: String? {
    get { self[text: "namespace"] }
    set { self[text: "namespace"] = newValue }
  }
  package var uid: String? {
    get { self[text: "uid"] }
    set { self[text: "uid"] = newValue }
  }
  /// `spec.containers{app}`.
  package var fieldPath: String? {
    get { self[text: "fieldPath"] }
    set { self[text: "fieldPath"] = newValue }
  }
}
