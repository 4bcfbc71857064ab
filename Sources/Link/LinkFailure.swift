/// Why a link can't be.
package enum LinkFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// A profile, time, bandwidth or address that can't be meant.
  case invalid(String)
  /// An address that can't be listened on.
  case notListening(address: String, reason: String)
  /// The link has been stopped.
  case stopped

  package var description: String {
    switch self {
    case .invalid(let what): what
    case .notListening(let address, let reason): "can't listen on \(address): \(reason)"
    case .stopped: "the link has been stopped"
    }
  }
}
