import ContainersTesting
import Foundation
import Processes
import TestSupport
import Testing

@testable import Containers

@Suite(.serialized) struct InventoryTests {
  private static let dead = ContainerLabel(session: "gone", owner: .dead)
  private static let alive = ContainerLabel(session: "here")

  @Test("what dead processes left is removed; the living's, the user's and stand-ins stay")
  func leftovers() async throws {
    try await ScratchEngine.with { engine in
      let podman = engine.podman
      let base = try await engine.busybox()
      let context = try TemporaryDirectory()
      try context.write("Dockerfile", "FROM \(StandIn.busybox.reference)\nRUN echo 1 > /one\n")
      func run(_ name: String, _ label: ContainerLabel?, image: String) async throws {
        _ = try await podman.run(
          ["run", "--detach", "--name", name, "--network", "none"] + (label?.arguments ?? [])
            + [image, "sleep", "1000"])
      }
      for (name, label) in [("t-gone", Self.dead), ("t-here", Self.alive)] {
        _ = try await podman.run(
          ["build", "--tag", "localhost/devbench/\(name):1"] + label.arguments + [context.path])
      }
      try await run("t-gone", Self.dead, image: StandIn.busybox.reference)
      try await run("t-here", Self.alive, image: StandIn.busybox.reference)
      try await run("t-user", nil, image: StandIn.busybox.reference)
      // Started by the user from an image of devbench's: its label is inherited.
      try await run("t-heir", nil, image: "localhost/devbench/t-here:1")
      let infra = ["--infra-image", StandIn.busybox.reference, "--infra-command", "sleep 1000"]
      for (name, label) in [("p-gone", Self.dead), ("p-here", Self.alive)] {
        _ = try await podman.run(
          ["pod", "create", "--name", name, "--network", "none"] + infra + label.arguments)
        _ = try await podman.run(
          [
            "run", "--detach", "--name", "\(name)-app", "--pod", name, StandIn.busybox.reference,
            "sleep", "1000",
          ])
        _ = try await podman.run(["volume", "create"] + label.arguments + ["v-\(name)"])
      }
      _ = try await podman.run(["volume", "create", "v-user"])

      // Made from the container of one that is gone, and another name for its image: the user's.
      _ = try await podman.run(["commit", "t-gone", "localhost/mine/commit:1"])
      _ = try await podman.run(["tag", "localhost/devbench/t-gone:1", "localhost/mine/tag:1"])

      let items = try await podman.inventory()
      #expect(
        Set(items.filter { $0.label == Self.dead && !$0.names.isEmpty }.map(\.names[0]))
          == ["t-gone", "p-gone", "v-p-gone", "localhost/devbench/t-gone:1"])
      #expect(items.filter(\.isOwned).map(\.label?.session).allSatisfy { $0 == "here" })
      #expect(!items.contains { $0.names == ["t-heir"] || $0.kind == .standIn })
      #expect(
        try await podman.inventory(standIns: true).filter { $0.kind == .standIn }.map(\.id)
          == [base.id])

