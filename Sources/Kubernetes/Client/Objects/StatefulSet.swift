package import JSON

/// Replicas of a pod that keep their names.
package struct StatefulSet: KubernetesObject {
  package static let resource = ResourceType(
    group: "apps", kind: "StatefulSet", plural: "statefulsets")

  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  package var spec: WorkloadSpec {
    get { self[part: "spec"] }
    set { self[part: "spec"] = newValue }
  }
  package var status: WorkloadStatus {
    get { self[part: "status"] }
    set { self[part: "status"] = newValue }
  }
}
