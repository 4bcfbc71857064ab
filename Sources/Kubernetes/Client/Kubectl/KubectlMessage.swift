import Foundation
import Processes

/// What kubectl says when it fails.
///
/// Source: k8s.io/kubectl, `pkg/cmd/util/helpers.go` (`StandardErrorMessage`, `checkErr`), of 1.20 to 1.34.
enum KubectlMessage {
  /// - Parameter lines: the end of the standard error.
  static func failure(_ lines: [String], exit: ProcessExit) -> KubernetesFailure {
    let lines = lines.filter { !isNoise($0) }
    let start = lines.lastIndex { line in beginnings.contains { line.hasPrefix($0) } }
    let said = (start.map { lines[$0...] } ?? lines.suffix(5)[...]).joined(separator: "\n")
      .trimmingCharacters(in: .whitespacesAndNewlines)
    if said.isEmpty {
      if case .signalled = exit { return KubernetesFailure(.lost, "kubectl \(exit)") }
      return KubernetesFailure(.unknown, "kubectl \(exit) and said nothing")
    }
    return failure(said)
  }

  private static let beginnings = [
    "Error from server", "error: ", "Unable to connect to the server",
    "The connection to the server",
    "Error in configuration", "The request is invalid", "Please enter Username",
  ]

  /// Warnings, and what kubectl logs: `E0101 12:00:00.000000   1 memcache.go:265] …`.
  private static func isNoise(_ line: String) -> Bool {
    if line.hasPrefix("Warning: ") || line.hasPrefix("WARNING: ") { return true }
    guard let first = line.first, "IWEF".contains(first), line.contains("] ") else { return false }
    let digits = line.dropFirst().prefix(4)
    return digits.count == 4 && digits.allSatisfy(\.isNumber) && line.dropFirst(5).first == " "
  }

  private static func failure(_ said: String) -> KubernetesFailure {
    if let (reason, message) = fromServer(said) { return KubernetesFailure(reason, message) }
    // The ConfigMap "x" is invalid: metadata.name: Required value …
    if said.hasPrefix("The "), said.contains(" is invalid") {
      return KubernetesFailure(.invalid, said)
    }
    let text = said.hasPrefix("error: ") ? String(said.dropFirst("error: ".count)) : said
    for (reason, parts) in wordings where parts.contains(where: { text.contains($0) }) {
      return KubernetesFailure(reason, text)
    }
    return KubernetesFailure(.unknown, text)
  }

  /// `Error from server (Reason): message`; the reason is missing where the server gave none.
  private static func fromServer(_ said: String) -> (KubernetesFailure.Reason, String)? {
    let start = "Error from server"
    guard said.hasPrefix(start) else { return nil }
    var rest = said.dropFirst(start.count)
    var reason = KubernetesFailure.Reason.unknown
    if rest.hasPrefix(" ("), let end = rest.firstIndex(of: ")") {
      reason = KubernetesFailure.Reason(rawValue: String(rest.dropFirst(2)[..<end])) ?? .unknown
      rest = rest[rest.index(after: end)...]
    }
    let message = rest.drop { $0 == ":" || $0 == " " }
    if reason == .unknown, message.hasPrefix("etcdserver: ") { reason = .serviceUnavailable }
    return (reason, String(message))
  }

  /// In order: an exec plug-in that can't reach its issuer fails to log in.
  private static let wordings: [(KubernetesFailure.Reason, [String])] = [
    (
      .unauthorized,
      [
        "You must be logged in to the server", "getting credentials: ", "Please enter Username",
        "the server has asked for the client to provide credentials",
        "unable to upgrade connection: Unauthorized", "no Auth Provider found",
      ]
    ),
    (.forbidden, ["unable to upgrade connection: Forbidden"]),
    (
      .badRequest,
      [
        "does not have a host assigned", "cannot exec into a container in a completed pod",
        "is not valid for pod",
      ]
    ),
    (
      .noContext,
      [
        "context was not found for specified context", "cannot locate context",
        "no configuration has been provided", "error loading config file",
        "no server found for cluster", "cluster has no server defined",
      ]
    ),
    // Of a pod that has ended; one that hasn't begun yet may still run.
    (
      .badRequest,
      [
        "cannot exec into a container in a completed pod", "Current status=Succeeded",
        "Current status=Failed",
      ]
    ),
    (
      .notRun,
      ["unable to listen on", "unknown flag: ", "error executing command in container: "]
    ),
    (.notFound, ["container not found (", "doesn't have a resource type"]),
    (
      .lost,
      [
        "lost connection to pod", "unexpected EOF", "connection lost", "connection reset by peer",
        "broken pipe", "stream error", "use of closed network connection",
        "error reading from error stream", "websocket: close", "timeout sending",
      ]
    ),
    (
      .unreachable,
      [
        "Unable to connect to the server", "The connection to the server", "dial tcp", "x509: ",
        "no such host", "i/o timeout", "TLS handshake timeout", "EOF", "proxyconnect",
        "server gave HTTP response to HTTPS client",
      ]
    ),
  ]

  /// kubectl's word for a missing context, which in all releases is apart from other faults of the file.
  static func isMissingContext(_ failure: KubernetesFailure, _ context: String) -> Bool {
    failure.message == "context \"\(context)\" does not exist"
      || failure.message.contains("context was not found for specified context")
      || failure.message.contains("cannot locate context")
  }

  /// The file that names the clusters is missing.
  static func isMissingFile(_ failure: KubernetesFailure) -> Bool {
    failure.message.hasPrefix("stat ") && failure.message.contains("no such file")
  }
}
