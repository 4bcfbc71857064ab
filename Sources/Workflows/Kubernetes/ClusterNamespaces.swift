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
  func leave(
    _ namespace: String, of context: String, by client: any KubernetesClient
  ) async throws(KubernetesFailure) {
    let place = Place(context: context, namespace: namespace)
    guard var use = uses[place], use.users > 0 else { return }
    use.users -= 1
    uses[place] = use.users == 0 ? nil : use
    guard use.users == 0, use.isOurs else { return }
    try await Self.removeUnused(namespace, by: client)
  }

  /// Deletes a namespace that devbench made, unless another devbench has come to use it.
  static func removeUnused(
    _ namespace: String, by client: any KubernetesClient
  ) async throws(KubernetesFailure) {
    let others = try await DeployedObject.list(
      labels: ContainerLabel.key, namespace: namespace, by: client)
    guard others.isEmpty else { return }
    do throws(KubernetesFailure) {
      try await client.delete(Namespace.self, name: namespace, namespace: "")
    } catch  where error.reason == .notFound {
      return
    }
  }

  /// Whether a devbench of this user and machine made a namespace that is there.
  static func isOurs(
    _ name: String, by client: any KubernetesClient
  ) async throws(KubernetesFailure) -> Bool {
    do throws(KubernetesFailure) {
      let found = try await client.get(Namespace.self, name: name, namespace: "")
      return found.status.phase != "Terminating" && isOurs(found)
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
    for _ in 0..<60 {
      do throws(KubernetesFailure) {
        let found = try await client.get(Namespace.self, name: name, namespace: "")
        if found.status.phase != "Terminating" {
          return isOurs(found)
        }
      } catch {
        // Who may not look at namespaces can use one all the same.
        if error.reason == .forbidden { return false }
        guard error.reason == .notFound else { throw error }
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
      // It is being deleted: nothing can be made in it, and it can't be made anew before it is gone.
      do { try await Task.sleep(for: .seconds(1), clock: .suspending) } catch {
        throw KubernetesFailure(.cancelled, "the namespace isn't wanted any more")
      }
    }
    throw KubernetesFailure(
      .timedOut,
      "the namespace “\(name)” is being deleted, and isn't gone after a minute; "
        + "“kubectl get namespace \(name) -o yaml” says what holds it up")
  }
}
