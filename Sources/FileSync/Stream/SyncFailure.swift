package import Processes

/// Why a stream doesn't deliver.
package enum SyncFailure: Error, Sendable, Hashable, CustomStringConvertible {
  case notStarted(ProcessFailure)
  /// The container has no `sh`: nothing can be synced into it, and the rebuild path is what is left.
  case noShell(said: String)
  /// No shell answered: there is no such container, say, or it doesn't run.
  case noReceiver(said: String)
  /// An answer didn't come in time.
  case late(seconds: Double)
  /// The stream ended.
  case ended(said: String)
  /// All attempts failed; the last one for this reason.
  indirect case givenUp(attempts: Int, SyncFailure)

  package var description: String {
    switch self {
    case .notStarted(let failure): "the stream into the container can't be opened: \(failure)"
    case .noShell(let said):
      "the container's image has no sh to receive files" + Self.suffix(said)
        + "; use the rebuild path for it"
    case .noReceiver(let said): "no shell answers in the container" + Self.suffix(said)
    case .late(let seconds): "the container didn't acknowledge within \(seconds) s"
    case .ended(let said): "the stream into the container ended" + Self.suffix(said)
    case .givenUp(let attempts, let failure): "\(failure) (\(attempts) attempts)"
    }
  }

  /// Whether no other attempt can help, whatever happens to the container.
  package var isForGood: Bool {
    switch self {
    case .notStarted, .noShell: true
    case .givenUp(_, let failure): failure.isForGood
    case .noReceiver, .late, .ended: false
    }
  }

  private static func suffix(_ said: String) -> String {
    said.isEmpty ? "" : ": \(said.split(separator: "\n").joined(separator: "; "))"
  }
}
