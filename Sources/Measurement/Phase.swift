/// A named part of an iteration's time.
package struct Phase: Sendable, Hashable {
  /// What no other phase explains; shown, never hidden.
  package static let unattributed = "unattributed"

  package var name: String
  package var duration: Duration

  package init(name: String, duration: Duration) {
    self.name = name
    self.duration = duration
  }
}
