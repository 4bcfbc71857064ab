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
    let place = try await app.remotePlace()
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

  @Test(
    "the remote engine is killed: stream, output and rebuilds go on with the one that comes back")
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

  @Test(
    "the link is down in the middle of a frame: the stream is opened, and the frame sent, again")
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

  @Test("remotes and this machine's engine live side by side: what becomes of one touches no other")
  func sideBySide() async throws {
    let state = try TemporaryDirectory()
    let shared = StateDirectory(path: state("devbench"))
    func app(_ options: ClusterApp.Options) async throws -> ClusterApp {
      try await ClusterApp(options, state: shared)
    }
    var replacing = ClusterApp.Options.remote(.rebuild)
    replacing.deploy = .replace
    var here = ClusterApp.Options.small(.rebuild)
    here.deploy = .replace
    let apps = [
      try await app(replacing), try await app(replacing), try await app(here),
    ]
    do {
      for app in apps { try await app.session.start() }
      // Each goes down once and comes up again while the others serve.
      for (number, app) in apps.enumerated() {
        try app.save("text.txt", "app \(number)")
        #expect(await app.served("app \(number)"))
        try await app.settled(1)
      }
      for (number, app) in apps.enumerated() {
        #expect(await app.served("app \(number)", limit: .seconds(5)), "app \(number)")
      }
      await apps[0].end()
      #expect(await apps[1].served("app 1", limit: .seconds(5)))
      #expect(await apps[2].served("app 2", limit: .seconds(5)))
      await apps[2].end()
      #expect(await apps[1].served("app 1", limit: .seconds(5)))
      try apps[1].save("text.txt", "still there")
      #expect(await apps[1].served("still there"))
    } catch {
      Issue.record(error)
    }
    for app in apps {
      await app.end()
      #expect(try await app.leftovers() == [])
    }
  }

  @Test(
    "the registry's port is taken while it is down: the rebuild fails with the reason, a later one works"
  )
  func registryPortTaken() async throws {
    try await ClusterApp.with(.remote(.rebuild)) { app in
      let shared = try #require(app.remote)
      let port = try #require(await shared.remote(of: app.podman).registryPort)
      try await kill(Registry.program, of: app)
      // Takes connections and never answers.
      let other = try Listener(.loopback4, port: port)
      try app.save("text.txt", "two")
      try await app.settled(1)
      #expect(app.failures.count == 1)
      #expect(app.failures.first?.contains("docker-registry") == true, "\(app.failures)")
      #expect(app.failures.first?.contains("address already in use") == true, "\(app.failures)")
      #expect(await app.served("one"))
      other.end()
      try await eventually("the registry listens again") {
        LoopbackPort.owners(of: port)?.isEmpty == false
      }
      try app.save("text.txt", "three")
      #expect(await app.served("three"))
    }
  }

  @Test(
    "the registry's disk is full: the rebuild fails with the reason, and works once there is room",
    .enabled(if: getuid() == 0, "only root can mount a small disk"))
  func registryDiskFull() async throws {
    let app = try await ClusterApp(.remote(.sync))
    let images = "\(try await app.remotePlace().path)/images"
    try FileManager.default.createDirectory(
      atPath: images, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    _ = try await Command.output(of: ["mount", "-t", "tmpfs", "-o", "size=4m", "none", images])
    do {
      try await app.session.start()
      var numbers = RandomNumbers()
      let bytes = (0..<1_000_000).map { _ in numbers.next() }
      try bytes.withUnsafeBytes { Data($0) }.write(
        to: URL(fileURLWithPath: app.directory("tree/large.bin")))
      try await app.settled(1)
      #expect(app.failures.count == 1)
      #expect(app.failures.first?.contains("no space left on device") == true, "\(app.failures)")
      #expect(await app.served("one"))
      _ = try await Command.output(of: ["mount", "-o", "remount,size=64m", images])
      try app.save("text.txt", "two")
      #expect(await app.served("two"))
      try await app.settled(2)
      #expect(try await app.inside("wc -c < /app/large.bin") == "\(bytes.count * 8)")
    } catch {
      Issue.record(error)
    }
    await app.session.stop()
    _ = try await Command.output(of: ["umount", "--lazy", images])
    await app.end()
    #expect(try await app.leftovers() == [])
  }

  @Test("edge case 44: the app's port here is taken: told with its owner, before anything is built")
  func portTaken() async throws {
    let listener = try Listener(.loopback4)
    var options = ClusterApp.Options.remote(.sync)
    options.hostPort = listener.port
    let app = try await ClusterApp(options)
    let failure = await #expect(throws: WorkflowFailure.self) { try await app.session.start() }
    #expect("\(try #require(failure))".contains("port \(listener.port) is taken by process"))
    listener.end()
    try await app.session.start()
    #expect(await app.served("one"))
    await app.end()
    #expect(try await app.leftovers() == [])
  }
}
