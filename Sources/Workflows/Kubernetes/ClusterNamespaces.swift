import Containers
import Kubernetes
import Processes

/// The namespaces that sessions of this process use: one that isn't there is made, and goes with the last
/// session that uses it. One that devbench didn't make is left as it is.
actor ClusterNamespaces {
  static let shared = ClusterNamespaces()

  private struct Place: Hashable {
    let context: String
    let namespace: String
  }

  private struct Use {
    var users = 0
    var isOurs = false
    var preparing: Task<Result<Bool, KubernetesFailure>, Never>?
  }

  private var uses: [Place: Use] = [:]

  /// - Parameter prepare: run once for all users, before the first goes on.
  func take(
    _ namespace: String, of context: String, by client: any KubernetesClient,
    prepare: @escaping @Sendable () async throws(KubernetesFailure) -> Void
  ) async throws(KubernetesFailure) {
    let place = Place(context: context, namespace: namespace)
    uses[place, default: Use()].users += 1
    let task =
      uses[place]?.preparing
      ?? Task {
        do throws(KubernetesFailure) {
          let isOurs = try await Self.make(namespace, by: client)
          try await prepare()
          return .success(isOurs)
        } catch {
          return .failure(error)
        }
      }
    uses[place]?.preparing = task
    switch await task.value {
    case .success(let isOurs): uses[place]?.isOurs = isOurs
    case .failure(let failure):
      uses[place]?.users -= 1
      uses[place]?.preparing = nil
      throw failure
    }
  }

  /// Deletes the namespace if devbench made it and nobody uses it any more.
  ///
  /// - Parameter waits: until it is gone, which takes the cluster some seconds.
  func leave(
    _ namespace: String, of context: String, by client: any KubernetesClient, waits: Bool = false
  ) async throws(KubernetesFailure) {
    let place = Place(context: context, namespace: namespace)
    guard var use = uses[place], use.users > 0 else { return }
    use.users -= 1
    uses[place] = use.users == 0 ? nil : use
    guard use.users == 0, use.isOurs else { return }
    if try await Self.removeUnused(namespace, by: client), waits {
      try await Self.awaitEnd(of: namespace, by: client)
    }
  }

  /// Deletes a namespace that devbench made, unless somebody has come to use it: another devbench, or whoever put
  /// something into it that would go as well.
  ///
  /// - Returns: whether it is being deleted.
  @discardableResult
  static func removeUnused(
    _ namespace: String, by client: any KubernetesClient
  ) async throws(KubernetesFailure) -> Bool {
    guard try await !isUsed(namespace, by: client) else { return false }
    do throws(KubernetesFailure) {
      try await client.delete(Namespace.self, name: namespace, namespace: "")
      return true
    } catch  where error.reason == .notFound {
      return false
    }
  }

  /// Waits until a namespace that is being deleted is gone: nothing can be made in it, and it can't be made anew
  /// before.
  private static func awaitEnd(
    of name: String, by client: any KubernetesClient
  ) async throws(KubernetesFailure) {
    let watch = Reflector<Namespace>(client, namespace: "", .named(name))
    try await watch.start()
    let isGone: Bool?
    do throws(CancellationError) {
      isGone = try await watch.first(limit: .seconds(60)) { found, _ -> Bool? in
        found.isEmpty ? true : nil
      }
    } catch {
      await watch.stop()
      throw KubernetesFailure(.cancelled, "the namespace isn't wanted any more")
    }
    await watch.stop()
    guard isGone == nil else { return }
    throw KubernetesFailure(
      .timedOut,
      "the namespace “\(name)” is being deleted, and isn't gone after a minute; "
        + "“kubectl get namespace \(name) -o yaml” says what holds it up")
  }

  /// - Parameter leftovers: what goes before.
  private static func isUsed(
    _ namespace: String, apartFrom leftovers: Set<DeployedObject.Key> = [],
    by client: any KubernetesClient
  ) async throws(KubernetesFailure) -> Bool {
    let all = try await DeployedObject.list(labels: "", namespace: namespace, by: client)
    return all.contains { key, metadata in
      if leftovers.contains(key) { return false }
      // What is going already needs no namespace; a pod may be one that is about to be made anew.
      if metadata.deletionTimestamp != nil, key.kind != "Pod" { return false }
      if metadata.labels[ContainerLabel.key] != nil { return true }
      return metadata.ownerReferences.isEmpty && !isClusters(key, metadata)
    }
  }

  /// Whether an object is one of those that a cluster's controllers put into each namespace.
  private static func isClusters(_ key: DeployedObject.Key, _ metadata: ObjectMeta) -> Bool {
    switch key.kind {
    // Of Kubernetes, OpenShift and Istio.
    case "ConfigMap":
      ["kube-root-ca.crt", "openshift-service-ca.crt", "istio-ca-root-cert"].contains(key.name)
    // Tokens, and OpenShift's logins to its registry.
    case "Secret": metadata.annotations["kubernetes.io/service-account.name"] != nil
    default: false
    }
  }

  /// Whether a devbench of this user and machine made a namespace that is there, and nobody uses it.
  ///
  /// - Parameter leftovers: what goes before.
  static func mayGo(
    _ name: String, apartFrom leftovers: Set<DeployedObject.Key>, by client: any KubernetesClient
  ) async throws(KubernetesFailure) -> Bool {
    do throws(KubernetesFailure) {
      let found = try await client.get(Namespace.self, name: name, namespace: "")
      guard found.status.phase != "Terminating", isOurs(found) else { return false }
      return try await !isUsed(name, apartFrom: leftovers, by: client)
    } catch  where [.notFound, .forbidden].contains(error.reason) {
      return false
    }
  }

  private static func isOurs(_ namespace: Namespace) -> Bool {
    namespace.metadata.labels[ContainerLabel.key] == "namespace"
      && namespace.metadata.labels[KubernetesLeftovers.hostKey] == KubernetesLeftovers.host
  }

  /// - Returns: whether devbench made it, now or before.
  private static func make(
    _ name: String, by client: any KubernetesClient
  ) async throws(KubernetesFailure) -> Bool {
    while true {
      do throws(KubernetesFailure) {
        let found = try await client.get(Namespace.self, name: name, namespace: "")
        if found.status.phase != "Terminating" { return isOurs(found) }
        try await awaitEnd(of: name, by: client)
      } catch {
        // Who may not look at namespaces can use one all the same.
        if error.reason == .forbidden { return false }
        guard error.reason == .notFound else { throw error }
      }
      var new = Namespace(name: name)
      new.metadata.labels = [
        ContainerLabel.key: "namespace", KubernetesLeftovers.hostKey: KubernetesLeftovers.host,
      ]
      do throws(KubernetesFailure) {
        try await client.create(new)
        return true
      } catch  where error.reason == .alreadyExists {
        continue
      }
    }
  }
}
