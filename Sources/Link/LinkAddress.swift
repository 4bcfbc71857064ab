/// One end of a route: a TCP port, or a unix socket.
package enum LinkAddress: Sendable, Hashable, CustomStringConvertible {
  /// - Parameter host: a numeric address, or `localhost`, which is 127.0.0.1.
  case tcp(host: String, port: Int)
  case unix(path: String)

  /// What swift-nio's `SocketAddress` takes; `sun_path` itself has room for 107, see unix(7).
  package static let longestPath = 103

  /// Reads `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080` or `unix:/path`.
  package init(_ text: String) throws(LinkFailure) {
    let form = "write 127.0.0.1:PORT, [::1]:PORT or unix:/PATH"
    if text.hasPrefix("unix:") {
      let path = String(text.dropFirst(5))
      guard !path.isEmpty, !path.utf8.contains(0) else {
        throw .invalid("“\(text)” names no socket; \(form)")
      }
      guard path.utf8.count <= Self.longestPath else {
        throw .invalid(
          "the socket path \(path) has \(path.utf8.count) bytes; it may have \(Self.longestPath)"
        )
      }
      self = .unix(path: path)
      return
    }
    guard let colon = text.lastIndex(of: ":") else {
      throw .invalid("“\(text)” has no port; \(form)")
    }
    let digits = text[text.index(after: colon)...]
    guard !digits.isEmpty, digits.utf8.count <= 5, digits.allSatisfy({ ("0"..."9").contains($0) }),
      let port = Int(digits), port <= 65_535
    else { throw .invalid("“\(digits)” in “\(text)” is no port; a port is from 0 to 65535") }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      throw .invalid("“\(text)” has an IPv6 address without brackets; write [\(host)]:\(digits)")
    }
    guard !host.isEmpty else { throw .invalid("“\(text)” has no host; \(form)") }
    self = .tcp(host: String(host), port: port)
  }

  package var description: String {
    switch self {
    case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .unix(let path): "unix:\(path)"
    }
  }

  /// `localhost` needs no resolver, which might answer with another address than the listener's.
  var numericHost: String? {
    guard case .tcp(let host, _) = self else { return nil }
    return host == "localhost" ? "127.0.0.1" : host
  }

  /// - Throws: `LinkFailure.invalid` for an address that other machines can reach.
  package func checkForListening() throws(LinkFailure) {
    guard isLoopback else {
      throw .invalid(
        "a link listens for this machine alone, on 127.0.0.1, [::1] or a unix socket, not on \(self)"
      )
    }
  }

  /// - Throws: `LinkFailure.invalid` for an address that nothing can be reached at.
  package func checkAsTarget() throws(LinkFailure) {
    if case .tcp(_, 0) = self { throw .invalid("the target \(self) has no port") }
  }

  /// Whether only this machine reaches it: 127.0.0.0/8 and ::1 (RFC 1122, RFC 4291), or a unix socket.
  var isLoopback: Bool {
    guard let host = numericHost else { return true }
    guard host != "::1" else { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}
