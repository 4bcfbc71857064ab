package import JSON

/// An object of the manifests, as it is to lie in the cluster.
package struct DeployedObject: Sendable, Hashable {
  /// Which object it is.
  package struct Key: Sendable, Hashable, CustomStringConvertible {
    package let kind: String
    package let name: String

    package init(kind: String, name: String) {
      self.kind = kind
      self.name = name
    }

    package var description: String { "\(kind) \(name)" }
  }

  /// What can be deployed, in the order in which it is: what others refer to comes first.
  package static let types: [any KubernetesObject.Type] = [
    ConfigMap.self, Secret.self, PersistentVolumeClaim.self, Service.self, Pod.self,
    ReplicaSet.self, Deployment.self, StatefulSet.self, Job.self,
  ]

  package static let kinds = Set(types.map { $0.resource.kind })

  package let key: Key
  package var fields: [String: JSONValue]
  let type: any KubernetesObject.Type

  init?(_ fields: [String: JSONValue]) {
    guard let kind = fields["kind"]?.string,
      let name = fields["metadata"]?.object?["name"]?.string,
      let type = Self.types.first(where: { $0.resource.kind == kind })
    else { return nil }
    self.fields = fields
    self.type = type
    key = Key(kind: kind, name: name)
  }

  package static func == (one: Self, other: Self) -> Bool { one.fields == other.fields }
  package func hash(into hasher: inout Hasher) { hasher.combine(fields) }

  /// Where its pods' metadata and spec stand; nil if it has none.
  static func podPath(of kind: String) -> [String]? {
    switch kind {
    case "Pod": []
    case "Deployment", "StatefulSet", "ReplicaSet", "Job": ["spec", "template"]
    default: nil
    }
  }

  /// How many pods it is to have; nil if it has none.
  package var replicas: Int? {
    switch key.kind {
    case "Pod": 1
    case "Job": fields["spec"]?.object?["parallelism"]?.integer ?? 1
    case "Deployment", "StatefulSet", "ReplicaSet":
      fields["spec"]?.object?["replicas"]?.integer ?? 1
    default: nil
    }
  }

  /// The images of its pods' containers, by the containers' names.
  package var images: [String: String] {
    guard let path = Self.podPath(of: key.kind),
      let spec = JSONValue.object(fields).at(path + ["spec"])
    else { return [:] }
    let containers = ["initContainers", "containers"].flatMap { spec.at([$0])?.array ?? [] }
    return Dictionary(
      containers.compactMap { container in
        guard let name = container.at(["name"])?.string, let image = container.at(["image"])?.string
        else { return nil }
        return (name, image)
      }, uniquingKeysWith: { first, _ in first })
  }

  /// Whether the pods that it makes are those that another one makes: how many there are to be is another matter.
  package func makesPods(as other: DeployedObject) -> Bool {
    guard let path = Self.podPath(of: key.kind), !path.isEmpty else { return false }
    return JSONValue.object(fields).at(path) == JSONValue.object(other.fields).at(path)
  }

  /// Whether nothing but images of containers differs, init containers left out.
  package func differsOnlyInImages(from other: DeployedObject) -> Bool {
    func bare(_ object: DeployedObject) -> JSONValue {
      var value = JSONValue.object(object.fields)
      guard let path = Self.podPath(of: object.key.kind) else { return value }
      value.update(path + ["spec", "containers"]) { containers in
        containers = .array((containers.array ?? []).map { $0.without("image") })
      }
      return value
    }
    return bare(self) == bare(other)
  }
}

/// What is done with objects of any kind.
extension DeployedObject {
  package func create(by client: any KubernetesClient) async throws(KubernetesFailure) {
    let type: any KubernetesObject.Type = type
    try await Self.createObject(of: type, fields, by: client)
  }

  private static func createObject<Object: KubernetesObject>(
    of type: Object.Type, _ fields: [String: JSONValue], by client: any KubernetesClient
  ) async throws(KubernetesFailure) {
    try await client.create(Object(fields: fields))
  }

  /// Replaces the one that is there.
  package func update(by client: any KubernetesClient) async throws(KubernetesFailure) {
    let type: any KubernetesObject.Type = type
    try await Self.updateObject(of: type, fields, by: client)
  }

  private static func updateObject<Object: KubernetesObject>(
    of type: Object.Type, _ fields: [String: JSONValue], by client: any KubernetesClient
  ) async throws(KubernetesFailure) {
    try await client.update(Object(fields: fields))
  }

  /// One that isn't there is as good as deleted.
  package static func delete(
    _ key: Key, namespace: String, by client: any KubernetesClient,
    _ options: DeleteOptions = DeleteOptions()
  ) async throws(KubernetesFailure) {
    guard let type = types.first(where: { $0.resource.kind == key.kind }) else { return }
    do throws(KubernetesFailure) {
      try await deleteObject(of: type, key.name, namespace: namespace, by: client, options)
    } catch  where error.reason == .notFound {
      return
    }
  }

  private static func deleteObject<Object: KubernetesObject>(
    of type: Object.Type, _ name: String, namespace: String, by client: any KubernetesClient,
    _ options: DeleteOptions
  ) async throws(KubernetesFailure) {
    try await client.delete(type, name: name, namespace: namespace, options)
  }

  /// The objects of all these kinds that carry labels.
  ///
  /// - Parameter allowedOnly: kinds that the user may not list, as Secrets often, are passed over.
  package static func list(
    labels: String, namespace: String, by client: any KubernetesClient, allowedOnly: Bool = false
  ) async throws(KubernetesFailure) -> [(key: Key, metadata: ObjectMeta)] {
    var found: [(Key, ObjectMeta)] = []
    for type in types {
      do throws(KubernetesFailure) {
        found += try await objects(of: type, labels: labels, namespace: namespace, by: client)
      } catch  where allowedOnly && error.reason == .forbidden {
        continue
      }
    }
    return found
  }

  private static func objects<Object: KubernetesObject>(
    of type: Object.Type, labels: String, namespace: String, by client: any KubernetesClient
  ) async throws(KubernetesFailure) -> [(Key, ObjectMeta)] {
    try await client.list(type, namespace: namespace, ListOptions(labels: labels)).items.map {
      (Key(kind: Object.resource.kind, name: $0.name), $0.metadata)
    }
  }
}
