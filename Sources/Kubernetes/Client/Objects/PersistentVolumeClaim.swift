package import JSON

/// Storage that outlives pods.
package struct PersistentVolumeClaim: KubernetesObject {
  package static let resource = ResourceType(
    kind: "PersistentVolumeClaim", plural: "persistentvolumeclaims")

  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  package var status: PersistentVolumeClaimStatus {
    get { self[part: "status"] }
    set { self[part: "status"] = newValue }
  }
}

/// Whether there is storage for a claim.
package struct PersistentVolumeClaimStatus: JSONFields {
  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  /// `Pending`, `Bound` or `Lost`.
  package var phase: String? {
    get { self[text: "phase"] }
    set { self[text: "phase"] = newValue }
  }
}
