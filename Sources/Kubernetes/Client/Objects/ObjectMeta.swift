package import JSON

/// What every object has.
package struct ObjectMeta: JSONFields {
  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  package var name: String? {
    get { self[text: "name"] }
    set { self[text: "name"] = newValue }
  }
  /// A name's beginning, to which the server adds five characters.
  package var generateName: String? {
    get { self[text: "generateName"] }
    set { self[text: "generateName"] = newValue }
  }
  package var namespace: String? {
    get { self[text: "namespace"] }
    set { self[text: "namespace"] = newValue }
  }
  /// Another one for each object that ever had the name.
  package var uid: String? {
    get { self[text: "uid"] }
    set { self[text: "uid"] = newValue }
  }
  /// Another one after each change. Opaque: only the server compares two of them.
  package var resourceVersion: String? {
    get { self[text: "resourceVersion"] }
    set { self[text: "resourceVersion"] = newValue }
  }
  /// Counts changes of what is wanted, not of the status.
  package var generation: Int? {
    get { self[integer: "generation"] }
    set { self[integer: "generation"] = newValue }
  }
  package var labels: [String: String] {
    get { self[map: "labels"] }
    set { self[map: "labels"] = newValue }
  }
  package var annotations: [String: String] {
    get { self[map: "annotations"] }
    set { self[map: "annotations"] = newValue }
  }
  /// RFC 3339.
  package var creationTimestamp: String? {
    get { self[text: "creationTimestamp"] }
    set { self[text: "creationTimestamp"] = newValue }
  }
  /// Set once the object is being deleted: a terminating pod has one. RFC 3339.
  package var deletionTimestamp: String? {
    get { self[text: "deletionTimestamp"] }
    set { self[text: "deletionTimestamp"] = newValue }
  }
  package var ownerReferences: [OwnerReference] {
    get { self[parts: "ownerReferences"] }
    set { self[parts: "ownerReferences"] = newValue }
  }
}

/// The object that one belongs to: a pod's replica set.
package struct OwnerReference: JSONFields {
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
  package var uid: String? {
    get { self[text: "uid"] }
    set { self[text: "uid"] = newValue }
  }
  package var controller: Bool? {
    get { self[flag: "controller"] }
    set { self[flag: "controller"] = newValue }
  }
}

/// One of the facts in an object's status.
package struct Condition: JSONFields {
  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  package var type: String? {
    get { self[text: "type"] }
    set { self[text: "type"] = newValue }
  }
  /// `True`, `False` or `Unknown`.
  package var status: String? {
    get { self[text: "status"] }
    set { self[text: "status"] = newValue }
  }
  package var reason: String? {
    get { self[text: "reason"] }
    set { self[text: "reason"] = newValue }
  }
  package var message: String? {
    get { self[text: "message"] }
    set { self[text: "message"] = newValue }
  }
}
