import ContainersTesting
import Foundation
import TestSupport
import Testing

@testable import Containers

@Suite(.serialized, .timeLimit(.minutes(5))) struct PodmanServiceTests {
  @Test("a service answers however long the path of its directory is", arguments: [103, 104, 107])
  func longPath(_ length: Int) async throws {
    try await ScratchEngine.with { engine in
      let scratch = try TemporaryDirectory()
      let missing = length - "/podman.sock".utf8.count - "\(scratch.path)/".utf8.count
      let directory = scratch(String(repeating: "d", count: missing))
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: false,
        attributes: [.posixPermissions: 0o700])
      let service = PodmanService(podman: engine.podman, directory: directory)
      try await service.start()
      await service.stop()
    }
  }

  @Test("a service that was killed is none that can be killed once more")
  func killing() async throws {
    try await ScratchEngine.with { engine in
      let service = PodmanService(podman: engine.podman, directory: engine.path)
      #expect(try await !service.kill())
      try await service.start()
      #expect(try await service.kill())
      #expect(try await !service.kill())
      await service.stop()
    }
  }

  @Test("an export that doesn't end is given up")
  func endlessExport() async throws {
    let server = try UnixServer { _ in
      [.read, .send("HTTP/1.1 200 OK\r\nContent-Length: 10240\r\n\r\nabc"), .hold]
    }
    let service = PodmanService(podman: Podman(settings: .none), connectedTo: server.path)
    do {
      _ = try await service.export("id", limit: .milliseconds(300))
      Issue.record("it ended")
    } catch {
      guard case .timedOut(_, let limit) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(limit == "0.3 seconds")
    }
    await service.stop()
  }

  @Test("what a container prints is followed from its beginning on, as it comes")
  func output() async throws {
    try await ScratchEngine.with { engine in
      _ = try await engine.busybox()
      let service = PodmanService(podman: engine.podman, directory: engine.path)
      try await service.start()
      let id = try await engine.podman.run([
        "run", "--detach", "--log-driver", "k8s-file", "--network", "none",
        StandIn.busybox.reference, "sh", "-c",
        "i=0; while :; do i=$((i + 1)); echo line $i; sleep 0.2; done",
      ]).stdout.trimmingCharacters(in: .whitespacesAndNewlines)
      let lines = Recorder<String>()
      let following = Task {
        try await service.followOutput(of: id) { lines.record($0) }
      }
      do {
        try await lines.wait(limit: .seconds(20)) { $0.count > 10 }
      } catch { Issue.record("\(error)") }
      #expect(lines.all.prefix(3) == ["line 1", "line 2", "line 3"])
      following.cancel()
      _ = await following.result
      await service.stop()
    }
  }
}
