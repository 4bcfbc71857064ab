import NIOCore
import Testing

@testable import Link

/// The shaping's arithmetic, in a time of the tests' own.
@Suite struct WireTests {
  static let millisecond: Int64 = 1_000_000

  /// A wire with flows, and what lands of each.
  final class World {
    struct Landing: Equatable {
      var flow: Int
      var time: Int64
      var bytes: Int
    }

    let wire: Wire
    private(set) var flows: [Flow] = []
    private(set) var landings: [Landing] = []
    private(set) var received: [[UInt8]] = []
    private(set) var ended: [Int] = []
    var now: Int64 = 0

    init(
      rate: Int64? = nil, delay: Int64 = 0, jitter: Int64 = 0,
      random: @escaping () -> Double = { 0.5 }
    ) {
      wire = Wire(.init(bitsPerSecond: rate, delay: delay, jitter: jitter), random: random)
    }

    func flow(opens: Int64 = 0) -> Flow {
      let (flow, number) = (Flow(opens: opens), flows.count)
      flows.append(flow)
      received.append([])
      flow.onLanding = { [unowned self, unowned flow] in
        while let piece = flow.takeLanded() {
          if case .bytes(let buffer) = piece { received[number] += buffer.readableBytesView }
          if case .end = piece { ended.append(number) }
          landings.append(Landing(flow: number, time: now, bytes: piece.count))
        }
      }
      return flow
    }

    func send(_ count: Int, on flow: Flow) {
      wire.send(.bytes(ByteBuffer(repeating: 7, count: count)), on: flow, at: now)
    }

    /// Goes on from event to event, as an exact timer would.
    func run(until end: Int64 = .max) {
      while let next = wire.nextTime, next <= end {
        now = max(now, next)
        wire.advance(to: now)
      }
      if end != .max { now = max(now, end) }
    }

    func total(of flow: Int) -> Int {
      landings.filter { $0.flow == flow }.map(\.bytes).reduce(0, +)
    }
  }

  @Test(
    "a piece takes its size over the bandwidth, and the way",
    arguments: [
      (1_000_000 as Int64?, Int64(0), 1250, 10 * millisecond),
      (1_000_000, 20 * millisecond, 1250, 30 * millisecond),
      (1_000_000_000, 5 * millisecond, 125, 5 * millisecond + 1000),
      (nil, 250 * millisecond, 1_000_000, 250 * millisecond),
      (8000, 0, 1500, 1500 * millisecond),
    ])
  func onePiece(rate: Int64?, delay: Int64, size: Int, arrival: Int64) {
    let world = World(rate: rate, delay: delay)
    world.send(size, on: world.flow())
    world.run()
    #expect(world.landings.last?.time == arrival)
    #expect(world.total(of: 0) == size)
  }

  @Test("a late timer makes nothing slower")
  func lateTimers() {
    let world = World(rate: 1_000_000, delay: 3 * Self.millisecond)
    let flow = world.flow()
    for _ in 0..<100 { world.send(1250, on: flow) }
    // A second's worth, looked at every 70 ms only.
    while world.now <= 1003 * Self.millisecond {
      world.wire.advance(to: world.now)
      world.now += 70 * Self.millisecond
    }
    world.wire.advance(to: world.now)
    #expect(world.total(of: 0) == 125_000)
  }

  @Test("what comes to an idle wire doesn't leave before it came")
  func idle() {
    let world = World(rate: 1_000_000)
    let flow = world.flow()
    world.send(125, on: flow)
    world.run(until: 500 * Self.millisecond)
    world.send(125, on: flow)
    world.run()
    #expect(world.landings.map(\.time) == [Self.millisecond, 501 * Self.millisecond])
  }

  @Test(
    "a slow link is smooth: slices of at most 5 ms, or a packet",
    arguments: [
      (Int64(64_000), 1500), (1_000_000, 1500), (20_000_000, 12_500), (1_000_000_000, 65_536),
    ])
  func slices(rate: Int64, size: Int) {
    let world = World(rate: rate)
    world.send(1_000_000, on: world.flow())
    world.run()
    #expect(world.landings.map(\.bytes).max() == size)
    #expect(world.total(of: 0) == 1_000_000)
  }

  @Test(
    "connections share the wire in turn, whatever the size of their writes", arguments: [2, 20])
  func fairness(count: Int) {
    let world = World(rate: 8_000_000)
    for number in 0..<count {
      let flow = world.flow()
      let writes = number % 2 == 0 ? (1, 400_000) : (4000, 100)
      for _ in 0..<writes.0 { world.send(writes.1, on: flow) }
    }
    // While all of them have something to send.
    world.run(until: Int64(count) * 300 * Self.millisecond)
    let totals = (0..<count).map { world.total(of: $0) }
    let (least, most) = (totals.min() ?? 0, totals.max() ?? 0)
    #expect(most - least <= 2 * world.wire.slice, "\(totals)")
    world.run()
    #expect((0..<count).allSatisfy { world.total(of: $0) == 400_000 })
  }

  @Test("one that begins later gets its turn at once")
  func lateComer() {
    let world = World(rate: 8_000_000)
    world.send(1_000_000, on: world.flow())
    world.run(until: 100 * Self.millisecond)
    world.send(1000, on: world.flow())
    world.run(until: 100 * Self.millisecond + 2 * 5 * Self.millisecond + Self.millisecond)
    #expect(world.total(of: 1) == 1000)
  }

