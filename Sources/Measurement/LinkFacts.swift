/// What a link between the developer's machine and a remote was asked to be, as it is kept with a run.
package struct LinkFacts: Sendable, Hashable {
  /// As cells call it.
  package var name: String
  /// Both ways together.
  package var roundTrip: Duration
  package var jitter: Duration
  /// Bits a second to the remote; nil where there is no limit.
  package var up: Int?
  /// Bits a second from the remote; nil where there is no limit.
  package var down: Int?

  package init(
    name: String, roundTrip: Duration, jitter: Duration = .zero, up: Int? = nil, down: Int? = nil
  ) {
    self.name = name
    self.roundTrip = roundTrip
    self.jitter = jitter
    self.up = up
    self.down = down
  }
}
