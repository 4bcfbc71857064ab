/// An image's name in all its parts, however it was written: `python`, `docker.io/library/python:latest`.
package struct ImageReference: Sendable, Hashable, CustomStringConvertible {
  package let registry: String
  package let repository: String
  /// nil if only a digest is given.
  package let tag: String?
  /// `sha256:…`
  package let digest: String?

  /// Reads a reference as Docker and Podman do; a short name is Docker Hub's.
  package init?(_ text: String) {
    var rest = text[...]
    var digest: String?
    if let at = rest.firstIndex(of: "@") {
      digest = String(rest[rest.index(after: at)...])
      rest = rest[..<at]
    }
    var tag: String?
    if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("/") {
      tag = String(rest[rest.index(after: colon)...])
      rest = rest[..<colon]
    }
    let parts = rest.split(separator: "/", omittingEmptySubsequences: false)
    guard !parts.contains(where: \.isEmpty), tag != "", digest != "",
      text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "._-/:@+".contains($0)) })
    else { return nil }
    let hasRegistry =
      parts.count > 1 && (parts[0].contains { $0 == "." || $0 == ":" } || parts[0] == "localhost")
    registry = hasRegistry ? String(parts[0]) : "docker.io"
    let path = hasRegistry ? parts.dropFirst().joined(separator: "/") : rest.description
    let isShort = registry == "docker.io" && !path.contains("/")
    repository = isShort ? "library/\(path)" : path
    self.tag = tag ?? (digest == nil ? "latest" : nil)
    self.digest = digest
  }

  package var description: String {
    "\(registry)/\(repository)" + (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "")
  }
}
