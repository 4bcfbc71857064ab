package import JSON

/// Containers that run together on one node.
package struct Pod: KubernetesObject {
  package static let resource = ResourceType(kind: "Pod", plural: "pods")

  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  package var spec: PodSpec {
    get { self[part: "spec"] }
    set { self[part: "spec"] = newValue }
  }
  package var status: PodStatus {
    get { self[part: "status"] }
    set { self[part: "status"] = newValue }
  }
}

/// What a pod is to run.
package struct PodSpec: JSONFields {
  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  package var containers: [Container] {
    get { self[parts: "containers"] }
    set { self[parts: "containers"] = newValue }
  }
  /// Run to their ends, one after another, before the others; with the restart policy
  /// `Always` they run beside them.
  package var initContainers: [Container] {
    get { self[parts: "initContainers"] }
    set { self[parts: "initContainers"] = newValue }
  }
  package var nodeName: String? {
    get { self[text: "nodeName"] }
    set { self[text: "nodeName"] = newValue }
  }
  /// `Always`, `OnFailure` or `Never`.
  package var restartPolicy: String? {
    get { self[text: "restartPolicy"] }
    set { self[text: "restartPolicy"] = newValue }
  }
  package var terminationGracePeriodSeconds: Int? {
    get { self[integer: "terminationGracePeriodSeconds"] }
    set { self[integer: "terminationGracePeriodSeconds"] = newValue }
  }
}

/// The pods that a workload makes.
package struct PodTemplate: JSONFields {
  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  package var metadata: ObjectMeta {
    get { self[part: "metadata"] }
    set { self[part: "metadata"] = newValue }
  }
  package var spec: PodSpec {
    get { self[part: "spec"] }
    set { self[part: "spec"] = newValue }
  }
}
