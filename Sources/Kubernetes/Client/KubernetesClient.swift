/// What devbench asks of a cluster.
///
/// Every call throws a `KubernetesFailure`, `cancelled` if the task is. Streams throw one too, and
/// `CancellationError`.
package protocol KubernetesClient: Sendable {
  /// - Parameter namespace: empty for all of them.
  func list<Object: KubernetesObject>(
    _ type: Object.Type, namespace: String, _ options: ListOptions
  ) async throws(KubernetesFailure) -> ObjectList<Object>

  func get<Object: KubernetesObject>(
    _ type: Object.Type, name: String, namespace: String
  ) async throws(KubernetesFailure) -> Object

  /// Makes an object in the namespace that its metadata names.
  ///
  /// - Returns: the object as the server keeps it.
  /// - Throws: `alreadyExists`, and what admission says.
  @discardableResult
  func create<Object: KubernetesObject>(
    _ object: Object
  ) async throws(KubernetesFailure) -> Object

  /// Replaces an object as a whole.
  ///
  /// - Throws: `conflict` if the object has a version and the server another one; `notFound`.
  @discardableResult
  func update<Object: KubernetesObject>(
    _ object: Object
  ) async throws(KubernetesFailure) -> Object

  /// Makes ready for an update of an object that comes soon; to update it without this is as well.
  func expectUpdate<Object: KubernetesObject>(
    _ type: Object.Type, name: String, namespace: String
  ) async

  @discardableResult
  func patch<Object: KubernetesObject>(
    _ type: Object.Type, name: String, namespace: String, _ patch: Patch
  ) async throws(KubernetesFailure) -> Object

  /// Asks for an object's deletion. A pod is there until its containers have ended.
  func delete<Object: KubernetesObject>(
    _ type: Object.Type, name: String, namespace: String, _ options: DeleteOptions
  ) async throws(KubernetesFailure)

  /// Follows changes.
  ///
  /// The server ends each watch after some minutes: the stream then ends without an error, and a
  /// watch from the last event's version goes on without a gap. One that fails with `expired` has to
  /// begin with a list.
  ///
  /// - Parameter namespace: empty for all of them.
  func watch<Object: KubernetesObject>(
    _ type: Object.Type, namespace: String, _ options: WatchOptions
  ) async throws(KubernetesFailure) -> AsyncThrowingStream<WatchEvent<Object>, any Error>

  /// The lines that a container prints. The stream ends with the container, or at once if it
  /// doesn't follow.
  func logs(
    pod: String, namespace: String, _ options: LogOptions
  ) async throws(KubernetesFailure) -> AsyncThrowingStream<String, any Error>

  /// Runs a command in a container, without a terminal.
  func exec(
    pod: String, namespace: String, container: String, command: [String]
  ) async throws(KubernetesFailure) -> any ExecStream

  /// - Parameter localPort: nil for one that is free.
  func forward(
    pod: String, namespace: String, port: Int, localPort: Int?
  ) async throws(KubernetesFailure) -> any PortForward
}

extension KubernetesClient {
  package func expectUpdate<Object: KubernetesObject>(
    _ type: Object.Type, name: String, namespace: String
  ) async {}

  package func list<Object: KubernetesObject>(
    _ type: Object.Type, namespace: String
  ) async throws(KubernetesFailure) -> ObjectList<Object> {
    try await list(type, namespace: namespace, .all)
  }

  package func delete<Object: KubernetesObject>(
    _ type: Object.Type, name: String, namespace: String
  ) async throws(KubernetesFailure) {
    try await delete(type, name: name, namespace: namespace, DeleteOptions())
  }

  package func watch<Object: KubernetesObject>(
    _ type: Object.Type, namespace: String
  ) async throws(KubernetesFailure) -> AsyncThrowingStream<WatchEvent<Object>, any Error> {
    try await watch(type, namespace: namespace, WatchOptions())
  }

  package func logs(
    pod: String, namespace: String
  ) async throws(KubernetesFailure) -> AsyncThrowingStream<String, any Error> {
    try await logs(pod: pod, namespace: namespace, LogOptions())
  }

  package func forward(
    pod: String, namespace: String, port: Int
  ) async throws(KubernetesFailure) -> any PortForward {
    try await forward(pod: pod, namespace: namespace, port: port, localPort: nil)
  }
}
