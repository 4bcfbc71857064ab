import Foundation
import Synchronization

/// What paths of requests begin with, asked of kubectl once.
///
/// A proxy such as Rancher's has a cluster's API below a path of its own. `kubectl --raw` leaves that path
/// out before 1.34 (kubernetes/kubernetes#131165).
final class KubectlServer: Sendable {
  private struct View: Decodable {
    struct Cluster: Decodable {
      struct Server: Decodable { let server: String? }
      let cluster: Server?
    }
    struct Context: Decodable {
      struct Settings: Decodable { let namespace: String? }
      let context: Settings?
    }
    let clusters: [Cluster]?
    let contexts: [Context]?
  }

  private struct Version: Decodable {
    struct Client: Decodable { let gitVersion: String }
    let clientVersion: Client
  }

  struct Facts: Sendable, Hashable {
    /// The server's own path: empty, or without a slash at its end.
    let path: String
    /// As much of it as `kubectl --raw` leaves out.
    let prefix: String
    /// The context's own; nil if it names none.
    let namespace: String?
  }

  private let kubectl: Kubectl
  private let known = Mutex<Facts?>(nil)

  init(_ kubectl: Kubectl) {
    self.kubectl = kubectl
  }

  func facts() async throws(KubernetesFailure) -> Facts {
    if let known = known.withLock({ $0 }) { return known }
    let view: View = try decoded(
      await kubectl.run(["config", "view", "--minify", "-o", "json"], limit: .seconds(30)))
    var path = Substring(URL(string: view.clusters?.first?.cluster?.server ?? "")?.path ?? "")
    while path.hasSuffix("/") { path.removeLast() }
    var prefix = path
    if !path.isEmpty {
      let version: Version = try decoded(
        await kubectl.run(["version", "--client", "-o", "json"], limit: .seconds(30)))
      if Self.prependsPath(version.clientVersion.gitVersion) { prefix = "" }
    }
    let facts = Facts(
      path: String(path), prefix: String(prefix),
      namespace: view.contexts?.first?.context?.namespace)
    known.withLock { $0 = facts }
    return facts
  }

  /// - Parameter version: `v1.32.4-dispatcher`.
  static func prependsPath(_ version: String) -> Bool {
    let numbers = version.drop { !$0.isNumber }.split(separator: ".").prefix(2)
      .map { Int($0.prefix { $0.isNumber }) ?? 0 }
    guard numbers.count == 2 else { return true }
    return (numbers[0], numbers[1]) >= (1, 34)
  }

  private func decoded<Value: Decodable>(
    _ bytes: [UInt8]
  ) throws(KubernetesFailure) -> Value {
    do {
      return try JSONDecoder().decode(Value.self, from: Data(bytes))
    } catch {
      throw KubernetesFailure(.unreadable, "kubectl's answer isn't the wanted JSON: \(error)")
    }
  }
}
