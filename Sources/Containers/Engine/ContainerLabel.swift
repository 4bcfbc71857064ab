package import Processes

/// What tells that something in an engine was made by devbench, for what, and by which process.
///
/// Containers, pods, images and volumes carry it. Who cleans up trusts nothing else. The values fit
/// Kubernetes' labels too: letters, digits, “-”, “_” and “.”, at most 63 of them.
package struct ContainerLabel: Sendable, Hashable {
  /// The label whose value is the run's id, or another name for what it was made for.
  package static let key = "io.devbench"
  /// The label whose value names the process.
  package static let ownerKey = "io.devbench.owner"

  package let session: String
  package let owner: ProcessIdentity

  package init(session: String, owner: ProcessIdentity = .current) {
    self.session = session
    self.owner = owner
  }

  /// Reads it from labels; nil if they don't say that devbench made the thing.
  package init?(of labels: [String: String]) {
    guard let session = labels[Self.key],
      let owner = labels[Self.ownerKey].flatMap({
        ProcessIdentity(parsing: $0.replacing("_", with: ":"))
      })
    else { return nil }
    self.init(session: session, owner: owner)
  }

  package var values: [String: String] {
    [Self.key: session, Self.ownerKey: "\(owner)".replacing(":", with: "_")]
  }

  /// Arguments of “podman run”, “build”, “pod create”, “volume create”.
  package var arguments: [String] {
    values.sorted { $0.key < $1.key }.flatMap { ["--label", "\($0.key)=\($0.value)"] }
  }

  /// The argument that lists what this very session made.
  package var filter: String { "label=\(Self.key)=\(session)" }
}
