extension PodDiagnosis {
  /// Looks at a workload in the cluster for what keeps its new pods from running.
  ///
  /// What may not be read, such as events or output, is left out.
  ///
  /// - Returns: nil if nothing is wrong.
  package static func read(
    _ revision: PodRevision, namespace: String, _ client: any KubernetesClient
  ) async throws(KubernetesFailure) -> PodDiagnosis? {
    let pods = try await client.list(Pod.self, namespace: namespace).items
    let events = try? await client.list(
      Event.self, namespace: namespace, ListOptions(fields: "type=Warning")
    ).items
    return await judge(revision, pods: pods, events: events ?? []).withLog(namespace, client)
  }

  /// As above, of a deployment by name.
  package static func read(
    deployment name: String, namespace: String, _ client: any KubernetesClient
  ) async throws(KubernetesFailure) -> PodDiagnosis? {
    let deployment = try await client.get(Deployment.self, name: name, namespace: namespace)
    let sets = try await client.list(ReplicaSet.self, namespace: namespace).items
    guard let revision = PodRevision.of(deployment, sets) else { return nil }
    return try await read(revision, namespace: namespace, client)
  }
}

extension PodDiagnosis? {
  /// With the last lines of the container that it is about.
  fileprivate func withLog(
    _ namespace: String, _ client: any KubernetesClient
  ) async -> PodDiagnosis? {
    guard var diagnosis = self, let output = diagnosis.output else { return self }
    let options = LogOptions(
      container: output.container, tail: 10, isPrevious: output.isPrevious)
    // Without its lines it is told all the same.
    if let lines = try? await client.logs(
      pod: output.pod, namespace: namespace, options)
    {
      do {
        for try await line in lines { diagnosis.log.append(String(line.prefix(500))) }
      } catch {}
    }
    return diagnosis
  }
}
