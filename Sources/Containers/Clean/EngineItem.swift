import Processes

/// Something in the engine that carries devbench's label, or a session's name at the end of its own.
package struct EngineItem: Sendable, Hashable, CustomStringConvertible {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case pod, container, secret, volume, image
    /// A base image made from Debian's packages, which no run owns.
    case standIn = "base image"
  }

  package let kind: Kind
  package let id: String
  /// Its names: an image may have several, or none.
  package let names: [String]
  /// nil if the label doesn't say which process made it.
  package let label: ContainerLabel?

  /// Whether the process that made it still runs.
  package var isOwned: Bool { label?.owner.isAlive ?? false }

  package var description: String {
    let name = names.first ?? String(id.prefix(12))
    return "\(kind.rawValue) \(name)" + (label.map { " (\($0.session))" } ?? "")
  }
}
