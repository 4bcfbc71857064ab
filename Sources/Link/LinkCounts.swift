/// Payload moved each way: up is from the client to the target.
package struct LinkBytes: Sendable, Hashable {
  package var up: Int64
  package var down: Int64

  package init(up: Int64 = 0, down: Int64 = 0) {
    self.up = up
    self.down = down
  }
}

/// What a link has done since it was started.
package struct LinkCounts: Sendable, Hashable {
  /// Payload that has arrived at the other end's socket.
  package var bytes = LinkBytes()
  /// Connections that clients have made.
  package var connections = 0
  /// Those of them that are there now.
  package var open = 0
  /// Those that the target didn't take.
  package var refused = 0
  /// Those of the others that ended with a reset: by one of the ends, an outage, or the link's end.
  package var reset = 0
}
