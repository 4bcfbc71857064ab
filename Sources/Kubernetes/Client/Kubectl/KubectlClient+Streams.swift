import Foundation
import Processes

extension KubectlClient {
  package func watch<Object: KubernetesObject>(
    _ type: Object.Type, namespace: String, _ options: WatchOptions
  ) async throws(KubernetesFailure) -> AsyncThrowingStream<WatchEvent<Object>, any Error> {
    guard let version = options.resourceVersion else {
      return try await listAndWatch(type, namespace: namespace, options)
    }
    var query = [
      ("watch", "1"), ("allowWatchBookmarks", "true"), ("resourceVersion", version),
    ]
    query += Self.query(options.selection)
    return try await KubectlReader.stream(
      ["get", "--raw", uri(Object.resource.path(namespace: namespace), query)], of: kubectl,
      decoder: WatchDecoder<Object>())
  }

  /// What is there, and then what changes. A server can do both in one, but only with an etcd that tells it
  /// how up to date it is.
  private func listAndWatch<Object: KubernetesObject>(
    _ type: Object.Type, namespace: String, _ options: WatchOptions
  ) async throws(KubernetesFailure) -> AsyncThrowingStream<WatchEvent<Object>, any Error> {
    let list = try await list(type, namespace: namespace, options.selection)
    var later = options
    later.resourceVersion = list.resourceVersion
    let changes = try await watch(type, namespace: namespace, later)
    return AsyncThrowingStream { continuation in
      for object in list.items { continuation.yield(.added(object)) }
      let following = Task {
        do {
          for try await event in changes { continuation.yield(event) }
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in following.cancel() }
    }
  }

  package func logs(
    pod: String, namespace: String, _ options: LogOptions
  ) async throws(KubernetesFailure) -> AsyncThrowingStream<String, any Error> {
    try Pod.resource.check(name: pod, namespace: namespace, to: "read the output of")
    var query: [(String, String)] = []
    if let container = options.container { query.append(("container", container)) }
    if options.follows { query.append(("follow", "true")) }
    if let tail = options.tail { query.append(("tailLines", "\(tail)")) }
    if let seconds = options.sinceSeconds { query.append(("sinceSeconds", "\(seconds)")) }
    if let time = options.sinceTime { query.append(("sinceTime", time)) }
    if options.isPrevious { query.append(("previous", "true")) }
    if options.hasTimestamps { query.append(("timestamps", "true")) }
    let path = Pod.resource.path(name: pod, namespace: namespace) + "/log"
    return try await KubectlReader.stream(
      ["get", "--raw", uri(path, query)], of: kubectl, decoder: LineDecoder())
  }

  /// The command line of a command in a container, for who talks to it over pipes of their own.
  ///
  /// Its environment is `Kubectl.environment`.
  package func execCommand(
    pod: String, namespace: String, container: String, command: [String]
  ) -> [String] {
    kubectl.command(
      ["exec", "--namespace", namespace, "--container", container, "--stdin", "pod/\(pod)", "--"]
        + command)
  }

  package func exec(
    pod: String, namespace: String, container: String, command: [String]
  ) async throws(KubernetesFailure) -> any ExecStream {
    try Pod.resource.check(name: pod, namespace: namespace, to: "run a command in")
    let arguments =
      ["exec", "--namespace", namespace, "--container", container, "--stdin", "pod/\(pod)", "--"]
      + command
    return KubectlExec(kubectl, try await kubectl.start(arguments, keepsErrors: true))
  }

  /// Whether a pod waits for its node or its containers.
  private func isToRun(_ pod: String, namespace: String) async throws(KubernetesFailure) -> Bool {
    let status = try await get(Pod.self, name: pod, namespace: namespace).status
    return status.phase == "Pending"
      || status.phase == "Running" && status.containerStatuses.contains { $0.state.running == nil }
  }

  /// Where `kubectl proxy` finds a pod's port forwarding. It adds nothing of the server's own path.
  package func portForwardPath(
    pod: String, namespace: String
  ) async throws(KubernetesFailure) -> String {
    try await server.facts().path + Pod.resource.path(name: pod, namespace: namespace)
      + "/portforward"
  }

  package func forward(
    pod: String, namespace: String, port: Int, localPort: Int?
  ) async throws(KubernetesFailure) -> any PortForward {
    try Pod.resource.check(name: pod, namespace: namespace, to: "forward a port to")
    let local: Int
    do throws(ProcessFailure) {
      local = if let localPort { localPort } else { try LoopbackPort.free() }
    } catch {
      throw KubernetesFailure(.notRun, "\(error)")
    }
    if let proxy {
      do throws(KubernetesFailure) {
        let path = try await portForwardPath(pod: pod, namespace: namespace)
        let address = { @Sendable () async throws(KubernetesFailure) in
          PodTunnelAddress(socket: try await proxy.running(), path: path, port: port)
        }
        let hasForwarded = await proxy.hasForwarded
        do throws(KubernetesFailure) {
          let relay = try await PodRelay.open(
            localPort: local, isPatient: hasForwarded, address: address)
          await proxy.forwarded()
          return relay
        } catch {
          guard PodRelay.isNotYet(error), try await isToRun(pod, namespace: namespace) else {
            throw error
          }
          return try await PodRelay.open(localPort: local, isPatient: true, address: address)
        }
      } catch {
        // Not everything before an API server passes this on; and kubectl says best what is wrong.
      }
    }
    return KubectlForward(kubectl, pod: pod, namespace: namespace, port: port, localPort: local)
  }
}
