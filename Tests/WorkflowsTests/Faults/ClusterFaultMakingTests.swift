import Clock
import Foundation
import Measurement
import Processes
import TestSupport
import Testing

@testable import Containers
@testable import Workflows

/// Faults of real containers, pods and services.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct ClusterFaultMakingTests {
  @Test("an app's process, its container and its pod are hit, and saves go on being served")
  func local() async throws {
    try await ClusterApp.with(.small(.sync)) { app in
      // httpd is a child of the container's first process, which goes on without it.
      let first = try await app.container()
      let killed = try await app.session.make(.processKilled)
      #expect(killed.what.hasSuffix("of the container was killed"))
      #expect(try await app.container().pid == first.pid)
      #expect(try await app.inside("pidof httpd || echo none") == "none")

      let ended = try await app.session.make(.containerKilled)
      #expect(ended.at <= .now())
      try app.save("text.txt", "two")
      #expect(await app.served("two"))
      try await app.landedAll()

      let deleted = try await app.session.make(.podDeleted)
      #expect(deleted.end == nil)
      #expect(try await app.containers().isEmpty)
      try app.save("text.txt", "three")
      #expect(await app.served("three"))
      try await app.landedAll()

      // A sync needs no service, so that nobody has started it again for the second.
      for _ in 0..<2 { _ = try await app.session.make(.engineStopped) }
      try app.save("new.bin", "rebuilds")
      try app.save("text.txt", "four")
      #expect(await app.served("four"))
      await #expect(throws: FaultImpossible.self) {
        _ = try await app.session.make(.registryGone)
      }
      // What becomes of the deployment is the loop's to finish.
      try await app.landedAll()
    }
  }

  @Test("an app that is its container's first process is killed with it")
  func firstProcess() async throws {
    var options = ClusterApp.Options.small(.sync)
    options.dockerfile =
      "WORKDIR /app\nCOPY . .\nCMD [\"httpd\", \"-f\", \"-p\", \"8000\", \"-h\", \"/app\"]\n"
    try await ClusterApp.with(options) { app in
      let first = try await app.container()
      let killed = try await app.session.make(.processKilled)
      #expect(killed.what == "the app's process, its container's first, was killed")
      #expect(ProcessIdentity(of: first.pid)?.isAlive != true, "it may still wait to be reaped")
      try app.save("text.txt", "two")
      #expect(await app.served("two"))
      try await app.landedAll()
    }
  }

  @Test(
    "the container that serves is hit, and none where another would answer in its place",
    arguments: [
      ([[8000]], 8000, 0), ([[9000], [8000]], 8000, 1), ([[], [8000, 1]], nil, 1), ([[]], 8000, 0),
      ([[8000], [8000]], 8000, nil), ([[], []], nil, nil), ([], 8000, nil),
    ] as [([[Int]], Int?, Int?)])
  func victim(_ containers: [[Int]], _ port: Int?, _ index: Int?) {
    for fault in [AppFault.processKilled, .containerKilled, .podDeleted] {
      #expect((try? ClusterSession.victim(of: fault, among: containers, port: port)) == index)
    }
    // Neither is the app's alone.
    for fault in [AppFault.engineStopped, .registryGone] where !containers.isEmpty {
      #expect(throws: Never.self) {
        try ClusterSession.victim(of: fault, among: containers, port: port)
      }
    }
  }

  @Test("a remote's engine and registry stay away until the fault is ended")
  func remote() async throws {
    try await ClusterApp.with(.remote(.sync)) { app in
      let remote = try #require(try await app.remote?.remote(of: app.podman))
      let engine = try await app.session.make(.engineStopped)
      let service = PodmanService(podman: app.podman, connectedTo: remote.socket)
      #expect(await !service.isInReach())
      try app.save("text.txt", "two")
      try await engine.end?()
      #expect(await app.served("two"))
      try await app.landedAll()

      let port = try #require(await remote.registryPort)
      let registry = try await app.session.make(.registryGone)
      #expect(LoopbackPort.owners(of: port) == nil)
      try await registry.end?()
      try await eventually("the registry listens again") { LoopbackPort.owners(of: port) != nil }
      await service.stop()
    }
  }
}
