/// The name of an image, as people and tools write it in different ways.
///
/// Grammar: the distribution project's reference, `[domain/]path[:tag][@digest]`. `flask-hello`,
/// `flask-hello:latest`, `docker.io/library/flask-hello` and `localhost/flask-hello` mean the same app
/// to whoever builds it locally, so they compare as equal by `repository`.
package struct ImageReference: Sendable, Hashable, CustomStringConvertible {
  /// As it was written.
  package let text: String
  /// Domain and path, without a tag, a digest or one of the domains that stand for “here”.
  package let repository: String
  /// Nil if none is written.
  package let tag: String?
  package let digest: String?

  package init(_ text: String) {
    self.text = text
    var rest = text[...]
    if let at = rest.firstIndex(of: "@") {
      digest = String(rest[rest.index(after: at)...])
      rest = rest[..<at]
    } else {
      digest = nil
    }
    // A colon before the last slash is a port's.
    let nameStart = rest.lastIndex(of: "/").map { rest.index(after: $0) } ?? rest.startIndex
    if let colon = rest[nameStart...].firstIndex(of: ":") {
      tag = String(rest[rest.index(after: colon)...])
      rest = rest[..<colon]
    } else {
      tag = nil
    }
    var repository = rest.lowercased()
    for implied in ["docker.io/library/", "index.docker.io/library/", "docker.io/", "localhost/"]
    where repository.hasPrefix(implied) {
      repository.removeFirst(implied.count)
      break
    }
    self.repository = repository
  }

  /// Whether both name the same image, whatever the version.
  ///
  /// Where only one of them says a registry, the other may leave out that and what comes before its own
  /// path: manifests say `web` for what is pushed as `registry.example/team/web`.
  package func namesSame(as other: ImageReference) -> Bool {
    if repository == other.repository { return true }
    switch (hasDomain, other.hasDomain) {
    case (true, false): return repository.hasSuffix("/\(other.repository)")
    case (false, true): return other.repository.hasSuffix("/\(repository)")
    default: return false
    }
  }

  /// Source: the distribution project's reference: a domain has a dot or a port, or is `localhost`.
  package var hasDomain: Bool { domain != nil }

  /// The registry; nil if none is written.
  package var domain: String? {
    guard let slash = repository.firstIndex(of: "/") else { return nil }
    let first = repository[..<slash]
    return first == "localhost" || first.contains(where: { ".:".contains($0) })
      ? String(first) : nil
  }

  package var description: String { text }
}
