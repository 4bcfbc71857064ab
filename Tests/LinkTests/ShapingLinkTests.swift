import Clock
import Glibc
import Link
import TestSupport
import Testing

/// Real sockets over a real link.
@Suite(.timeLimit(.minutes(3))) struct ShapingLinkTests {
  static func profile(
    rtt: Int = 0, jitter: Int = 0, up: String? = nil, down: String? = nil
  ) throws -> LinkProfile {
    try LinkProfile(
      rtt: .milliseconds(rtt), jitter: .milliseconds(jitter), up: up.map { try Bandwidth($0) },
      down: down.map { try Bandwidth($0) })
  }

  @Test(
    "random streams arrive as they were sent, both ways at once, and are counted exactly",
    arguments: [
      (0, 0, nil as String?, nil as String?), (4, 4, "200Mbit/s", "100Mbit/s"), (20, 0, nil, nil),
      (0, 0, "50Mbit/s", nil), (2, 1, nil, "80Mbit/s"),
    ])
  func bothWays(rtt: Int, jitter: Int, up: String?, down: String?) async throws {
    let profile = try Self.profile(rtt: rtt, jitter: jitter, up: up, down: down)
    try await Bridge.with(profile) { bridge in
      let began = MonotonicInstant.now()
      let (there, back) = (randomBytes(1_500_000), randomBytes(1_200_000))
      let (client, target) = try await bridge.pair()
      async let sent: Void = client.send(there)
      async let answered: Void = target.send(back)
      async let atTarget = target.receiveAll()
      async let atClient = client.receiveAll()
      try await sent
      client.endOutput()
      try await answered
      target.endOutput()
      let (arrived, returned) = try await (atTarget, atClient)
      #expect(arrived == there)
      #expect(returned == back)
      try await eventually("the connection is over") { bridge.link.counts.open == 0 }
      let moved = LinkBytes(up: 1_500_000, down: 1_200_000)
      let counts = bridge.link.counts
      #expect(counts.bytes == moved)
      #expect(counts.connections == 1 && counts.refused == 0 && counts.reset == 0)
      #expect(bridge.link.bytes(from: began, to: .now()) == moved)
      #expect(bridge.link.bytes(from: MonotonicInstant(nanoseconds: 0), to: began) == LinkBytes())
    }
  }

  @Test("a half-close is passed on, and the other half stays open")
  func halfClose() async throws {
    try await Bridge.with(Self.profile(rtt: 4, up: "10Mbit/s", down: "10Mbit/s")) { bridge in
      let (client, target) = try await bridge.pair()
      try await client.send("question")
      client.endOutput()
      #expect(try await target.receiveAll() == Array("question".utf8))
      try await target.send("answer")
      #expect(try await client.receiveText(6) == "answer")
      try await target.send("!")
      target.endOutput()
      #expect(try await client.receiveAll() == Array("!".utf8))
      try await eventually("the connection is over") { bridge.link.counts.open == 0 }
      #expect(bridge.link.counts.reset == 0)
    }
  }

  @Test("a server may speak first")
  func greeting() async throws {
    try await Bridge.with(Self.profile(rtt: 6)) { bridge in
      let (client, target) = try await bridge.pair()
      try await target.send("220 hello")
      #expect(try await client.receiveText(9) == "220 hello")
    }
  }

  @Test("a reset is passed on", arguments: [true, false], [0, 6])
  func reset(byClient: Bool, rtt: Int) async throws {
    try await Bridge.with(Self.profile(rtt: rtt)) { bridge in
      let survivor: Peer
      do {
        let (client, target) = try await bridge.pair()
        try await client.send("x")
        _ = try await target.receive(1)
        survivor = byClient ? target : client
        (byClient ? client : target).cutOnClose()
      }
      await #expect { try await survivor.receive(1) } throws: {
        ($0 as? Peer.Refused)?.number == ECONNRESET
      }
      try await eventually("it is counted") {
        bridge.link.counts.reset == 1 && bridge.link.counts.open == 0
      }
    }
  }

  @Test("a target that refuses gives the client a reset, and is counted", arguments: [0, 6])
  func refusing(rtt: Int) async throws {
    try await Bridge.with(Self.profile(rtt: rtt)) { bridge in
      bridge.listener.end()
      let client = try Peer(to: bridge.address)
      await #expect { try await client.receive(1) } throws: {
        ($0 as? Peer.Refused)?.number == ECONNRESET
      }
      try await eventually("it is counted") {
        bridge.link.counts.refused == 1 && bridge.link.counts.open == 0
      }
    }
  }

  @Test(
    "in a stall nothing moves and new connections hang; then all goes on and nothing is lost",
    arguments: [0, 6])
  func stall(rtt: Int) async throws {
    try await Bridge.with(Self.profile(rtt: rtt)) { bridge in
      let (client, target) = try await bridge.pair()
      try await client.send("before")
      #expect(try await target.receiveText(6) == "before")
      let bytes = randomBytes(100_000)
      try await bridge.link.use(.stall)
      let before = bridge.link.counts.bytes
      try await client.send(bytes)
      try await target.send("back")
      client.endOutput()
      let second = try Peer(to: bridge.address)
      try await second.send("second")
      try await eventually("the link has the second client") { bridge.link.counts.connections == 2 }
      #expect(bridge.link.counts.bytes == before)
      #expect(bridge.link.counts.open == 2)
      try await bridge.link.use(nil)
      #expect(try await target.receiveAll() == bytes)
      #expect(try await client.receiveText(4) == "back")
      #expect(try await bridge.accept().receiveText(6) == "second")
      #expect(bridge.link.counts.reset == 0)
    }
  }

  @Test("the profile offline stalls, and another one goes on")
  func offline() async throws {
    try await Bridge.with(.named("offline")) { bridge in
      let client = try Peer(to: bridge.address)
      try await client.send("hello")
      try await eventually("the link has the client") { bridge.link.counts.connections == 1 }
      try await bridge.link.use(.named("lan"))
      let target = try await bridge.accept()
      #expect(try await target.receiveText(5) == "hello")
      try await bridge.link.use(.named("offline"))
      try await target.send("late")
      try await bridge.link.use(.unshaped)
      #expect(try await client.receiveText(4) == "late")
    }
  }

  @Test(
    "refuse resets what is open and refuses what comes; afterwards the same address takes connections"
  )
  func refuse() async throws {
    try await Bridge.with { bridge in
      let (client, target) = try await bridge.pair()
      try await bridge.link.use(.refuse)
      for peer in [client, target] {
        await #expect { try await peer.receive(1) } throws: {
          ($0 as? Peer.Refused)?.number == ECONNRESET
        }
      }
      #expect { try Peer(to: bridge.address) } throws: {
        ($0 as? Peer.Refused)?.number == ECONNREFUSED
      }
      try await bridge.link.use(nil)
      let (again, there) = try await bridge.pair()
      try await again.send("again")
      #expect(try await there.receiveText(5) == "again")
      #expect(bridge.link.counts.connections == 2 && bridge.link.counts.reset == 1)
    }
  }

  @Test("reset resets what is open, and what comes as soon as it comes")
  func resetting() async throws {
    try await Bridge.with(Self.profile(rtt: 4)) { bridge in
      let (client, target) = try await bridge.pair()
      try await bridge.link.use(.reset)
      let second = try Peer(to: bridge.address)
      for peer in [client, target, second] {
        await #expect { try await peer.receive(1) } throws: {
          ($0 as? Peer.Refused)?.number == ECONNRESET
        }
      }
      #expect(bridge.link.counts.reset == 2 && bridge.link.counts.open == 0)
      try await bridge.link.use(nil)
      _ = try await bridge.pair()
    }
  }

  @Test("the profile can be changed while bytes are under way, and none is lost or out of place")
  func changing() async throws {
    try await Bridge.with(Self.profile(rtt: 10, jitter: 4, up: "100Mbit/s")) { bridge in
      let bytes = randomBytes(3_000_000)
      let (client, target) = try await bridge.pair()
      async let sent: Void = client.send(bytes)
      async let received = target.receiveAll()
      for profile in [
        LinkProfile.unshaped, try Self.profile(up: "200Mbit/s"), try .named("lan"),
        try .named("offline"), try Self.profile(rtt: 30), .unshaped,
      ] {
        let now = bridge.link.counts.bytes.up
        try await bridge.link.use(profile)
        if profile.outage != nil { continue }
        try await eventually("more has arrived, or all") {
          bridge.link.counts.bytes.up > now || bridge.link.counts.bytes.up == 3_000_000
        }
      }
      try await sent
      client.endOutput()
      #expect(try await received == bytes)
    }
  }

  @Test("many connections at once, each with its own bytes")
  func many() async throws {
    try await Bridge.with(Self.profile(rtt: 4, jitter: 2, up: "500Mbit/s", down: "500Mbit/s")) {
      bridge in
      let count = 100
      let echoes = Task {
        for _ in 0..<count {
          let target = try await bridge.accept()
          Task {
            try await target.send(target.receiveAll())
            target.endOutput()
          }
        }
      }
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for _ in 0..<count {
          group.addTask {
            let bytes = randomBytes(Int.random(in: 1...40_000))
            let client = try Peer(to: bridge.address)
            try await client.send(bytes)
            client.endOutput()
            return try await client.receiveAll() == bytes
          }
        }
        for try await isSame in group { #expect(isSame) }
      }
      try await echoes.value
      try await eventually("all are over") { bridge.link.counts.open == 0 }
      let counts = bridge.link.counts
      #expect(counts.connections == count && counts.reset == 0)
      #expect(counts.bytes.up == counts.bytes.down)
    }
  }

  @Test(
    "a receiver that doesn't read stops its sender, and gets everything later",
    arguments: [
      (0, nil as String?), (10, nil), (10, "1Gbit/s"),
    ])
  func backPressure(rtt: Int, up: String?) async throws {
    try await Bridge.with(Self.profile(rtt: rtt, up: up)) { bridge in
      let (client, target) = try await bridge.pair()
      let taken = try await client.fill()
      // The link's window and water mark, and the kernel's buffers of two sockets: tcp_rmem and tcp_wmem.
      #expect(taken < 40 << 20)
      client.endOutput()
      #expect(try await target.receiveAll().count == taken)
    }
  }

  @Test("after its end nothing listens, what was open is reset, and ending again is no error")
  func stopping() async throws {
    let bridge = try await Bridge()
    let (client, target) = try await bridge.pair()
    await bridge.link.stop()
    await bridge.link.stop()
    for peer in [client, target] {
      await #expect { try await peer.receive(1) } throws: {
        ($0 as? Peer.Refused)?.number == ECONNRESET
      }
    }
    #expect { try Peer(to: bridge.address) } throws: {
      ($0 as? Peer.Refused)?.number == ECONNREFUSED
    }
    await #expect(throws: LinkFailure.stopped) {
      try await bridge.link.listen(on: bridge.address, to: bridge.address)
    }
    await #expect(throws: LinkFailure.stopped) { try await bridge.link.use(.stall) }
    #expect(bridge.link.counts.open == 0)
  }
}
