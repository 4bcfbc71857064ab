/// A named part of an iteration's time.
package struct Phase: Sendable, Hashable {
  /// What no other phase explains; shown, never hidden.
  package static let unattributed = "unattributed"

  package var name: String
  package var duration: Duration
  /// What crossed the link meanwhile; nil where there is no link.
  package var traffic: Traffic?

  package init(name: String, duration: Duration, traffic: Traffic? = nil) {
    self.name = name
    self.duration = duration
    self.traffic = traffic
  }
}
