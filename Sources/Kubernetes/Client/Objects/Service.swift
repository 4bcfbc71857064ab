package import JSON

/// One address for the pods that a selector matches.
package struct Service: KubernetesObject {
  package static let resource = ResourceType(kind: "Service", plural: "services")

  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  package var spec: ServiceSpec {
    get { self[part: "spec"] }
    set { self[part: "spec"] = newValue }
  }
}

/// Where a service leads.
package struct ServiceSpec: JSONFields {
  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  /// `ClusterIP`, `NodePort`, `LoadBalancer` or `ExternalName`.
  package var type: String? {
    get { self[text: "type"] }
    set { self[text: "type"] = newValue }
  }
  package var clusterIP: String? {
    get { self[text: "clusterIP"] }
    set { self[text: "clusterIP"] = newValue }
  }
  package var selector: [String: String] {
    get { self[map: "selector"] }
    set { self[map: "selector"] = newValue }
  }
  package var ports: [ServicePort] {
    get { self[parts: "ports"] }
    set { self[parts: "ports"] = newValue }
  }
}

/// One port of a service.
package struct ServicePort: JSONFields {
  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  package var name: String? {
    get { self[text: "name"] }
    set { self[text: "name"] = newValue }
  }
  package var port: Int? {
    get { self[integer: "port"] }
    set { self[integer: "port"] = newValue }
  }
  package var nodePort: Int? {
    get { self[integer: "nodePort"] }
    set { self[integer: "nodePort"] = newValue }
  }

  /// A number, or the name of a container's port.
  package var targetPort: JSONValue? {
    get { fields["targetPort"] }
    set { fields["targetPort"] = newValue }
  }
}
