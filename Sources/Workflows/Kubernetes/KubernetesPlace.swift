import Clock
import Kubernetes
import Processes

/// A namespace of a cluster that kubectl knows.
struct KubernetesPlace: ClusterPlace {
  let client: KubectlClient
  let namespace: String
  let watch: Reflector<Pod>
  let delivery: ImageDelivery

  func command(_ arguments: [String], in container: AppContainer) -> [String] {
    client.execCommand(
      pod: container.pod, namespace: namespace, container: container.name, command: arguments)
  }

  var environment: [String: String] { Kubectl.environment }

  func isInReach() async -> Bool {
    do throws(KubernetesFailure) {
      _ = try await client.list(Pod.self, namespace: namespace, .named("devbench"))
      return true
    } catch {
      return ![.unreachable, .timedOut, .lost].contains(error.reason)
    }
  }

  /// How long a server that is gone is waited for.
  private static let patience: Duration = .seconds(30)

  func waitUntilInReach() async {
    let deadline = MonotonicInstant.now() + Self.patience
    while await !isInReach(), MonotonicInstant.now() < deadline {
      do { try await Task.sleep(for: .milliseconds(300), clock: .suspending) } catch { return }
    }
  }

  var replacesContainers: Bool { true }

  /// After each change of a pod kubelet takes the next one in only once it has looked at all containers anew,
  /// which it does every second. A container's start is such a change, and a readiness probe's first success
  /// another, which waits for a look of its own: after the last news of a pod two looks have to pass.
  ///
  /// Source: kubernetes, `pkg/kubelet/pod_workers.go` (`GetNewerThan`) and `pkg/kubelet/kubelet.go`
  /// (`genericPlegRelistPeriod`, `syncLoopIteration`).
  private static let restPeriod: Duration = .milliseconds(2200)

  /// Pods of which there is always news are not waited for longer.
  private static let mostRest: Duration = .seconds(5)

  func waitUntilSettled() async throws {
    let deadline = MonotonicInstant.now() + Self.mostRest
    while true {
      let now = MonotonicInstant.now()
      let settled = await watch.changedAt + Self.restPeriod
      guard now < settled, now < deadline else { return }
      try await Task.sleep(for: min(settled, deadline) - now, clock: .suspending)
    }
  }

  func condition(
    of container: AppContainer
  ) async throws(WorkflowFailure) -> ContainerCondition? {
    guard let status = await watch.objects[container.pod]?.status(of: container.name),
      status.containerID == container.id
    else { return nil }
    return ContainerCondition(
      isRunning: status.state.running != nil, pid: 0,
      exitCode: Int32(status.state.terminated?.exitCode ?? 0))
  }

  func exitWatch(of id: String, pid: Int32) -> ExitWatch {
    ExitWatch { [watch] in
      _ = try await watch.first(limit: .seconds(30 * 86400)) { pods, _ -> Bool? in
        let runs = pods.values.contains { pod in
          pod.status.containerStatuses.contains {
            $0.containerID == id && $0.state.running != nil
          }
        }
        return runs ? nil : true
      }
    }
  }

  func killFirstProcess(of container: AppContainer) async throws -> MonotonicInstant {
    throw FaultImpossible("a container's first process can be killed on its node alone")
  }

  func delete(pod: String) async throws -> MonotonicInstant {
    let at = MonotonicInstant.now()
    try await client.delete(Pod.self, name: pod, namespace: namespace)
    return at
  }

  func run(
    _ command: [String], in container: AppContainer, limit: Duration
  ) async throws(WorkflowFailure) -> CommandOutput {
    do throws(KubernetesFailure) {
      let stream = try await client.exec(
        pod: container.pod, namespace: namespace, container: container.name, command: command)
      await stream.finishInput()
      let late = Task {
        try await Task.sleep(for: limit, clock: .suspending)
        await stream.close()
      }
      defer { late.cancel() }
      async let output = Self.text(of: stream.output)
      async let errors = Self.text(of: stream.errors)
      let status = try await stream.exit()
      return CommandOutput(
        status: status, stdout: await output,
        errorLines: await errors.split(whereSeparator: \.isNewline).suffix(20).map(String.init))
    } catch {
      throw .kubernetes(error)
    }
  }

  private static func text(of stream: Handover<[UInt8]>) async -> String {
    var bytes: [UInt8] = []
    while let chunk = try? await stream.next() {
      // What a version or a command says fits into this; the rest is read and let go.
      if bytes.count < 1 << 20 { bytes += chunk }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// kubectl's own copying needs tar in the image, and whoever has that has a shell.
  var copies: Bool { false }

  func unpack(archive: [UInt8], in container: AppContainer) async throws {
    throw KubernetesFailure(.methodNotAllowed, "a cluster copies no files into a container")
  }

  func copy(_ path: String, of container: AppContainer, to file: String) async throws -> Bool {
    throw KubernetesFailure(.methodNotAllowed, "a cluster copies no files out of a container")
  }

  func followOutput(
    of container: AppContainer, onLine: @escaping @Sendable (String, _ isPrompt: Bool) -> Void
  ) async throws {
    let lines = try await client.logs(
      pod: container.pod, namespace: namespace,
      LogOptions(container: container.name, follows: true))
    for try await line in lines { onLine(line, true) }
  }

  func publish(_ image: AppImage) async throws(WorkflowFailure) -> PublishingTimes? {
    do throws(WorkflowFailure) {
      try await delivery.deliver(image)
    } catch {
      // Where the way there is interrupted, the registry has no part in it.
      guard !Task.isCancelled, await !isInReach() else { throw error }
      await waitUntilInReach()
      try await delivery.deliver(image)
    }
    return PublishingTimes(pushed: .now(), pulled: nil)
  }

  func facts() async -> [String: String] {
    do throws(KubernetesFailure) {
      return ["cluster": "Kubernetes \(try await client.serverVersion())"]
    } catch {
      return ["cluster": "Kubernetes, version unknown"]
    }
  }
}

extension Pod {
  func status(of container: String) -> ContainerStatus? {
    status.containerStatuses.first { $0.name == container }
  }
}
