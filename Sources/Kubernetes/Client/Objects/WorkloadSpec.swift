package import JSON

/// What a deployment, a replica set or a stateful set wants.
package struct WorkloadSpec: JSONFields {
  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  /// 1 if there is none.
  package var replicas: Int? {
    get { self[integer: "replicas"] }
    set { self[integer: "replicas"] = newValue }
  }
  package var selector: LabelSelector {
    get { self[part: "selector"] }
    set { self[part: "selector"] = newValue }
  }
  package var template: PodTemplate {
    get { self[part: "template"] }
    set { self[part: "template"] = newValue }
  }
}

/// The labels by which a workload finds its pods.
package struct LabelSelector: JSONFields {
  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  package var matchLabels: [String: String] {
    get { self[map: "matchLabels"] }
    set { self[map: "matchLabels"] = newValue }
  }
}

/// How far a workload has come.
package struct WorkloadStatus: JSONFields {
  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  /// The generation that the rest of the status is about: an older one than the object’s says
  /// nothing of the last change.
  package var observedGeneration: Int? {
    get { self[integer: "observedGeneration"] }
    set { self[integer: "observedGeneration"] = newValue }
  }
  package var replicas: Int? {
    get { self[integer: "replicas"] }
    set { self[integer: "replicas"] = newValue }
  }
  package var updatedReplicas: Int? {
    get { self[integer: "updatedReplicas"] }
    set { self[integer: "updatedReplicas"] = newValue }
  }
  package var readyReplicas: Int? {
    get { self[integer: "readyReplicas"] }
    set { self[integer: "readyReplicas"] = newValue }
  }
  package var availableReplicas: Int? {
    get { self[integer: "availableReplicas"] }
    set { self[integer: "availableReplicas"] = newValue }
  }
  package var currentRevision: String? {
    get { self[text: "currentRevision"] }
    set { self[text: "currentRevision"] = newValue }
  }
  package var updateRevision: String? {
    get { self[text: "updateRevision"] }
    set { self[text: "updateRevision"] = newValue }
  }
  package var conditions: [Condition] {
    get { self[parts: "conditions"] }
    set { self[parts: "conditions"] = newValue }
  }
}
