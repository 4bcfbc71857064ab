import NIOCore

/// What travels in one direction of a connection.
enum Piece {
  case bytes(ByteBuffer)
  /// The sender sends no more: a FIN.
  case end
  /// The sender has cut the connection: an RST.
  case reset

  var count: Int {
    if case .bytes(let buffer) = self { return buffer.readableBytes }
    return 0
  }
}
