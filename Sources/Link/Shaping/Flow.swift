import NIOCore

/// One direction of one connection: what waits for the wire, what is on its way, what has landed and
/// isn't taken yet. Confined to the link's event loop.
final class Flow {
  /// What a piece costs beside its bytes, so that many tiny ones are bounded as well.
  static let overhead = 256

  struct Waiting {
    var piece: Piece
    /// When it came to the link; it can't have left before.
    var since: Int64
  }

  /// Nothing leaves earlier: the handshake's end. Link time.
  let opens: Int64
  /// Called after pieces have landed.
  var onLanding: () -> Void = {}

  var waiting = CircularBuffer<Waiting>()
  var flying = CircularBuffer<Piece>()
  private(set) var landed = CircularBuffer<Piece>()
  var lastArrival = Int64.min
  /// Whether the wire knows that something waits.
  var isInTurn = false
  /// The connection is gone; what arrives of it is nothing.
  private(set) var isCut = false
  private var bytes = 0

  init(opens: Int64) {
    self.opens = opens
  }

  /// What the flow holds in memory, in bytes.
  var held: Int { bytes + Self.overhead * (waiting.count + flying.count + landed.count) }

  var isEmpty: Bool { waiting.isEmpty && flying.isEmpty && landed.isEmpty }

  func takeLanded() -> Piece? {
    guard let piece = landed.popFirst() else { return nil }
    bytes -= piece.count
    return piece
  }

  /// Forgets what hasn't left yet: a sender that cuts a connection drops its send buffer.
  func dropWaiting() {
    for waiting in waiting { bytes -= waiting.piece.count }
    waiting.removeAll()
  }

  /// Forgets everything; nothing more will come of it.
  func cut() {
    isCut = true
    waiting.removeAll()
    flying.removeAll()
    landed.removeAll()
    bytes = 0
    onLanding = {}
  }

  /// - Parameter mayJoin: whether it has to wait, so that it may travel with what waits before it.
  func add(_ piece: Piece, since: Int64, mayJoin: Bool) {
    bytes += piece.count
    // Small writes that wait together travel together.
    if mayJoin, case .bytes(var more) = piece, let last = waiting.last,
      case .bytes(var buffer) = last.piece,
      buffer.readableBytes + more.readableBytes <= 16 << 10
    {
      buffer.writeBuffer(&more)
      waiting[waiting.index(before: waiting.endIndex)].piece = .bytes(buffer)
      return
    }
    waiting.append(Waiting(piece: piece, since: since))
  }

  /// The first that is under way has arrived.
  func land() {
    guard !isCut, let piece = flying.popFirst() else { return }
    landed.append(piece)
  }
}
