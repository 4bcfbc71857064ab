import Containers
import Foundation
import Kubernetes
import Processes

/// Removes what devbench made in a cluster, and nothing else: what carries its labels.
enum KubernetesLeftovers {
  /// Tells the objects of this user of this machine from those that others made in the same cluster.
  static let hostKey = "io.devbench.host"

  /// A name for this user of this machine that tells nothing about either.
  static let host: String = {
    let machine = (try? String(contentsOfFile: "/etc/machine-id", encoding: .utf8)) ?? ""
    let text = "\(machine)\(ProcessInfo.processInfo.hostName):\(getuid())"
    // FNV-1a, 64 bits.
    let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
    return String(hash, radix: 16)
  }()

  /// How long ended pods may take to be gone.
  private static let patience: Duration = .seconds(30)

  /// Removes the objects with labels, and waits until their pods are gone.
  static func remove(
    labels: String, namespace: String, by client: any KubernetesClient
  ) async throws(KubernetesFailure) {
    // Who may not list a kind has hardly made anything of it.
    let found = try await DeployedObject.list(
      labels: labels, namespace: namespace, by: client, allowedOnly: true)
    try await remove(found.map(\.key), namespace: namespace, by: client)
    try await endPods(labels: labels, namespace: namespace, by: client)
  }

  /// Pods of workloads come to an end by themselves, as slowly as they want to.
  private static func endPods(
    labels: String, namespace: String, by client: any KubernetesClient
  ) async throws(KubernetesFailure) {
    let pods = try await client.list(
      Pod.self, namespace: namespace, ListOptions(labels: labels))
    for pod in pods.items {
      try await DeployedObject.delete(
        DeployedObject.Key(kind: "Pod", name: pod.name), namespace: namespace, by: client,
        DeleteOptions(gracePeriod: 1))
    }
    try await waitUntilGone(labels: labels, namespace: namespace, by: client)
  }

  private static func remove(
    _ keys: [DeployedObject.Key], namespace: String, by client: any KubernetesClient
  ) async throws(KubernetesFailure) {
    // What makes pods goes first, so that none is made anew.
    for key in keys.filter({ $0.kind != "Pod" }).reversed() {
      try await DeployedObject.delete(key, namespace: namespace, by: client)
    }
    for key in keys where key.kind == "Pod" {
      try await DeployedObject.delete(
        key, namespace: namespace, by: client, DeleteOptions(gracePeriod: 1))
    }
  }

  private static func waitUntilGone(
    labels: String, namespace: String, by client: any KubernetesClient
  ) async throws(KubernetesFailure) {
    let watch = Reflector<Pod>(client, namespace: namespace, ListOptions(labels: labels))
    try await watch.start()
    let gone: Bool?
    do throws(CancellationError) {
      gone = try await watch.first(limit: patience) { pods, _ in pods.isEmpty ? true : nil }
    } catch {
      await watch.stop()
      throw KubernetesFailure(.cancelled, "the pods' end isn't waited for any more")
    }
    let left = await watch.objects.keys.sorted()
    await watch.stop()
    guard gone != nil else {
      throw KubernetesFailure(
        .timedOut,
        "still there \(patience.inWords) after their deletion: "
          + left.map { "Pod \($0)" }.joined(separator: ", "))
    }
  }

  /// What a devbench of this user and machine left that doesn't run any more.
  static func find(
    namespace: String, by client: any KubernetesClient
  ) async throws(KubernetesFailure) -> [(key: DeployedObject.Key, metadata: ObjectMeta)] {
    let found = try await DeployedObject.list(
      labels: "\(ContainerLabel.key),\(hostKey)=\(host)", namespace: namespace, by: client,
      allowedOnly: true)
    return found.filter { object in
      guard let label = ContainerLabel(of: object.metadata.labels) else { return false }
      return !label.owner.isAlive
    }
  }

  /// Removes what a devbench of this user and machine left that doesn't run any more, and waits until the pods
  /// are gone.
  ///
  /// - Returns: what was removed.
  static func removeLeftovers(
    namespace: String, by client: any KubernetesClient
  ) async throws(KubernetesFailure) -> [String] {
    let left = try await find(namespace: namespace, by: client)
    try await remove(left.map(\.key), namespace: namespace, by: client)
    for session in Set(left.compactMap { $0.metadata.labels[ContainerLabel.key] }).sorted() {
      let labels = [ContainerLabel.key: session, hostKey: host]
      try await endPods(
        labels: ListOptions.labelled(labels).labels, namespace: namespace, by: client)
    }
    return left.map { "\($0.key)" }
  }
}
