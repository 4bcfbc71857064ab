package import Kubernetes
import Synchronization

extension FakeKubernetesClient: KubernetesClient {
  package func list<Object: KubernetesObject>(
    _ type: Object.Type, namespace: String, _ options: ListOptions
  ) async throws(KubernetesFailure) -> ObjectList<Object> {
    let action = FakeAction(
      verb: .list, resource: Object.resource, namespace: namespace, selection: options)
    if case .list(let objects) = try await react(to: action) {
      return ObjectList(
        items: objects.map { Object(fields: $0.fields) },
        resourceVersion: state.withLock { "\($0.tracker.version)" })
    }
    let selector = try Selector(options, of: Object.resource)
    return state.withLock { state in
      ObjectList(
        items: state.tracker.list(Object.resource, namespace: namespace, selector)
          .map { Object(fields: $0) },
        resourceVersion: "\(state.tracker.version)")
    }
  }

  package func get<Object: KubernetesObject>(
    _ type: Object.Type, name: String, namespace: String
  ) async throws(KubernetesFailure) -> Object {
    try Object.resource.check(name: name, namespace: namespace, to: "get")
    let action = FakeAction(
      verb: .get, resource: Object.resource, namespace: namespace, name: name)
    if case .answer(let object) = try await react(to: action) {
      return Object(fields: object.fields)
    }
    return try change { state throws(KubernetesFailure) in
      Object(
        fields: try state.tracker.get(Object.resource, name: name, namespace: namespace))
    }
  }

  @discardableResult
  package func create<Object: KubernetesObject>(
    _ object: Object
  ) async throws(KubernetesFailure) -> Object {
    try Object.resource.check(namespace: object.namespace, to: "create")
    let action = FakeAction(
      verb: .create, resource: Object.resource, namespace: object.namespace, name: object.name,
      object: object.fields)
    if case .answer(let object) = try await react(to: action) {
      return Object(fields: object.fields)
    }
    return try change { state throws(KubernetesFailure) in
      let (fields, change) = try state.tracker.create(object.fields, Object.resource)
      Self.deliver(change, &state)
      return Object(fields: fields)
    }
  }

  @discardableResult
  package func update<Object: KubernetesObject>(
    _ object: Object
  ) async throws(KubernetesFailure) -> Object {
    try Object.resource.check(name: object.name, namespace: object.namespace, to: "update")
    let action = FakeAction(
      verb: .update, resource: Object.resource, namespace: object.namespace, name: object.name,
      object: object.fields)
    if case .answer(let object) = try await react(to: action) {
      return Object(fields: object.fields)
    }
    return try change { state throws(KubernetesFailure) in
      let (fields, change) = try state.tracker.update(object.fields, Object.resource)
      if let change { Self.deliver(change, &state) }
      return Object(fields: fields)
    }
  }

  @discardableResult
  package func patch<Object: KubernetesObject>(
    _ type: Object.Type, name: String, namespace: String, _ patch: Patch
  ) async throws(KubernetesFailure) -> Object {
    try Object.resource.check(name: name, namespace: namespace, to: "patch")
    let action = FakeAction(
      verb: .patch, resource: Object.resource, namespace: namespace, name: name, patch: patch)
    if case .answer(let object) = try await react(to: action) {
      return Object(fields: object.fields)
    }
    return try change { state throws(KubernetesFailure) in
      let before = try state.tracker.get(Object.resource, name: name, namespace: namespace)
      let after = Object(fields: try patch.applied(to: before))
      guard after.name == name, after.namespace == Object(fields: before).namespace else {
        throw KubernetesFailure(
          .badRequest,
          "the name of the object (\(after.name)) does not match the name on the URL (\(name))")
      }
      let (fields, change) = try state.tracker.update(after.fields, Object.resource)
      if let change { Self.deliver(change, &state) }
      return Object(fields: fields)
    }
  }

  package func delete<Object: KubernetesObject>(
    _ type: Object.Type, name: String, namespace: String, _ options: DeleteOptions
  ) async throws(KubernetesFailure) {
    try Object.resource.check(name: name, namespace: namespace, to: "delete")
    let action = FakeAction(
      verb: .delete, resource: Object.resource, namespace: namespace, name: name)
    if case .done = try await react(to: action) { return }
    let followers = try change { state throws(KubernetesFailure) in
      let change = try state.tracker.delete(
        Object.resource, name: name, namespace: Object.resource.isNamespaced ? namespace : "")
      Self.deliver(change, &state)
      return Object.resource == Pod.resource
        ? Self.takeOutput(of: name, namespace: namespace, &state) : []
    }
    for follower in followers { follower.finish() }
  }

  /// `withLock` passes on what its body throws, but not its type.
  private func change<Value: Sendable>(
    _ body: (inout State) throws(KubernetesFailure) -> Value
  ) throws(KubernetesFailure) -> Value {
    let result = state.withLock { state -> Result<Value, KubernetesFailure> in
      do throws(KubernetesFailure) {
        return .success(try body(&state))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }
}
