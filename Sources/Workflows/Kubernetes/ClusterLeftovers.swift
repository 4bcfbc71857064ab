import Containers
package import Kubernetes
package import Processes

/// What devbenches that were killed left in one place of a cluster.
package struct ClusterLeftovers: Sendable {
  package let target: KubernetesTarget
  /// Where the place is recorded, by those that are gone.
  package let sessions: [String]
  /// Whether a session that lives uses the place too: what is its own stays.
  package let isUsed: Bool
  /// What is left; empty before `look`.
  package private(set) var objects: [String] = []
  /// Whether devbench made the namespace, and nobody uses it any more.
  package private(set) var isNamespaceOurs = false

  private let records: ClusterRecords
  private let client: any KubernetesClient

  /// How long a cluster may take for one answer.
  private static let limit: Duration = .seconds(10)

  init(
    _ target: KubernetesTarget, sessions: [String], isUsed: Bool, records: ClusterRecords,
    client: any KubernetesClient
  ) {
    self.target = target
    self.sessions = sessions
    self.isUsed = isUsed
    self.records = records
    self.client = client
  }

  /// The places where a devbench that is gone has made something.
  package static func recorded(
    in state: StateDirectory,
    client: (KubernetesTarget) -> any KubernetesClient = {
      KubectlClient(Kubectl(context: $0.context), limit: limit)
    }
  ) -> [ClusterLeftovers] {
    let records = ClusterRecords(in: state)
    let places = Dictionary(grouping: records.all()) { $0.value.target }
    let left = places.compactMap { target, found -> ClusterLeftovers? in
      let gone = found.filter { !$0.value.isAlive }.map(\.key).sorted()
      guard !gone.isEmpty else { return nil }
      return ClusterLeftovers(
        target, sessions: gone, isUsed: gone.count < found.count, records: records,
        client: client(target))
    }
    return left.sorted { "\($0)" < "\($1)" }
  }

  private var namespace: String { target.namespace ?? "" }

  /// Where the place is recorded; for whoever knows that the cluster is gone for good.
  package var files: [String] { sessions.map { records.path(of: $0) } }

  /// Looks at the cluster.
  package mutating func look() async throws(KubernetesFailure) {
    let found = try await KubernetesLeftovers.find(namespace: namespace, by: client).map(\.key)
    objects = found.map { "\($0)" }
    isNamespaceOurs =
      isUsed
      ? false
      : try await ClusterNamespaces.mayGo(namespace, apartFrom: Set(found), by: client)
  }

  /// Removes what is left, and forgets the place.
  package func remove() async throws(KubernetesFailure) {
    _ = try await KubernetesLeftovers.removeLeftovers(namespace: namespace, by: client)
    if isNamespaceOurs { try await ClusterNamespaces.removeUnused(namespace, by: client) }
    for session in sessions { records.forget(session: session) }
  }
}

extension ClusterLeftovers: CustomStringConvertible {
  package var description: String {
    let place = "namespace \(namespace) of context \(target.context ?? "")"
    let all = objects + (isNamespaceOurs ? ["the namespace itself"] : [])
    return all.isEmpty
      ? "record of \(place): nothing is left there"
      : "in \(place): \(all.joined(separator: ", "))"
  }
}
