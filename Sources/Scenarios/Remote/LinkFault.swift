package import Link

/// A time in which the link to a remote is otherwise: down, or as slow as another profile.
package struct LinkFault: Sendable, Hashable {
  package enum Condition: Sendable, Hashable {
    case outage(LinkOutage)
    case profile(LinkProfile)
  }

  /// From the trial's beginning.
  package var at: Duration
  /// What the scenario calls the condition.
  package var name: String
  package var condition: Condition
  package var lasting: Duration

  package init(at: Duration, name: String, condition: Condition, lasting: Duration) {
    self.at = at
    self.name = name
    self.condition = condition
    self.lasting = lasting
  }

  package var end: Duration { at + lasting }
}
