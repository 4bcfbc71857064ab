package import Kubernetes
import Synchronization

/// A port that is said to lead to a pod; a test listens there itself.
package final class FakePortForward: PortForward {
  package let pod: String
  package let namespace: String
  package let port: Int
  package let localPort: Int
  private let failure: KubernetesFailure?
  private let state = Mutex((losses: 0, isClosed: false))

  init(
    pod: String, namespace: String, port: Int, localPort: Int, failure: KubernetesFailure?
  ) {
    self.pod = pod
    self.namespace = namespace
    self.port = port
    self.localPort = localPort
    self.failure = failure
  }

  package var tellsRefusals: Bool { false }
  package var losses: Int { state.withLock(\.losses) }
  package var isClosed: Bool { state.withLock(\.isClosed) }

  /// The way is lost, and opened again.
  package func lose() { state.withLock { $0.losses += 1 } }

  package func ready() async throws(KubernetesFailure) {
    if let failure { throw failure }
  }

  package func close() async { state.withLock { $0.isClosed = true } }
}
