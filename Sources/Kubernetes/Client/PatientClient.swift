import Clock

/// A client that asks again where a server that has answered before can't be reached, or isn't ready yet: it may
/// be started again. Streams are left to those who follow them.
package final class PatientClient: KubernetesClient {
  private let client: any KubernetesClient
  private let reach: ServerReach
  private let pause: Duration

  /// - Parameter pause: between two attempts.
  package init(
    _ client: any KubernetesClient, _ reach: ServerReach, pause: Duration = .milliseconds(300)
  ) {
    self.client = client
    self.reach = reach
    self.pause = pause
  }

  private static func isOutOfReach(_ failure: KubernetesFailure) -> Bool {
    switch failure.reason {
    // A certificate that isn't trusted won't be either in a while.
    case .unreachable: !failure.message.contains("x509: ")
    case .lost, .serviceUnavailable: true
    default: false
    }
  }

  /// - Parameter request: told whether it may have been done before.
  private func ask<Value>(
    _ request: (_ isRepeated: Bool) async throws(KubernetesFailure) -> Value
  ) async throws(KubernetesFailure) -> Value {
    var isRepeated = false
    while true {
      do throws(KubernetesFailure) {
        let value = try await request(isRepeated)
        reach.answered()
        return value
      } catch {
        guard Self.isOutOfReach(error) else {
          if ![.timedOut, .cancelled, .noClient, .noContext, .notRun].contains(error.reason) {
            reach.answered()
          }
          throw error
        }
        guard reach.isGone() else { throw error }
      }
      isRepeated = true
      do { try await Task.sleep(for: pause, clock: .suspending) } catch {
        throw KubernetesFailure(.cancelled, "the server isn't waited for any more")
      }
    }
  }

  package func list<Object: KubernetesObject>(
    _ type: Object.Type, namespace: String, _ options: ListOptions
  ) async throws(KubernetesFailure) -> ObjectList<Object> {
    try await ask { _ throws(KubernetesFailure) in
      try await client.list(type, namespace: namespace, options)
    }
  }

  package func get<Object: KubernetesObject>(
    _ type: Object.Type, name: String, namespace: String
  ) async throws(KubernetesFailure) -> Object {
    try await ask { _ throws(KubernetesFailure) in
      try await client.get(type, name: name, namespace: namespace)
    }
  }

  @discardableResult
  package func create<Object: KubernetesObject>(
    _ object: Object
  ) async throws(KubernetesFailure) -> Object {
    try await ask { isRepeated throws(KubernetesFailure) in
      do throws(KubernetesFailure) {
        return try await client.create(object)
      } catch  where isRepeated && error.reason == .alreadyExists {
        // Its answer was what got lost.
        return try await client.get(
          Object.self, name: object.name, namespace: object.namespace)
      }
    }
  }

  @discardableResult
  package func update<Object: KubernetesObject>(
    _ object: Object
  ) async throws(KubernetesFailure) -> Object {
    try await ask { _ throws(KubernetesFailure) in try await client.update(object) }
  }

  package func expectUpdate<Object: KubernetesObject>(
    _ type: Object.Type, name: String, namespace: String
  ) async {
    await client.expectUpdate(type, name: name, namespace: namespace)
  }

  @discardableResult
  package func patch<Object: KubernetesObject>(
    _ type: Object.Type, name: String, namespace: String, _ patch: Patch
  ) async throws(KubernetesFailure) -> Object {
    try await ask { _ throws(KubernetesFailure) in
      try await client.patch(type, name: name, namespace: namespace, patch)
    }
  }

  package func delete<Object: KubernetesObject>(
    _ type: Object.Type, name: String, namespace: String, _ options: DeleteOptions
  ) async throws(KubernetesFailure) {
    try await ask { isRepeated throws(KubernetesFailure) in
      do throws(KubernetesFailure) {
        try await client.delete(type, name: name, namespace: namespace, options)
      } catch  where isRepeated && error.reason == .notFound {
        return
      }
    }
  }

  package func watch<Object: KubernetesObject>(
    _ type: Object.Type, namespace: String, _ options: WatchOptions
  ) async throws(KubernetesFailure) -> AsyncThrowingStream<WatchEvent<Object>, any Error> {
    try await client.watch(type, namespace: namespace, options)
  }

  package func logs(
    pod: String, namespace: String, _ options: LogOptions
  ) async throws(KubernetesFailure) -> AsyncThrowingStream<String, any Error> {
    try await client.logs(pod: pod, namespace: namespace, options)
  }

  package func exec(
    pod: String, namespace: String, container: String, command: [String]
  ) async throws(KubernetesFailure) -> any ExecStream {
    try await client.exec(
      pod: pod, namespace: namespace, container: container, command: command)
  }

  package func forward(
    pod: String, namespace: String, port: Int, localPort: Int?
  ) async throws(KubernetesFailure) -> any PortForward {
    try await client.forward(pod: pod, namespace: namespace, port: port, localPort: localPort)
  }
}
