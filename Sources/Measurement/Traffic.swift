/// Bytes that crossed a link.
package struct Traffic: Sendable, Hashable {
  /// From the developer's machine to the remote.
  package var up: Int
  /// From the remote to the developer's machine.
  package var down: Int

  package static let zero = Traffic(up: 0, down: 0)

  package init(up: Int, down: Int) {
    self.up = up
    self.down = down
  }

  package var total: Int { up + down }

  package static func + (left: Traffic, right: Traffic) -> Traffic {
    Traffic(up: left.up + right.up, down: left.down + right.down)
  }
}
