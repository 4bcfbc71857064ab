import Kubernetes
import Measurement
import Scenarios

/// Single objects of a deployment, and the way to the pods that they make.
extension KubernetesDeployment {
  /// Makes an object, or brings the one that is there up to it.
  ///
  /// - Returns: how.
  func bring(
    _ object: DeployedObject
  ) async throws(KubernetesFailure) -> ClusterSpec.DeployStrategy {
    guard let old = deployed[object.key] else {
      // One that somebody has deleted has its name until it has ended.
      if object.key.kind == "Pod" { try await awaitEnd(of: object.key) }
      try await object.create(by: client)
      return .replace
    }
    switch object.key.kind {
    case "Pod":
      if spec.deploy == .inPlace, object.differsOnlyInImages(from: old),
        var pod = await watch.objects[object.key.name]
      {
        // Only images may change of a pod that runs; all else has to be as the server has it.
        pod.metadata.resourceVersion = nil
        pod.spec.containers = pod.spec.containers.map { container in
          var container = container
          if let image = container.name.flatMap({ object.images[$0] }) { container.image = image }
          return container
        }
        try await client.update(pod)
        return .inPlace
      }
      try await replace(object)
    case "Job":
      try await replace(object)
    default:
      do throws(KubernetesFailure) {
        try await object.update(by: client)
      } catch  where error.reason == .invalid {
        // A field can't be changed.
        try await replace(object)
      }
    }
    return .replace
  }

  private func replace(_ object: DeployedObject) async throws(KubernetesFailure) {
    try await DeployedObject.delete(object.key, namespace: namespace, by: client)
    try await awaitEnd(of: object.key)
    try await object.create(by: client)
  }

  /// Waits until a pod, or the pods of a workload, are gone.
  private func awaitEnd(of key: DeployedObject.Key) async throws(KubernetesFailure) {
    let name = key.name
    let isPod = key.kind == "Pod"
    let gone: Bool?
    do throws(CancellationError) {
      gone = try await watch.first(limit: settings.limit) { pods, _ -> Bool? in
        let left = pods.values.contains { isPod ? $0.name == name : $0.name.hasPrefix("\(name)-") }
        return left ? nil : true
      }
    } catch {
      throw KubernetesFailure(.cancelled, "the deployment isn't wanted any more")
    }
    guard gone != nil else {
      throw KubernetesFailure(
        .timedOut, "\(key) was still there \(settings.limit.inWords) after its deletion")
    }
  }

  /// Has this machine's ports lead to the pods that run the app: the replicas of the first container's
  /// workload, as others that have the image need not answer requests.
  ///
  /// - Parameter keepsOthers: more may come, and ports that aren't needed yet stay where they are.
  func lead(
    to targets: [AppContainer], keepsOthers: Bool
  ) async throws(WorkflowFailure) {
    guard let first = targets.first else { throw .noContainer(image: spec.image.name) }
    guard let port = settings.containerPort ?? first.spec.ports.first else {
      throw .manifest(.noPort(container: first.name))
    }
    let known = await watch.objects
    let pods = targets.filter { $0.spec.key == first.spec.key }.map {
      PodPorts.Target(pod: $0.pod, uid: known[$0.pod]?.metadata.uid ?? "")
    }
    let ports = ports ?? PodPorts(client, namespace: namespace, port: port)
    self.ports = ports
    let count = keepsOthers ? max(pods.count, await ports.count) : pods.count
    // A port that is closed resets connections that the app never saw.
    entered(.portForward)
    await ports.lead(to: pods, from: try localPorts(count), keepsOthers: keepsOthers)
    entered(await ports.tellsRefusals ? .relay : .portForward)
  }

  /// Whether as many containers are to run the image as there are.
  func verify(_ image: AppImage) async throws(WorkflowFailure) {
    let reference = reference(image)
    let images: [String]
    do throws(KubernetesFailure) {
      images = try await listImages(client, namespace: namespace)
    } catch {
      throw .kubernetes(error)
    }
    let count = images.count { $0 == reference }
    guard count >= targets.count else {
      throw .rollout(
        "\(count) containers have the image \(reference) that was just built, not \(targets.count): "
          + "something in the cluster changes images, or takes the deployment back")
    }
  }
}
