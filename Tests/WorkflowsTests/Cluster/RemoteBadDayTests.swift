import Clock
import Foundation
import Glibc
import Link
import Measurement
import Processes
import Scenarios
import TestSupport
import Testing

@testable import Containers
@testable import Workflows

/// What happens to a remote session while something of its remote, or the way there, is down.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct RemoteBadDayTests {
  /// Kills what the remote runs, and waits until it is gone.
  private func kill(_ what: String, of app: ClusterApp) async throws {
    let shared = try #require(app.remote)
    let place = try await shared.remote(of: app.podman).place
    let victims = ProcessTable.pids().filter {
      guard let command = ProcessTable.command(of: $0) else { return false }
      return (command.contains(place.path) || command.contains(place.short))
        && command.contains(what)
    }
    try #require(!victims.isEmpty, "nothing is called “\(what)”")
    for victim in victims {
      let watch = ExitWatch(of: victim)
      Glibc.kill(victim, SIGKILL)
      _ = try await watch.end()
    }
  }

  @Test("the remote engine is killed: stream, output and rebuilds go on with the one that comes back")
  func engineKilled() async throws {
    try await ClusterApp.with(.remote(.sync)) { app in
      let id = try await app.container().id
      try app.save("text.txt", "two")
      #expect(await app.served("two"))
      try await app.settled(1)
      try await kill("system service", of: app)
      try app.save("text.txt", "three")
      #expect(await app.served("three"))
      try await app.settled(2)
      #expect(try await app.session.verify() == nil)
      #expect(app.actions == ["sync", "sync"])
      #expect(try await app.container().id == id)
      try await eventually("the output is followed again, each line once") {
        await app.session.outputTail(9) == ["text one", "text two", "text three"]
      }
      try await kill("system service", of: app)
      try app.save("new.bin", "rebuilds")
      try await app.settled(3)
      #expect(app.actions.last == "rebuild new.bin")
      #expect(await app.served("three"))
      #expect(try await app.inside("cat /app/new.bin") == "rebuilds")
      #expect(app.failures == [])
    }
  }

  /// Saves a file that takes two seconds on its way up, and waits until a part of it is there.
  private func beginSending(_ name: String, in app: ClusterApp) async throws {
    try await app.session.use(LinkProfile(up: Bandwidth(bitsPerSecond: 8_000_000)))
    var numbers = RandomNumbers()
    let text = (0..<250_000).map { _ in String(numbers.next(), radix: 16) }.joined()
    let saved = try app.save(name, text)
    let meter = try #require(await app.session.meter)
    try await eventually("a part of it is there") { meter(saved, .now()).up > 300_000 }
  }

  /// What was sent has arrived whole, and what is saved next is served.
  private func expectArrival(
    of name: String, in app: ClusterApp, settled: Int,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    try await app.settled(settled)
    try await app.session.use(LinkProfile.unshaped)
    let sum = try await app.inside("sha256sum < /app/\(name)")
    let own = try await Command.output(of: ["sha256sum", app.directory("tree/\(name)")])
    #expect(sum.prefix(64) == own.prefix(64), sourceLocation: sourceLocation)
    try app.save("text.txt", "after \(settled)")
    #expect(await app.served("after \(settled)"), sourceLocation: sourceLocation)
    try await app.settled(settled + 1)
    #expect(try await app.session.verify() == nil, sourceLocation: sourceLocation)
  }

  @Test("the registry is killed, or the link down, in the middle of a push: the edit arrives")
  func push() async throws {
    try await ClusterApp.with(.remote(.sync)) { app in
      try await beginSending("large.bin", in: app)
      try await kill(Registry.program, of: app)
      try await expectArrival(of: "large.bin", in: app, settled: 1)
      for outage in LinkOutage.allCases {
        let settled = app.settledCount
        try await beginSending("large.bin", in: app)
        try await interrupt(app, outage)
        try await expectArrival(of: "large.bin", in: app, settled: settled + 1)
      }
      #expect(Set(app.actions) == ["rebuild large.bin", "sync"])
      #expect(app.failures == [])
    }
  }

  private func interrupt(_ app: ClusterApp, _ outage: LinkOutage) async throws {
    try await app.session.use(outage)
    try await Task.sleep(for: .seconds(1))
    try await app.session.use(nil as LinkOutage?)
  }

  @Test("the link is down in the middle of a frame: the stream is opened again, and the frame sent again")
  func frame() async throws {
    try await ClusterApp.with(.remote(.sync)) { app in
      for outage in LinkOutage.allCases {
        let settled = app.settledCount
        try await beginSending("data/large.bin", in: app)
        try await interrupt(app, outage)
        try await expectArrival(of: "data/large.bin", in: app, settled: settled + 1)
      }
      #expect(Set(app.actions) == ["sync"])
      #expect(app.failures == [])
      try await eventually("the output is followed through all of it") {
        await app.session.outputTail(9)
          == ["text one"] + [1, 3, 5].map { "text after \($0)" }
      }
    }
  }

  @Test(
    "the link is down in the middle of a pull and of a deployment: the edit is served",
    arguments: [
      (.inPlace, [("push", .reset), ("pull", .refuse)]),
      (.replace, [("push", .refuse), ("stop", .reset), ("pull", .stall)]),
    ] as [(ClusterSpec.DeployStrategy, [(String, LinkOutage)])])
  func deploy(
    _ strategy: ClusterSpec.DeployStrategy, outages: [(after: String, LinkOutage)]
  ) async throws {
    var options = ClusterApp.Options.remote(.rebuild)
    options.deploy = strategy
    try await ClusterApp.with(options) { app in
      // Each call takes long enough to be met.
      try await app.session.use(LinkProfile(rtt: .milliseconds(40)))
      for (phase, outage) in outages {
        let text = "\(outage) after \(phase)"
        let settled = app.settledCount
        let saved = try app.save("text.txt", text)
        try await eventually("the phase “\(phase)” is over") {
          await app.session.spans(from: saved, to: .now()).contains { $0.name == phase }
        }
        try await interrupt(app, outage)
        #expect(await app.served(text), "\(text): \(app.failures)")
        try await app.settled(settled + 1)
      }
      #expect(app.failures == [])
    }
  }
}
