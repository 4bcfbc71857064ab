/// How a link is down.
package enum LinkOutage: String, Sendable, Hashable, CaseIterable {
  /// Nothing moves and new connections hang, as when a cable is pulled. Afterwards everything goes on;
  /// nothing is lost.
  case stall
  /// Connections are reset and new ones refused, as when the far end's host is up and its service isn't.
  case refuse
  /// Connections are reset, and new ones as soon as they are made, as a firewall does that cuts them.
  case reset
}
