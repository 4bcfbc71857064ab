package import Clock

/// What is done to an app, or to what runs it, so that one sees how it comes back.
package enum AppFault: String, Sendable, Hashable, CaseIterable {
  /// SIGKILL to the process that answers.
  case processKilled
  /// SIGKILL to the container's first process.
  case containerKilled
  case podDeleted
  /// The engine's service is ended; containers go on running.
  case engineStopped
  case registryGone
}

/// A fault that was made.
package struct MadeFault: Sendable {
  /// Just before what made it.
  package var at: MonotonicInstant
  /// When it was there; one that lasts does so from here on.
  package var made: MonotonicInstant
  /// What was done to what, for people.
  package var what: String
  /// Ends it, or throws why it lasts; nil for one that is over at once.
  package var end: (@Sendable () async throws -> Void)?

  package init(
    at: MonotonicInstant, made: MonotonicInstant = .now(), what: String,
    end: (@Sendable () async throws -> Void)? = nil
  ) {
    self.at = at
    self.made = made
    self.what = what
    self.end = end
  }
}

/// Why a fault can't be made here; as half a sentence.
package struct FaultImpossible: Error, Sendable, Hashable {
  package var reason: String

  package init(_ reason: String) { self.reason = reason }
}
