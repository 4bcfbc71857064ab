package import Kubernetes
import Processes
import Synchronization

extension FakeKubernetesClient {
  package func watch<Object: KubernetesObject>(
    _ type: Object.Type, namespace: String, _ options: WatchOptions
  ) async throws(KubernetesFailure) -> AsyncThrowingStream<WatchEvent<Object>, any Error> {
    let action = FakeAction(
      verb: .watch, resource: Object.resource, namespace: namespace, selection: options.selection)
    _ = try await react(to: action)
    let selector = try Selector(options.selection, of: Object.resource)
    let (stream, continuation) = AsyncThrowingStream<WatchEvent<Object>, any Error>.makeStream()
    let watcher = Watcher(
      resource: Object.resource.qualifiedName, namespace: namespace, selector: selector,
      deliver: { continuation.yield($0.typed(as: type)) },
      finish: { continuation.finish(throwing: $0) })
    let isKnown = state.withLock { state -> Bool in
      let since = options.resourceVersion.flatMap { Int($0) } ?? 0
      if since == 0 {
        for fields in state.tracker.list(Object.resource, namespace: namespace, selector) {
          watcher.deliver(.added(fields))
        }
      } else {
        guard let missed = state.tracker.changes(since: since) else { return false }
        for change in missed
        where change.resource == watcher.resource
          && (namespace.isEmpty || change.namespace == namespace)
        {
          if let event = change.event(for: selector) { watcher.deliver(event) }
        }
      }
      state.nextWatcher += 1
      let id = state.nextWatcher
      state.watchers[id] = watcher
      continuation.onTermination = { [weak self] _ in
        self?.state.withLock { $0.watchers[id] = nil }
      }
      return true
    }
    if !isKnown {
      continuation.finish(
        throwing: KubernetesFailure(
          .expired, "too old resource version: \(options.resourceVersion ?? "")"))
    }
    return stream
  }

  /// Has a container print a line, which its followers get.
  ///
  /// - Parameter container: nil for a pod that has only one.
  package func print(
    _ line: String, pod: String, namespace: String, container: String? = nil
  ) {
    state.withLock { state in
      let place = Self.place(pod: pod, namespace: namespace, container: container, state)
      state.lines[place, default: []].append(line)
      for follower in state.followers.values where follower.place == place {
        follower.stream.yield(line)
      }
    }
  }

  /// Ends a container's output, and the streams that follow it.
  package func endOutput(pod: String, namespace: String) {
    let followers = state.withLock { Self.takeOutput(of: pod, namespace: namespace, &$0) }
    for follower in followers { follower.finish() }
  }

  static func takeOutput(
    of pod: String, namespace: String, _ state: inout State
  ) -> [AsyncThrowingStream<String, any Error>.Continuation] {
    let ids = state.followers.filter {
      $0.value.place.pod == pod && $0.value.place.namespace == namespace
    }.map(\.key)
    return ids.compactMap { state.followers.removeValue(forKey: $0)?.stream }
  }

  package func logs(
    pod: String, namespace: String, _ options: LogOptions
  ) async throws(KubernetesFailure) -> AsyncThrowingStream<String, any Error> {
    try Pod.resource.check(name: pod, namespace: namespace, to: "read the output of")
    _ = try await react(
      to: FakeAction(verb: .logs, resource: Pod.resource, namespace: namespace, name: pod))
    let (stream, continuation) = AsyncThrowingStream<String, any Error>.makeStream()
    if let failure = failure(
      pod: pod, namespace: namespace, container: options.container, for: .logs,
      isPrevious: options.isPrevious)
    {
      continuation.finish(throwing: failure)
      return stream
    }
    state.withLock { state in
      let place = Self.place(pod: pod, namespace: namespace, container: options.container, state)
      let lines = state.lines[place] ?? []
      for line in lines.suffix(options.tail ?? lines.count) { continuation.yield(line) }
      guard options.follows else { return }
      state.nextWatcher += 1
      let id = state.nextWatcher
      state.followers[id] = (place, continuation)
      continuation.onTermination = { [weak self] _ in
        self?.state.withLock { _ = $0.followers.removeValue(forKey: id) }
      }
    }
    if !options.follows { continuation.finish() }
    return stream
  }

