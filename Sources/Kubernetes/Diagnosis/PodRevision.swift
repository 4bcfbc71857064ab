/// Which pods are those of a workload's last change: a deployment that rolls out has old ones beside them,
/// whose troubles say nothing of the new.
package struct PodRevision: Sendable, Hashable {
  private enum Match: Sendable, Hashable {
    case owner(uid: String)
    case labels([String: String])
    case name(String)
  }

  /// `Deployment web`.
  package let workload: String
  private let match: Match
  /// The replica set that makes the pods, if one does.
  package let replicaSet: ReplicaSet?
  /// Of the workload.
  let conditions: [Condition]

  private init(
    _ workload: String, _ match: Match, replicaSet: ReplicaSet? = nil,
    conditions: [Condition] = []
  ) {
    self.workload = workload
    self.match = match
    self.replicaSet = replicaSet
    self.conditions = conditions
  }

  /// The revision that a deployment is brought to.
  ///
  /// - Returns: nil as long as the deployment's controller hasn't seen the last change.
  package static func of(_ deployment: Deployment, _ replicaSets: [ReplicaSet]) -> PodRevision? {
    let key = "deployment.kubernetes.io/revision"
    guard (deployment.status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0),
      let uid = deployment.metadata.uid, let revision = deployment.metadata.annotations[key],
      let newest = replicaSets.first(where: { set in
        set.metadata.annotations[key] == revision
          && set.metadata.ownerReferences.contains { $0.uid == uid }
      }), let owner = newest.metadata.uid
    else { return nil }
    return PodRevision(
      "Deployment \(deployment.name)", .owner(uid: owner), replicaSet: newest,
      conditions: deployment.status.conditions)
  }

  /// The revision that a stateful set is brought to.
  ///
  /// - Returns: nil as long as the set's controller hasn't seen the last change.
  package static func of(_ set: StatefulSet) -> PodRevision? {
    guard (set.status.observedGeneration ?? 0) >= (set.metadata.generation ?? 0),
      let hash = set.status.updateRevision
    else { return nil }
    return PodRevision(
      "StatefulSet \(set.name)", .labels(["controller-revision-hash": hash]),
      conditions: set.status.conditions)
  }

  package static func of(_ job: Job) -> PodRevision? {
    job.metadata.uid.map {
      PodRevision("Job \(job.name)", .owner(uid: $0), conditions: job.status.conditions)
    }
  }

  package static func of(_ set: ReplicaSet) -> PodRevision? {
    set.metadata.uid.map {
      PodRevision("ReplicaSet \(set.name)", .owner(uid: $0), replicaSet: set)
    }
  }

  package static func of(_ pod: Pod) -> PodRevision {
    PodRevision("Pod \(pod.name)", pod.metadata.uid.map { .owner(uid: $0) } ?? .name(pod.name))
  }

  /// Those that carry labels which only the last deployment has.
  package static func labelled(_ labels: [String: String], of workload: String) -> PodRevision {
    PodRevision(workload, .labels(labels))
  }

  /// Whether a pod is one of them; one that is being deleted is none any more.
  package func contains(_ pod: Pod) -> Bool {
    guard pod.metadata.deletionTimestamp == nil else { return false }
    return switch match {
    case .owner(let uid):
      pod.metadata.uid == uid || pod.metadata.ownerReferences.contains { $0.uid == uid }
    case .labels(let labels):
      labels.allSatisfy { pod.metadata.labels[$0.key] == $0.value }
    case .name(let name): pod.name == name
    }
  }
}
