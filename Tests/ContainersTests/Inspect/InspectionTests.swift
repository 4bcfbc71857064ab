import ContainersTesting
import Foundation
import Processes
import TestSupport
import Testing

@testable import Containers

@Suite(.serialized) struct InspectionTests {
  @Test(
    "the engine's dates are read with their fractions",
    arguments: [
      ("2026-11-21T06:33:49.639110612Z", 1_795_242_829.639110612),
      ("2026-11-21T06:33:49Z", 1_795_242_829),
      ("2026-11-21T07:33:49.5+01:00", 1_795_242_829.5),
      ("0001-01-01T00:00:00Z", nil), ("", nil), ("soon", nil),
    ] as [(String, Double?)])
  func dates(text: String, seconds: Double?) throws {
    let date = EngineDate.date(text)?.timeIntervalSince1970
    guard let seconds else {
      #expect(date == nil)
      return
    }
    #expect(abs(try #require(date) - seconds) < 0.000_001)
  }

  @Test("containers and images are read from the real engine")
  func real() async throws {
    try await ScratchEngine.with { engine in
      let podman = engine.podman
      let image = try await engine.busybox()
      #expect(image.cmd == ["sh"])
      #expect(image.env.contains { $0.hasPrefix("PATH=/usr/local/sbin:") })
      #expect(image.layers.count == 1 && image.id.count == 64)
      #expect(try await podman.image("localhost/no/such") == nil)
      #expect(try await podman.image(image.id)?.id == image.id)

      let label = ContainerLabel(session: "inspect")
      _ = try await podman.run(
        ["run", "--detach", "--name", "t-one", "--network", "none", "--user", "7:8"]
          + label.arguments + [StandIn.busybox.reference, "sleep", "1000"])
      _ = try await podman.run(
        ["run", "--name", "t-two", "--network", "none"] + label.arguments
          + [StandIn.busybox.reference, "sh", "-c", "exit 3"], accepting: [3])
      _ = try await podman.run(
        [
          "run", "--detach", "--name", "t-other", "--network", "none", StandIn.busybox.reference,
          "sleep", "1000",
        ])
      let found = try await podman.containers(filter: label.filter).sorted { $0.name < $1.name }
      #expect(found.map(\.name) == ["t-one", "t-two"])
      #expect(found.map(\.state) == [.running, .exited])
      #expect(found.map(\.exitCode) == [0, 3])
      #expect(found.map(\.user) == ["7:8", ""])
      #expect(found.map(\.imageID) == [image.id, image.id])
      #expect(found.map(\.pod) == [nil, nil])
      #expect(found.allSatisfy { $0.startedAt != nil && !$0.isInfra })
      #expect(found[0].pid > 0)
      #expect(ContainerLabel(of: found[0].labels) == label)
      let some = try await podman.containers(ids: [found[0].id, "t-gone"])
      #expect(some.map(\.name) == ["t-one"])
      let info = try await podman.info()
      #expect(info.storageDriver == "overlay")
    }
  }

  @Test(
    "an answer that isn't one is told, and a fault isn't taken for absence",
    arguments: [
      ("echo '{'", "can't be read"), ("echo 'Error: database is locked' >&2; exit 125", "locked"),
      ("exit 125", "exited with status 125"),
    ])
  func unreadable(script: String, part: String) async throws {
    let fake = try FakePodman(script)
    let failure = await #expect(throws: EngineFailure.self) { try await fake.podman.image("a") }
    #expect(failure?.description.contains(part) == true, "\(String(describing: failure))")
  }
}
