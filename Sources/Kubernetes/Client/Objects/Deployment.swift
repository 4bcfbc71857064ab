package import JSON

/// Replicas of a pod, replaced a few at a time.
package struct Deployment: KubernetesObject {
  package static let resource = ResourceType(
    group: "apps", kind: "Deployment", plural: "deployments")

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
