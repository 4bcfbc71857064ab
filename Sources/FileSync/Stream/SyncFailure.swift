package import Processes

/// Why a stream doesn't deliver.
package enum SyncFailure: Error, Sendable, Hashable, CustomStringConvertible {
  case notStarted(ProcessFailure)
  /// No shell answered: there is none in the image, say, or no such container.
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
    case .noReceiver(let said):
      "no shell answers in the container" + Self.suffix(said)
        + "; files can be synced into images that have sh, others need the rebuild path"
    case .late(let seconds): "the container didn't acknowledge within \(seconds) s"
    case .ended(let said): "the stream into the container ended" + Self.suffix(said)
    case .givenUp(let attempts, let failure): "\(failure) (\(attempts) attempts)"
    }
  }

  private static func suffix(_ said: String) -> String {
    said.isEmpty ? "" : ": \(said.split(separator: "\n").joined(separator: "; "))"
  }
}