  @Test(
    "jitter stays within its bounds, around half the round trip, and keeps a connection's order")
  func jitter() {
    let world = World(
      delay: 20 * Self.millisecond, jitter: 10 * Self.millisecond,
      random: { Double.random(in: 0...1) })
    var delays: [Int64] = []
    for _ in 0..<1000 {
      let sent = world.now
      world.send(1, on: world.flow())
      world.run()
      delays.append(world.now - sent)
    }
    #expect(delays.allSatisfy { (15 * Self.millisecond...25 * Self.millisecond).contains($0) })
    #expect(Set(delays).count > 500)
    let mean = Double(delays.reduce(0, +)) / 1000 / 1e6
    #expect(abs(mean - 20) < 1)

    let ordered = World(
      delay: 20 * Self.millisecond, jitter: 20 * Self.millisecond,
      random: { Double.random(in: 0...1) })
    let flow = ordered.flow()
    var sent: [UInt8] = []
    for number in 0..<500 {
      let bytes = [UInt8(truncatingIfNeeded: number)]
      sent += bytes
      ordered.wire.send(.bytes(ByteBuffer(bytes: bytes)), on: flow, at: ordered.now)
      ordered.run(until: ordered.now + 200_000)
    }
    ordered.run()
    #expect(ordered.received[0] == sent)
  }

  @Test("nothing leaves before the handshake is through")
  func handshake() {
    let world = World(delay: 10 * Self.millisecond)
    let flow = world.flow(opens: 20 * Self.millisecond)
    world.send(5, on: flow)
    world.run(until: 8 * Self.millisecond)
    world.send(5, on: flow)
    world.run()
    #expect(world.landings.map(\.time) == [30 * Self.millisecond, 30 * Self.millisecond])
  }

  @Test("a stream's end lands after its last byte")
  func end() {
    let world = World(rate: 1_000_000, delay: Self.millisecond)
    let flow = world.flow()
    world.send(12_500, on: flow)
    world.wire.send(.end, on: flow, at: 0)
    world.run()
    #expect(world.ended == [0])
    #expect(world.landings.last == .init(flow: 0, time: 101 * Self.millisecond, bytes: 0))
    #expect(world.total(of: 0) == 12_500)
  }

  @Test("another profile counts for what leaves from then on")
  func change() {
    let world = World(rate: 1_000_000, delay: 100 * Self.millisecond)
    let flow = world.flow()
    world.send(125_000, on: flow)
    world.run(until: 500 * Self.millisecond)
    world.wire.change(to: .init(bitsPerSecond: 10_000_000, delay: 0, jitter: 0), at: world.now)
    world.run()
    #expect(world.total(of: 0) == 125_000)
    // Half at the old rate, half at ten times that; nothing overtakes what is under way.
    let last = world.landings.last?.time ?? 0
    #expect(last >= 600 * Self.millisecond && last <= 615 * Self.millisecond, "\(last)")
    #expect(world.landings.map(\.time) == world.landings.map(\.time).sorted())
  }

  @Test("of a connection that is cut nothing more lands, and the others go on")
  func cut() {
    let world = World(rate: 1_000_000, delay: 10 * Self.millisecond)
    let (first, second) = (world.flow(), world.flow())
    world.send(50_000, on: first)
    world.send(50_000, on: second)
    world.run(until: 100 * Self.millisecond)
    let landed = world.total(of: 0)
    first.cut()
    world.send(1000, on: first)
    world.run()
    #expect(world.total(of: 0) == landed)
    #expect(world.total(of: 1) == 50_000)
    #expect(first.held == 0 && first.isEmpty)
  }

  @Test(
    "what a connection may hold is the round trip's worth, with bounds",
    arguments: [
      (nil as Int64?, Int64(0), 256 << 10), (nil, 20 * millisecond, 6 << 20),
      (1_000_000, 20 * millisecond, 256 << 10), (1_000_000_000, 0, 2_500_000),
      (100_000_000, 100 * millisecond, 2_750_000),
    ])
  func window(rate: Int64?, delay: Int64, bytes: Int) {
    #expect(World(rate: rate, delay: delay).wire.window == bytes)
  }

  @Test("tiny writes that wait count with what they cost, and travel together")
  func tinyWrites() {
    let busy = World(rate: 1_000_000)
    let flow = busy.flow()
    busy.send(15_000, on: flow)
    busy.run(until: Self.millisecond)
    let before = flow.held
    for _ in 0..<1000 { busy.send(1, on: flow) }
    #expect(flow.held <= before + 1000 + Flow.overhead)
    busy.run()
    #expect(busy.total(of: 0) == 16_000)

    let free = World(delay: 100 * Self.millisecond)
    let sparse = free.flow()
    for _ in 0..<100 {
      free.send(1, on: sparse)
      free.run(until: free.now + 1000)
    }
    #expect(sparse.held == 100 * (1 + Flow.overhead))
  }
}

@Suite struct TimedQueueTests {
  @Test("what is added comes out by time, and of one time in the order of adding")
  func order() {
    for _ in 0..<200 {
      var queue = TimedQueue<Int>()
      let times = (0..<Int.random(in: 0...60)).map { _ in Int64.random(in: 0...20) }
      for (number, time) in times.enumerated() { queue.add(number, at: time) }
      let wanted = times.enumerated().sorted { ($0.element, $0.offset) < ($1.element, $1.offset) }
      #expect(queue.nextTime == wanted.first?.element)
      var taken: [Int] = []
      for limit in stride(from: Int64(0), through: 20, by: 5) {
        while let number = queue.next(until: limit) {
          taken.append(number)
          #expect(times[number] <= limit)
        }
      }
      #expect(taken == wanted.map(\.offset))
    }
  }
}
