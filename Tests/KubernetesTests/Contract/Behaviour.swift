import Kubernetes
import Testing

/// What a client of a cluster does, be it the fake or a real one.
struct Behaviour: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// Uses a namespace that exists and in which nothing is of these tests.
  let check: @Sendable (any KubernetesClient, String) async throws -> Void

  init(
    _ description: String,
    _ check: @escaping @Sendable (any KubernetesClient, String) async throws -> Void
  ) {
    testDescription = description
    self.check = check
  }

  static func settings(
    _ name: String, in namespace: String, labels: [String: String] = [:],
    _ data: [String: String] = [:]
  ) -> ConfigMap {
    var map = ConfigMap(name: name, namespace: namespace, labels: labels)
    map.data = data
    return map
  }

  /// - Returns: the reason for which a call fails; nil if it doesn't.
  static func reason(
    of call: () async throws -> Void
  ) async throws -> KubernetesFailure.Reason? {
    do {
      try await call()
      return nil
    } catch let failure as KubernetesFailure {
      return failure.reason
    }
  }
}
