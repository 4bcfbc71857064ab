import Clock
import Foundation
import Glibc
import Measurement
import Processes
import Scenarios
import TestSupport
import Testing

@testable import Containers
@testable import Workflows

/// Sessions over a remote of devbench's own: a second engine and a registry behind a link.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct RemoteClusterTests {
  @Test("a saved file crosses the link, is served, and is equal; its phases are those of a sync")
  func sync() async throws {
    try await ClusterApp.with(.remote(.sync)) { app in
      let id = try await app.container().id
      let saved = try app.save("text.txt", "two")
      #expect(await app.served("two"))
      try await app.settled(1)
      #expect(app.actions == ["sync"])
      #expect(try await app.container().id == id)
      #expect(
        await app.session.spans(from: saved, to: .now()).map(\.name)
          == ["detect", "pack", "transfer", "reload"])
      #expect(try await app.session.verify() == nil)
      let meter = try #require(await app.session.meter)
      let traffic = meter(saved, .now())
      #expect(traffic.up > 0 && traffic.down > 0)
      try await eventually("the app's output crosses the link") {
        await app.session.outputTail(2) == ["text one", "text two"]
      }
    }
  }

  @Test(
    "a save rebuilds here, crosses the link as one layer, and is served by a new container there",
    arguments: [ClusterSpec.DeployStrategy.inPlace, .replace])
  func rebuild(_ deploy: ClusterSpec.DeployStrategy) async throws {
    var options = ClusterApp.Options.remote(.rebuild)
    options.deploy = deploy
    options.files["large.bin"] = String(repeating: "large", count: 200_000)
    try await ClusterApp.with(options) { app in
      let before = try await app.container()
      let saved = try app.save("text.txt", "two")
      #expect(await app.served("two"))
      try await app.settled(1)
      #expect(app.actions == ["rebuild"])
      let after = try await app.container()
      #expect(after.id != before.id && after.imageID != before.imageID)
      #expect(
        await app.session.spans(from: saved, to: .now()).map(\.name)
          == ["detect", "build", "push", "pull", "stop", "deploy", "start"])
      let meter = try #require(await app.session.meter)
      let traffic = meter(saved, .now())
      #expect(traffic.up > 0 && traffic.down > 0)
      try await eventually("the new container's output crosses the link") {
        await app.session.outputTail(1) == ["text two"]
      }
    }
  }

  @Test("an app that ends is told of with its status, and the next save makes it anew")
  func lost() async throws {
    var options = ClusterApp.Options.remote(.sync)
    options.manifest = options.manifest.replacing(
      "  terminationGracePeriodSeconds",
      with: "  restartPolicy: Never\n  terminationGracePeriodSeconds")
    try await ClusterApp.with(options) { app in
      try app.save("end.txt", "")
      try await app.events.wait { $0.contains { if case .lost = $0 { true } else { false } } }
      #expect(app.failures.first == "the container “app” ended with status 3")
      try app.remove("end.txt")
      try app.save("text.txt", "two")
      #expect(await app.served("two"))
    }
  }

  @Test("stopped, a session leaves nothing there or here; removed, a remote leaves nothing at all")
  func leavesNothing() async throws {
    let app = try await ClusterApp(.remote(.sync))
    try await app.session.start()
    let shared = try #require(app.remote)
    let remote = try await shared.remote(of: app.podman)
    let there = try await app.place()
    #expect(try files(remote.place.short).contains { $0.hasSuffix(".sock") && $0 != "podman.sock" })
    await app.session.stop()
    #expect(try files(remote.place.short) == ["podman.sock", "run"])
    for list in [["ps", "--all", "--external"], ["pod", "ps"], ["volume", "ls"]] {
      #expect(try await there.run(list + ["--quiet"]).stdout == "")
    }
    #expect(try await app.containers() == [])
    try await app.session.start()
    #expect(await app.served("one"))
    await app.end()
    #expect(try await app.leftovers() == [])
    for path in [remote.place.path, remote.place.short] {
      #expect(!FileManager.default.fileExists(atPath: path))
      #expect(
        !ProcessTable.pids().contains { ProcessTable.command(of: $0)?.contains(path) == true })
    }
  }

  private func files(_ directory: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
  }

  @Test(
    "nothing of a remote or a session listens beyond this machine, and its sockets are the user's")
  func listeners() async throws {
    try await ClusterApp.with(.remote(.sync)) { app in
      let place = try await app.remotePlace()
      let pids = ProcessTable.pids().filter { pid in
        let command = ProcessTable.command(of: pid) ?? ""
        return pid == getpid() || command.contains(place.path) || command.contains(place.short)
      }
      let listeners = try pids.flatMap { try Self.listeners(of: $0) }
      #expect(!listeners.isEmpty)
      #expect(listeners.filter { !Self.loopback.contains($0) } == [])
      let ports = try await app.place().run(["ps", "--all", "--format", "{{.Ports}}"]).stdout
        .split(whereSeparator: \.isNewline)
      #expect(!ports.isEmpty && ports.allSatisfy { $0.hasPrefix("127.0.0.1:") }, "\(ports)")

      func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      }
      for directory in [place.path, place.short] { #expect(try mode(directory) == 0o700) }
      let sockets = try files(place.short).filter { $0.hasSuffix(".sock") }
      #expect(sockets.count == 2, "\(sockets)")
      for socket in sockets { #expect(try mode("\(place.short)/\(socket)") == 0o600, "\(socket)") }
    }
  }

  /// As /proc/net/tcp and tcp6 write 127.0.0.1, ::ffff:127.0.0.1 and ::1.
  private static let loopback = [
    "0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000",
  ]

  /// The addresses at which a process takes connections or datagrams; see proc_pid_net(5).
  private static func listeners(of pid: pid_t) throws -> [String] {
    let directory = "/proc/\(pid)/fd"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    let open = Set(
      names.compactMap {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "\(directory)/\($0)")
      })
    var addresses: [String] = []
    for (table, state) in [("tcp", "0A"), ("tcp6", "0A"), ("udp", "07"), ("udp6", "07")] {
      for line in try #require(ProcessTable.text(of: "/proc/net/\(table)"))
        .split(separator: "\n").dropFirst()
      {
        let fields = line.split(separator: " ")
        guard fields.count > 9, fields[3] == state, open.contains("socket:[\(fields[9])]") else {
          continue
        }
        addresses.append(String(fields[1].prefix { $0 != ":" }))
      }
    }
    return addresses
  }
}
