import Clock
import Kubernetes
import Processes

/// What a cluster says of a rollout that doesn't come to its end.
struct RolloutWatch: Sendable {
  let client: any KubernetesClient
  let namespace: String

  /// What comes next of a rollout.
  enum Step: Sendable {
    case more([Rollout.Found])
    case over(Rollout.Outcome)
    case refused(PodDiagnosis)
  }

  /// How long the pods of a new object may take to be made before anybody asks why there are none: kubectl's
  /// start-up takes nothing from a rollout that goes well.
  private static let quiet: Duration = .seconds(1)

  /// How long a reason is looked for: whoever waits has waited long.
  private static let patience: Duration = .seconds(10)

  /// The gravest trouble of the objects' new pods.
  ///
  /// - Returns: nil if nothing is wrong, or if the cluster doesn't tell.
  func diagnosis(of objects: [DeployedObject]) async -> PodDiagnosis? {
    let found = OneShot<PodDiagnosis?>()
    let looking = Task {
      var all: [PodDiagnosis] = []
      for object in objects {
        // What may not be read can't say anything.
        guard let revision = try? await PodRevision.read(object.key, namespace, client) else {
          continue
        }
        if let one = try? await PodDiagnosis.read(revision, namespace: namespace, client) {
          all.append(one)
        }
      }
      found.set(PodDiagnosis.gravest(all))
    }
    defer { looking.cancel() }
    return (try? await found.cancellableValue(limit: Self.patience)) ?? nil
  }

  /// Waits until more containers run than are known, or none will.
  ///
  /// - Parameter led: the ids of those that are known.
  /// - Returns: nil if the deadline came first.
  func next(
    of rollout: Rollout, _ watch: Reflector<Pod>, led: Set<String>,
    _ refused: OneShot<PodDiagnosis>, until deadline: MonotonicInstant
  ) async throws(CancellationError) -> Step? {
    do {
      return try await withThrowingTaskGroup(of: Step?.self) { group in
        group.addTask {
          try await watch.first(limit: deadline - .now()) { objects, _ -> Step? in
            let pods = Array(objects.values)
            if let outcome = rollout.outcome(with: pods) { return .over(outcome) }
            let running = rollout.running(in: pods)
            return Set(running.map(\.id)).isSubset(of: led) ? nil : .more(running)
          }
        }
        group.addTask { .refused(try await refused.cancellableValue()) }
        defer { group.cancelAll() }
        return try await group.next() ?? nil
      }
    } catch {
      throw CancellationError()
    }
  }

  /// Has a refusal of what the rollout makes set.
  func ask(whether rollout: Rollout, is refused: OneShot<PodDiagnosis>) -> Task<Void, Never> {
    Task {
      let made = rollout.objects.filter { rollout.made.contains($0.key) }
      if let refusal = await refusal(of: made) { refused.set(refusal) }
    }
  }

  /// Waits until the pods of one of the objects are refused, for a reason that doesn't pass by itself.
  ///
  /// - Parameter objects: made just now: of older ones old pods may hold what the new ones need.
  /// - Returns: nil if there is nothing to wait for, or nothing is told.
  private func refusal(of objects: [DeployedObject]) async -> PodDiagnosis? {
    let objects = objects.filter { $0.key.kind != "Pod" }
    guard !objects.isEmpty else { return nil }
    let events = Reflector<Event>(
      client, namespace: namespace, ListOptions(fields: "reason=FailedCreate"))
    do {
      try await Task.sleep(for: Self.quiet, clock: .suspending)
      // Who may not read events waits until the limit.
      try await events.start()
    } catch {
      return nil
    }
    let refusal = try? await events.first(limit: .seconds(86400)) { events, _ -> PodDiagnosis? in
      for event in events.values.sorted(by: { $0.name < $1.name }) {
        if let object = objects.first(where: { Self.isOf(event, $0.key) }) {
          let refusal = PodDiagnosis.refusal(of: "\(object.key)", event)
          if refusal.isFinalForNew { return refusal }
        }
      }
      return nil
    }
    await events.stop()
    return refusal ?? nil
  }

  /// A deployment's pods are made by a replica set, named after it. The names are the session's alone.
  private static func isOf(_ event: Event, _ key: DeployedObject.Key) -> Bool {
    guard let kind = event.involvedObject.kind, let name = event.involvedObject.name else {
      return false
    }
    return key.kind == "Deployment"
      ? kind == "ReplicaSet" && name.hasPrefix("\(key.name)-")
      : kind == key.kind && name == key.name
  }
}

extension PodRevision {
  /// The newest revision of what was deployed.
  fileprivate static func read(
    _ key: DeployedObject.Key, _ namespace: String, _ client: any KubernetesClient
  ) async throws(KubernetesFailure) -> PodRevision? {
    func get<Object: KubernetesObject>(
      _ type: Object.Type
    ) async throws(KubernetesFailure) -> Object {
      try await client.get(type, name: key.name, namespace: namespace)
    }
    switch key.kind {
    case "Pod": return of(try await get(Pod.self))
    case "StatefulSet": return of(try await get(StatefulSet.self))
    case "Job": return of(try await get(Job.self))
    case "ReplicaSet": return of(try await get(ReplicaSet.self))
    case "Deployment":
      let sets = try await client.list(ReplicaSet.self, namespace: namespace).items
      return of(try await get(Deployment.self), sets)
    default: return nil
    }
  }
}