  package func exec(
    pod: String, namespace: String, container: String, command: [String]
  ) async throws(KubernetesFailure) -> any ExecStream {
    try Pod.resource.check(name: pod, namespace: namespace, to: "run a command in")
    _ = try await react(
      to: FakeAction(
        verb: .exec, resource: Pod.resource, namespace: namespace, name: pod, command: command))
    let run = state.withLock(\.run)
    let missing =
      run == nil
      ? KubernetesFailure(.notRun, "nothing runs in a fake cluster; give it commands by onExec")
      : nil
    return FakeExec(
      pod: pod, namespace: namespace, container: container, command: command,
      failure: failure(pod: pod, namespace: namespace, container: container, for: .exec)
        ?? missing,
      run: run ?? { _ in 0 })
  }

  package func forward(
    pod: String, namespace: String, port: Int, localPort: Int?
  ) async throws(KubernetesFailure) -> any PortForward {
    try Pod.resource.check(name: pod, namespace: namespace, to: "forward a port to")
    _ = try await react(
      to: FakeAction(verb: .forward, resource: Pod.resource, namespace: namespace, name: pod))
    let failure = failure(pod: pod, namespace: namespace, container: nil, for: .forward)
    return state.withLock { state in
      let forward = FakePortForward(
        pod: pod, namespace: namespace, port: port,
        localPort: localPort ?? 40_000 + state.forwards.count, failure: failure)
      state.forwards.append(forward)
      return forward
    }
  }

  /// The only container of a pod needn't be named.
  private static func place(
    pod: String, namespace: String, container: String?, _ state: State
  ) -> Place {
    let found = try? state.tracker.get(Pod.resource, name: pod, namespace: namespace)
    let containers = found.map { Pod(fields: $0).spec.containers } ?? []
    return Place(
      namespace: namespace, pod: pod,
      container: container ?? (containers.count == 1 ? containers[0].name : nil))
  }

  /// Why nothing can be had of a pod, as the server and kubectl say it. A pod without a status runs.
  private func failure(
    pod: String, namespace: String, container: String?, for verb: FakeAction.Verb,
    isPrevious: Bool = false
  ) -> KubernetesFailure? {
    state.withLock { state in
      do throws(KubernetesFailure) {
        let found = Pod(
          fields: try state.tracker.get(Pod.resource, name: pod, namespace: namespace))
        let spec = found.spec
        let names = (spec.initContainers + spec.containers).compactMap(\.name)
        if let container, !names.contains(container) {
          return KubernetesFailure(
            .badRequest, "container \(container) is not valid for pod \(pod)")
        }
        if container == nil, verb == .logs, spec.containers.count > 1 {
          return KubernetesFailure(
            .badRequest,
            "a container name must be specified for pod \(pod), choose one of: \(names)")
        }
        return Self.obstacle(
          to: verb, in: found, container: container ?? spec.containers.first?.name,
          isPrevious: isPrevious)
      } catch {
        return error
      }
    }
  }

  private static func obstacle(
    to verb: FakeAction.Verb, in pod: Pod, container: String?, isPrevious: Bool
  ) -> KubernetesFailure? {
    let statuses = pod.status.initContainerStatuses + pod.status.containerStatuses
    let status = statuses.first { $0.name == container }
    let name = container ?? ""
    let hasEnded = ["Succeeded", "Failed"].contains(pod.status.phase)
    switch verb {
    case .logs where isPrevious && status?.lastState.terminated == nil:
      return KubernetesFailure(
        .badRequest, "previous terminated container \"\(name)\" in pod \"\(pod.name)\" not found")
    case .logs
    where !isPrevious && status?.state.waiting != nil
      && status?.lastState.terminated == nil:
      return KubernetesFailure(
        .badRequest, "container \"\(name)\" in pod \"\(pod.name)\" is waiting to start")
    case .exec where pod.status.phase == "Pending" && pod.spec.nodeName == nil:
      return KubernetesFailure(.badRequest, "pod \(pod.name) does not have a host assigned")
    case .exec where hasEnded:
      return KubernetesFailure(
        .badRequest, "cannot exec into a container in a completed pod")
    case .exec where status?.state.waiting != nil || status?.state.terminated != nil:
      return KubernetesFailure(
        .notFound, "unable to upgrade connection: container not found (\"\(name)\")")
    case .forward where hasEnded:
      return KubernetesFailure(
        .badRequest, "unable to forward port because pod is not running")
    default: return nil
    }
  }
}
