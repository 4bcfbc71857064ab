/// A port of this machine's loopback interface that leads to a port of a pod, kept up until it is closed.
package protocol PortForward: Sendable {
  /// The same one, however often the way has to be opened again.
  var localPort: Int { get }

  /// How often the way was lost and opened again, so far: what failed then is no fault of the app.
  var losses: Int { get async }

  /// Whether a connection is reset if, and only if, nothing listens at the pod's port.
  var tellsRefusals: Bool { get }

  /// Waits until connections are taken.
  ///
  /// - Throws: why they can't be, if trying again is of no use: the pod is gone, say.
  func ready() async throws(KubernetesFailure)

  func close() async
}
