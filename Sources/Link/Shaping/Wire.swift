import NIOCore

/// One direction of a link: a wire that all connections share in turn, and the way behind it.
///
/// A piece leaves when the wire is free and takes `size / bandwidth` for it; it lands after the way's delay,
/// never before what its connection sent earlier. All is computed from the times at which pieces came, not
/// from those at which this code happens to run: a late timer makes nothing slower. Times are link time in
/// nanoseconds, which stands still while the link is stalled.
final class Wire {
  struct Conditions {
    /// nil: nothing waits for the wire.
    var bitsPerSecond: Int64?
    /// One way, nanoseconds.
    var delay: Int64 = 0
    /// The delay is at most half of it less or more.
    var jitter: Int64 = 0
  }

  /// Linux's largest receive window by default, the third figure of tcp_rmem; see tcp(7).
  static let unlimitedWindow = 6 << 20
  static let leastWindow = 256 << 10
  /// A packet's payload is about that; no slice of a slow link is smaller.
  static let leastSlice = 1500
  static let largestSlice = 64 << 10
  /// How long a slice occupies the wire at most.
  static let sliceTime = 5_000_000.0
  /// How long this process may not run and the wire stays busy all the same.
  static let slack = 20_000_000.0

  private(set) var conditions: Conditions
  private var turns = CircularBuffer<Flow>()
  private var openings = TimedQueue<Flow>()
  private var arrivals = TimedQueue<Flow>()
  private var freeAt = Int64.min
  private let random: () -> Double

  /// - Parameter random: evenly spread from 0 to 1.
  init(_ conditions: Conditions, random: @escaping () -> Double = { Double.random(in: 0...1) }) {
    self.conditions = conditions
    self.random = random
  }

  /// Whether pieces pass at once and unchanged.
  var isTransparent: Bool {
    conditions.bitsPerSecond == nil && conditions.delay == 0 && conditions.jitter == 0
  }

  /// How much a connection may hold, in bytes, before its sender isn't read from: what is under way in a round
  /// trip, as a sender's window must be, and what keeps the wire busy while the machine is.
  var window: Int {
    guard let rate = conditions.bitsPerSecond else {
      return conditions.delay == 0 ? Self.leastWindow : Self.unlimitedWindow
    }
    let time = Double(2 * conditions.delay + conditions.jitter) + Self.slack
    return max(Self.leastWindow, Int(Double(rate) / 8e9 * time))
  }

  /// How many bytes of one connection leave before it is another's turn.
  var slice: Int {
    guard let rate = conditions.bitsPerSecond else { return .max }
    return min(max(Int(Double(rate) / 8e9 * Self.sliceTime), Self.leastSlice), Self.largestSlice)
  }

  /// What is under way stays so; what waits leaves under the new conditions.
  func change(to conditions: Conditions, at now: Int64) {
    self.conditions = conditions
    freeAt = min(freeAt, now)
  }

  func send(_ piece: Piece, on flow: Flow, at now: Int64) {
    guard !flow.isCut else { return }
    flow.add(piece, since: now, mayJoin: freeAt > now)
    guard !flow.isInTurn else { return }
    flow.isInTurn = true
    if flow.opens > now { openings.add(flow, at: flow.opens) } else { turns.append(flow) }
  }

  /// The next time at which something leaves or lands; nil if nothing is under way.
  var nextTime: Int64? {
    let departure = turns.isEmpty ? nil : freeAt
    return [departure, openings.nextTime, arrivals.nextTime].compactMap { $0 }.min()
  }

  /// Lets everything leave and land whose time has come.
  func advance(to now: Int64) {
    while let flow = openings.next(until: now) { turns.append(flow) }
    while freeAt <= now, let flow = turns.popFirst() {
      if flow.isCut { continue }
      leave(flow)
      if flow.waiting.isEmpty { flow.isInTurn = false } else { turns.append(flow) }
    }
    var touched: [Flow] = []
    while let flow = arrivals.next(until: now) {
      flow.land()
      if touched.last !== flow { touched.append(flow) }
    }
    for flow in touched where !flow.isCut { flow.onLanding() }
  }

  private func leave(_ flow: Flow) {
    var rest = slice
    while rest > 0, let first = flow.waiting.first {
      let start = max(freeAt, first.since, flow.opens)
      guard case .bytes(var buffer) = first.piece else {
        flow.waiting.removeFirst()
        fly(first.piece, of: flow, from: start)
        continue
      }
      let size = min(rest, buffer.readableBytes)
      rest -= size
      var finish = start
      if let rate = conditions.bitsPerSecond {
        finish += Int64((Double(size) * 8e9 / Double(rate)).rounded())
        freeAt = finish
      }
      if size == buffer.readableBytes {
        flow.waiting.removeFirst()
        fly(first.piece, of: flow, from: finish)
      } else if let part = buffer.readSlice(length: size) {
        flow.waiting[flow.waiting.startIndex].piece = .bytes(buffer)
        fly(.bytes(part), of: flow, from: finish)
      }
    }
  }

  private func fly(_ piece: Piece, of flow: Flow, from finish: Int64) {
    let jitter = conditions.jitter == 0 ? 0 : Int64((random() - 0.5) * Double(conditions.jitter))
    let arrival = max(finish + max(0, conditions.delay + jitter), flow.lastArrival)
    flow.lastArrival = arrival
    flow.flying.append(piece)
    arrivals.add(flow, at: arrival)
  }
}
