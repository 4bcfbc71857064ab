/// The base that an image is built on: what the Dockerfile asks for and what was taken.
package struct BaseImage: Sendable, Hashable, CustomStringConvertible {
  package enum Origin: String, Sendable, Hashable {
    /// It was in the local store.
    case local
    case pulled
    /// No registry answered, and a stand-in was there.
    case standIn = "stand-in"
  }

  /// As in the Dockerfile, its variables filled in.
  package let wanted: String
  package let reference: String
  /// The digest of its configuration, 64 hexadecimal digits.
  package let imageID: String
  package let origin: Origin

  package var description: String {
    let short = imageID.prefix(12)
    return switch origin {
    case .local, .pulled: "\(reference) (\(short))"
    case .standIn: "\(reference) (\(short)) in place of \(wanted)"
    }
  }
}

/// The bases of a build, and what makes the build use them.
package struct BaseImageChoice: Sendable, Hashable {
  package let bases: [BaseImage]
  /// Arguments of “podman build”, to be given after the scenario's own.
  package let arguments: [String]
}
