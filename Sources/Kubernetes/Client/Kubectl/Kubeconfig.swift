package import Foundation
import JSON

/// What a kubeconfig says of one context, with its credentials: nothing of it may be printed or kept, but in a
/// file that its user alone can read.
package struct Kubeconfig: Sendable, CustomStringConvertible {
  private var content: JSONValue

  /// - Parameter json: as `kubectl config view --raw --minify --flatten -o json` prints it.
  /// - Throws: `unreadable`; nothing of the text is in the message.
  package init(json: [UInt8]) throws(KubernetesFailure) {
    guard let content = try? JSONDecoder().decode(JSONValue.self, from: Data(json)),
      content.object != nil
    else { throw KubernetesFailure(.unreadable, "kubectl's view of the context isn't JSON") }
    self.content = content
  }

  package var description: String { "a kubeconfig" }

  package func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(content)
  }

  private var context: String { content.at(["current-context"])?.string ?? "" }

  private func cluster() throws(KubernetesFailure) -> [String: JSONValue] {
    guard let cluster = content.at(["clusters"])?.array?.first?.at(["cluster"])?.object else {
      throw KubernetesFailure(.noContext, "the context “\(context)” names no cluster that is there")
    }
    return cluster
  }

  // MARK: The server

  /// Where the context's API server is.
  package struct Server: Sendable, Hashable {
    /// A name or a numeric address, without brackets.
    package var host: String
    package var port: Int
    package var isSecure: Bool
    /// Empty, or beginning with a slash: a proxy such as Rancher's has the API below one.
    package var path: String

    package init(host: String, port: Int, isSecure: Bool = true, path: String = "") {
      self.host = host
      self.port = port
      self.isSecure = isSecure
      self.path = path
    }
  }

  /// - Throws: `noContext` if the context's cluster has no server that can be read.
  package func server() throws(KubernetesFailure) -> Server {
    let cluster = try cluster()
    guard var text = cluster["server"]?.string, !text.isEmpty else {
      throw KubernetesFailure(.noContext, "the cluster of the context “\(context)” has no server")
    }
    // As client-go has it (rest.DefaultServerURL, IsConfigTransportTLS): what there are certificates for is TLS.
    if !text.contains("://") { text = (hasCertificates(cluster) ? "https://" : "http://") + text }
    guard let url = URLComponents(string: text), let scheme = url.scheme?.lowercased(),
      ["http", "https"].contains(scheme), let host = url.host, !host.isEmpty
    else {
      throw KubernetesFailure(
        .noContext, "the server of the context “\(context)” isn't an http or https URL")
    }
    var path = Substring(url.percentEncodedPath)
    while path.hasSuffix("/") { path.removeLast() }
    return Server(
      host: host.trimmingCharacters(in: CharacterSet(charactersIn: "[]")),
      port: url.port ?? (scheme == "https" ? 443 : 80), isSecure: scheme == "https",
      path: String(path))
  }

  private func hasCertificates(_ cluster: [String: JSONValue]) -> Bool {
    let user = user ?? [:]
    let texts = [
      cluster["certificate-authority"], cluster["certificate-authority-data"],
      user["client-certificate"], user["client-certificate-data"],
    ]
    return cluster["insecure-skip-tls-verify"]?.bool == true
      || texts.contains { $0?.string?.isEmpty == false }
  }

  /// The same context with its server at a port of this machine's that leads there. The certificate is still
  /// looked at for the name that the server had.
  ///
  /// - Throws: `notRun` for a context whose server is reached through a proxy: nothing else leads there.
  package func redirected(toPort port: Int) throws(KubernetesFailure) -> Kubeconfig {
    let server = try server()
    var cluster = try cluster()
    // The proxy's URL may have a password.
    guard cluster["proxy-url"]?.string?.isEmpty ?? true else {
      throw KubernetesFailure(
        .notRun,
        "the context “\(context)” reaches its API server through a proxy (“proxy-url” in the kubeconfig), "
          + "and no link can be put before that; remove “link” from the workflow, or use a context "
          + "without a proxy")
    }
    cluster["server"] = .string(
      "\(server.isSecure ? "https" : "http")://127.0.0.1:\(port)\(server.path)")
    if server.isSecure, cluster["tls-server-name"]?.string?.isEmpty ?? true {
      cluster["tls-server-name"] = .string(server.host)
    }
    var redirected = self
    redirected.content.updateItems(["clusters"]) { $0.set(["cluster"], .object(cluster)) }
    return redirected
  }

  // MARK: Files that it names

  private var user: [String: JSONValue]? {
    content.at(["users"])?.array?.first?.at(["user"])?.object
  }

  /// Flattened, certificates are in the text; a token's file and a plug-in's program stay paths, which are
  /// relative to the file that names them.
  ///
  /// Source: client-go, `tools/clientcmd/loader.go` (`GetAuthInfoFileReferences`).
  private static let paths = [["user", "tokenFile"], ["user", "exec", "command"]]

  /// - Parameters:
  ///   - directories: of the files that the context may come from, in kubectl's order.
  ///   - exists: whether there is a file.
  package func resolvingPaths(
    in directories: [String], exists: (String) -> Bool
  ) -> Kubeconfig {
    var resolved = self
    resolved.content.updateItems(["users"]) { user in
      for key in Self.paths {
        // A program without a slash is looked for on the PATH.
        guard let path = user.at(key)?.string, !path.isEmpty, !path.hasPrefix("/"),
          key.last == "tokenFile" || path.contains("/")
        else { continue }
        let candidates = directories.map { "\($0)/\(path)" }
        guard let absolute = candidates.first(where: exists) ?? candidates.first else { continue }
        user.set(key, .string(absolute))
      }
    }
    return resolved
  }
}
