package import JSON

/// What its holder renews as long as it is there: a node's, in `kube-node-lease`, every 10 s.
package struct Lease: KubernetesObject {
  package static let resource = ResourceType(
    group: "coordination.k8s.io", kind: "Lease", plural: "leases")

  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  /// By the holder's clock; RFC 3339 with microseconds.
  package var renewTime: String? { fields["spec"]?.object?["renewTime"]?.string }
  /// After it the holder is taken for gone.
  package var durationSeconds: Int? {
    fields["spec"]?.object?["leaseDurationSeconds"]?.integer
  }
}
