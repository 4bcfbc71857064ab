package import JSON

/// Pods that run to their ends.
package struct Job: KubernetesObject {
  package static let resource = ResourceType(group: "batch", kind: "Job", plural: "jobs")

  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  package var spec: JobSpec {
    get { self[part: "spec"] }
    set { self[part: "spec"] = newValue }
  }
  package var status: JobStatus {
    get { self[part: "status"] }
    set { self[part: "status"] = newValue }
  }
}

/// What a job is to run.
package struct JobSpec: JSONFields {
  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  package var template: PodTemplate {
    get { self[part: "template"] }
    set { self[part: "template"] = newValue }
  }
  /// How often it may fail; 6 if there is none.
  package var backoffLimit: Int? {
    get { self[integer: "backoffLimit"] }
    set { self[integer: "backoffLimit"] = newValue }
  }
}

/// How far a job has come.
package struct JobStatus: JSONFields {
  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  package var active: Int? {
    get { self[integer: "active"] }
    set { self[integer: "active"] = newValue }
  }
  package var succeeded: Int? {
    get { self[integer: "succeeded"] }
    set { self[integer: "succeeded"] = newValue }
  }
  package var failed: Int? {
    get { self[integer: "failed"] }
    set { self[integer: "failed"] = newValue }
  }
  package var conditions: [Condition] {
    get { self[parts: "conditions"] }
    set { self[parts: "conditions"] = newValue }
  }
}
