import JSON
import Kubernetes
import KubernetesTesting
import Processes
import Synchronization

/// Has the pods of a fake cluster come to run, and workloads to have pods: what a cluster's controllers and its
/// kubelet do.
final class FakeKubelet: Sendable {
  private let client: FakeKubernetesClient
  private let made = Mutex(0)
  private let running = Mutex<[Task<Void, Never>]>([])

  /// - Parameter state: of a container with an image, once it is looked at.
  init(
    _ client: FakeKubernetesClient, namespace: String,
    state: @escaping @Sendable (_ image: String) -> JSONValue = { _ in ["running": [:]] }
  ) async throws {
    self.client = client
    let pods = try await client.watch(Pod.self, namespace: namespace)
    let deployments = try await client.watch(Deployment.self, namespace: namespace)
    running.withLock { running in
      running.append(
        Task {
          do {
            for try await event in pods {
              guard case .deleted = event else {
                if let pod = event.object { try await self.run(pod, state) }
                continue
              }
            }
          } catch {}
        })
      running.append(
        Task {
          do {
            for try await event in deployments {
              guard case .deleted = event, let object = event.object else {
                if let object = event.object { try await self.roll(out: object) }
                continue
              }
              _ = object
            }
          } catch {}
        })
    }
  }

  deinit { for task in running.withLock({ $0 }) { task.cancel() } }

  private func next() -> Int {
    made.withLock {
      $0 += 1
      return $0
    }
  }

  /// A container whose image changed is made anew.
  private func run(_ pod: Pod, _ state: (String) -> JSONValue) async throws {
    var new = pod
    var changed = false
    new.status.containerStatuses = pod.spec.containers.map { container in
      let image = container.image ?? ""
      if let old = pod.status.containerStatuses.first(where: { $0.name == container.name }),
        old.image == image
      {
        return old
      }
      changed = true
      return ContainerStatus(fields: [
        "name": .string(container.name ?? ""), "image": .string(image),
        "containerID": .string("containerd://\(next())"), "state": state(image),
      ])
    }
    guard changed else { return }
    new.status.phase = "Running"
    new.metadata.resourceVersion = nil
    try await client.update(new)
  }

  /// The old pods go as soon as the new ones are there.
  private func roll(out deployment: Deployment) async throws {
    let prefix = "\(deployment.name)-"
    let image = deployment.spec.template.spec.containers.first?.image
    let pods = try await client.list(Pod.self, namespace: deployment.namespace).items
      .filter { $0.name.hasPrefix(prefix) }
    let current = pods.filter { $0.spec.containers.first?.image == image }
    let replicas = deployment.spec.replicas ?? 1
    for _ in current.count..<max(replicas, current.count) {
      var pod = Pod(
        name: "\(prefix)\(next())", namespace: deployment.namespace,
        labels: deployment.spec.template.metadata.labels)
      pod.spec = deployment.spec.template.spec
      try await client.create(pod)
    }
    let surplus = current.dropFirst(replicas)
    for pod in pods.filter({ $0.spec.containers.first?.image != image }) + surplus {
      try await client.delete(Pod.self, name: pod.name, namespace: pod.namespace)
    }
  }
}
