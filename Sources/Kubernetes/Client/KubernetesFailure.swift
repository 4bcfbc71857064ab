/// Why a cluster, or the way to it, could not do what it was asked for.
package struct KubernetesFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// The API's own words for why a request failed, as in `Status.reason`, and those of the way to it.
  ///
  /// Source: k8s.io/apimachinery, `pkg/apis/meta/v1/types.go`.
  package enum Reason: String, Sendable, Hashable, CaseIterable {
    case unauthorized = "Unauthorized"
    case forbidden = "Forbidden"
    case notFound = "NotFound"
    case alreadyExists = "AlreadyExists"
    case conflict = "Conflict"
    case gone = "Gone"
    case invalid = "Invalid"
    case serverTimeout = "ServerTimeout"
    case timeout = "Timeout"
    case tooManyRequests = "TooManyRequests"
    case badRequest = "BadRequest"
    case methodNotAllowed = "MethodNotAllowed"
    case notAcceptable = "NotAcceptable"
    case requestEntityTooLarge = "RequestEntityTooLarge"
    case unsupportedMediaType = "UnsupportedMediaType"
    case internalError = "InternalError"
    /// A watch wanted to begin at a version that the server doesn't have any more: list again.
    case expired = "Expired"
    case serviceUnavailable = "ServiceUnavailable"
    /// The server gave a message and no reason.
    case unknown = ""

    case noClient = "devbench: no client"
    case noContext = "devbench: no context"
    case unreachable = "devbench: unreachable"
    /// The stream ended in the middle.
    case lost = "devbench: lost"
    case timedOut = "devbench: timed out"
    case cancelled = "devbench: cancelled"
    case unreadable = "devbench: unreadable"
    case notRun = "devbench: not run"
  }

  package let reason: Reason
  package let message: String

  package init(_ reason: Reason, _ message: String) {
    self.reason = reason
    self.message = message
  }

  package var description: String { nextStep.map { "\(message); \($0)" } ?? message }

  /// What the user can do about it; nil where the message says it, or only the caller knows.
  package var nextStep: String? {
    switch reason {
    case .unauthorized:
      "the context's credentials are missing, wrong or expired: log in again, and try “kubectl auth whoami”"
    case .forbidden where Self.stepAfterRefusal(message) != nil:
      Self.stepAfterRefusal(message)
    case .forbidden where message.contains("admission webhook"): nil
    case .forbidden:
      "ask the cluster's administrator for the permission, or use another context or namespace"
    case .conflict:
      "somebody else changed the object meanwhile: read it again and repeat the change"
    case .expired, .gone:
      "list again and watch from the list's version"
    case .tooManyRequests, .serverTimeout, .serviceUnavailable, .timeout:
      "the API server is overloaded or starting: try again in a while"
    case .internalError:
      "see the events of the object (“kubectl describe”) and the admission webhooks"
    case .requestEntityTooLarge:
      "an object may have about 1.5 MB"
    case .noClient:
      "install it from https://kubernetes.io/docs/tasks/tools/; as root on Debian and Ubuntu: "
        + "apt-get install kubernetes-client"
    case .unreachable where message.contains("x509: "):
      "the server's certificate isn't one that the context trusts, or is for another address: "
        + "get the kubeconfig anew"
    case .unreachable:
      "is the cluster running, and the way to it open (VPN, proxy)? “kubectl cluster-info” tells more"
    case .timedOut:
      "“kubectl cluster-info” tells whether the cluster answers at all"
    case .unreadable:
      "tell devbench's authors, with the output of “kubectl version”"
    case .notFound, .alreadyExists, .invalid, .badRequest, .methodNotAllowed, .notAcceptable,
      .unsupportedMediaType, .unknown, .noContext, .lost, .cancelled, .notRun:
      nil
    }
  }

  /// What can be done where a quota or the namespace's rules for pods refuse an object; nil for other refusals.
  static func stepAfterRefusal(_ message: String) -> String? {
    let steps = [
      "exceeded quota": "“kubectl describe quota” tells who uses it; or use another namespace",
      "violates PodSecurity": "change the manifest as it says, or use another namespace",
      "failed quota": "say in the manifest what the containers request, or use another namespace",
    ]
    return steps.first { message.contains($0.key) }?.value
  }
}
