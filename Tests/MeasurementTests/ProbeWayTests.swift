import Clock
import NIOPosix
import TestSupport
import Testing

@testable import Measurement

@Suite("Probe's way", .serialized)
struct ProbeWayTests {
  @Test(
    "the raster is the wanted one as far as a long way or a narrow one allows",
    arguments: [
      (ProbeWay.none, 5, 5), (ProbeWay(roundTrip: .zero, bandwidth: 1000), 5, 5),
      (ProbeWay(roundTrip: .milliseconds(20)), 5, 5),
      // 80 ms and no more than 32 requests.
      (ProbeWay(roundTrip: .milliseconds(40)), 1, 2.5),
      (ProbeWay(roundTrip: .milliseconds(100)), 5, 6.25),
      // A forwarded port's three round trips, and what its requests cost.
      (ProbeWay(roundTrip: .milliseconds(320), over: .portForward), 5, 30),
      (ProbeWay(roundTrip: .milliseconds(320), over: .relay), 5, 20),
      (ProbeWay(roundTrip: .milliseconds(100)).over(.portForward), 5, 20),
      (ProbeWay(roundTrip: .zero, over: .relay), 5, 20),
      (ProbeWay(roundTrip: .zero, over: .relay), 50, 50),
      (ProbeWay(roundTrip: .milliseconds(100), jitter: .milliseconds(60)), 5, 10),
      (ProbeWay(roundTrip: .milliseconds(650)), 50, 50),
      // 512 bytes in a twentieth of 1 Mbit/s.
      (ProbeWay(roundTrip: .milliseconds(50), bandwidth: 1e6), 5, 81.92),
      (ProbeWay(roundTrip: .milliseconds(24), bandwidth: 125e6), 5, 5),
    ] as [(ProbeWay, Double, Double)])
  func raster(way: ProbeWay, wanted: Double, is expected: Double) {
    let interval = way.interval(.milliseconds(wanted)).seconds * 1000
    #expect(abs(interval - expected) < 1e-6)
  }

  @Test(
    "a request waits for the app once its answer could have come",
    arguments: [
      // Without a way it does from the beginning on.
      (0, 0, true), (0, 50, true), (100, 0, false), (100, 204, false), (100, 205, true),
    ])
  func over(roundTrip: Int, age: Int, isOver: Bool) {
    let way = ProbeWay(roundTrip: .milliseconds(roundTrip))
    #expect(way.isOver(at: .milliseconds(age), interval: .milliseconds(5)) == isOver)
  }

  /// What a watch sees of a server over a way that is said to take two seconds.
  private func observe(
    _ server: ScriptedServer, interval: Duration, appTime: Duration = .zero,
    limit: Duration = .milliseconds(400)
  ) async throws -> ProbeObservation {
    let way = ProbeWay(roundTrip: .seconds(1))
    let watch = ProbeWatch(
      loop: MultiThreadedEventLoopGroup.singleton.next(),
      endpoint: ProbeEndpoint(addresses: ["127.0.0.1"], port: server.port, path: "/"),
      addresses: ["127.0.0.1"], interval: interval, idleInterval: interval,
      hedgeDelay: .milliseconds(50), way: way,
      entrance: { way.entrance }, appTime: appTime, goal: .text("token"),
      onSend: {}, onAnswer: { _, _ in })
    watch.start()
    return await watch.result(limit: limit)
  }

  @Test("what is on its way doesn't hold up the next request")
  func onTheWay() async throws {
    let server = try ScriptedServer { _ in [.hold] }
    let seen = try await observe(server, interval: .milliseconds(10))
    #expect(seen.found == nil)
    // Eight is the most that an app without a way gets.
    #expect(seen.requests > Probe.mostUnderWay)
    #expect(seen.lastAbsentSent == nil)
  }

  @Test("an app that is known to be slow gets no request before it has had time for the last")
  func slow() async throws {
    let server = try ScriptedServer { _ in [.hold] }
    let seen = try await observe(server, interval: .milliseconds(10), appTime: .seconds(10))
    #expect(seen.requests == 1)
  }

  @Test("an answer counts for when its own request was sent, whatever is under way before it")
  func bracket() async throws {
    let server = try ScriptedServer {
      switch $0 {
      case 0: [.hold]
      case 1: ScriptedServer.ok("old")
      default: ScriptedServer.ok("token")
      }
    }
    let begun = MonotonicInstant.now()
    let seen = try await observe(server, interval: .milliseconds(50), limit: .seconds(20))
    let (found, absent) = (try #require(seen.found), try #require(seen.lastAbsentSent))
    // The second request's: the first was sent at the beginning and told nothing.
    #expect(absent - begun >= .milliseconds(50))
    #expect(absent < found)
    #expect(seen.requests >= 3)
  }

  @Test(
    "a refused connection tells that the app is gone, unless a forwarded port refused it",
    arguments: [(ProbeWay.none, true), (ProbeWay(roundTrip: .zero, over: .portForward), false)])
  func refused(way: ProbeWay, isAbsent: Bool) async throws {
    let listener = try Listener(.loopback4)
    listener.end()
    let probe = Probe(
      endpoint: ProbeEndpoint(port: listener.port, path: "/"), interval: .milliseconds(5))
    probe.use(way)
    let seen = await probe.observe(.text("token"), limit: .milliseconds(200))
    await probe.shutdown()
    #expect(seen.lastAnswer == "the connection was refused")
    #expect((seen.lastAbsentSent != nil) == isAbsent)
  }
}