      let result = try await podman.removeLeftovers()
      #expect(result.problems == [])
      #expect(result.removed.contains { $0.names == ["p-gone"] })
      let names = try await podman.run(["ps", "--all", "--format", "{{.Names}}"]).stdout
        .split(separator: "\n").filter { !$0.hasSuffix("-infra") }.map(String.init)
      #expect(Set(names) == ["t-here", "t-user", "t-heir", "p-here-app"])
      let volumes = try await podman.run(["volume", "ls", "--quiet"]).stdout
      #expect(Set(volumes.split(separator: "\n")) == ["v-p-here", "v-user"])
      #expect(try await podman.image("localhost/devbench/t-gone:1") == nil)
      #expect(try await podman.image("localhost/devbench/t-here:1") != nil)
      #expect(try await podman.image("localhost/mine/commit:1") != nil)
      #expect(try await podman.image("localhost/mine/tag:1") != nil)
      #expect(try await podman.image(StandIn.busybox.reference)?.id == base.id)
      #expect(try await podman.removeLeftovers().removed == [])
    }
  }

  @Test(
    "secrets and volumes without a label are known by their session's name, though its pod is gone",
    arguments: ["a start", "clean"])
  func unlabelled(_ remover: String) async throws {
    try await ScratchEngine.with { engine in
      let podman = engine.podman
      try await engine.busybox()
      let (gone, pod, here) = ("0a1b2c3d", "0000000f", "deadbeef")
      for tag in [SessionTag(session: gone, owner: .dead), SessionTag(session: here)] {
        let context = try TemporaryDirectory()
        try context.write("Dockerfile", "FROM \(StandIn.busybox.reference)\n")
        _ = try await podman.run([
          "build", "--label", "\(ContainerLabel.key)=\(tag.session)", "--tag", tag.reference(2),
          context.path,
        ])
      }
      let infra = ["--infra-image", StandIn.busybox.reference, "--infra-command", "sleep 1000"]
      _ = try await podman.run(
        ["pod", "create", "--name", "p", "--network", "none"] + infra
          + ContainerLabel(session: "run-\(pod)", owner: .dead).arguments)
      for end in [gone, pod, here, "11111111", "user"] {
        let file = try TemporaryDirectory()
        try file.write("secret", "sesame")
        _ = try await podman.run(["secret", "create", "keys-\(end)", file("secret")])
        _ = try await podman.run(["volume", "create", "settings-\(end)"])
      }
      if remover == "clean" {
        for item in try await podman.inventory() where !item.isOwned {
          try await podman.remove(item)
        }
      } else {
        #expect(try await podman.removeLeftovers().problems == [])
      }
      #expect(Set(try await podman.secrets()) == ["keys-\(here)", "keys-11111111", "keys-user"])
      #expect(
        Set(try await podman.volumes())
          == ["settings-\(here)", "settings-11111111", "settings-user"])
      #expect(try await podman.image(SessionTag(session: gone, owner: .dead).reference(2)) == nil)
      #expect(try await podman.image(SessionTag(session: here).reference(2)) != nil)
      #expect(try await podman.image(StandIn.busybox.reference) != nil)
    }
  }

  @Test("what is gone by the time it is removed is no failure; what is in use is a problem")
  func races() async throws {
    try await ScratchEngine.with { engine in
      _ = try await engine.busybox()
      for kind in EngineItem.Kind.allCases {
        let name = kind == .image || kind == .standIn ? ["localhost/t/never:1"] : ["never"]
        let id = kind == .volume || kind == .secret ? "never" : String(repeating: "a", count: 64)
        try await engine.podman.remove(
          EngineItem(kind: kind, id: id, names: name, label: Self.dead))
      }
      _ = try await engine.podman.run(
        [
          "run", "--detach", "--name", "t-user", "--network", "none", StandIn.busybox.reference,
          "sleep", "1000",
        ])
      let item = try #require(
        try await engine.podman.inventory(standIns: true).first { $0.kind == .standIn })
      await #expect(throws: EngineFailure.self) { try await engine.podman.remove(item) }
      #expect(try await engine.podman.containers(ids: ["t-user"]).map(\.state) == [.running])
    }
  }

  @Test("a real build that is cancelled in its RUN step leaves no process and no working container")
  func cancelledBuild() async throws {
    try await ScratchEngine.with { engine in
      _ = try await engine.busybox()
      let context = try TemporaryDirectory()
      try context.write(
        "Dockerfile", "FROM \(StandIn.busybox.reference)\nRUN echo go && sleep 7777\n")
      let lines = Recorder<String>()
      let building = Task {
        try await engine.podman.run(
          ["build", "--tag", "localhost/t/slow:1"] + Self.dead.arguments + [context.path]
        ) { _, line in lines.record(line) }
      }
      try await lines.wait { $0.contains("go") }
      building.cancel()
      await #expect(throws: EngineFailure.self) { try await building.value }
      #expect(!ProcessTable.pids().contains { ProcessTable.command(of: $0) == "sleep 7777" })
      let left = try await engine.podman.run(["ps", "--all", "--external", "--quiet"]).stdout
      #expect(left == "")
    }
  }
}
