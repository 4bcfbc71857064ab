import ContainersTesting
import Foundation
import Testing

@testable import Containers

@Suite(.serialized, .timeLimit(.minutes(5))) struct EngineStoreTests {
  @Test("caches that a build's steps mount are the store's own, and go with it")
  func cacheMounts() async throws {
    try await ScratchEngine.with { engine in
      let image = try await engine.busybox()
      let store = try EngineStore(of: engine.podman, state: engine.state)
      let podman = store.engine(engine.podman)
      do {
        let archive = store.file("busybox.tar")
        _ = try await engine.podman.run([
          "save", "--quiet", "--format", "oci-archive", "--output", archive,
          StandIn.busybox.reference,
        ])
        _ = try await podman.run(["load", "--quiet", "--input", archive])
        #expect(!image.id.isEmpty)
        // A store's own cache is empty, so the first build finds nothing and the second what the first left.
        let context = store.file("context")
        try FileManager.default.createDirectory(
          atPath: context, withIntermediateDirectories: false)
        for (number, words) in [(1, "found: none"), (2, "found: 1")] {
          try Data(
            """
            FROM \(StandIn.busybox.reference)
            RUN --mount=type=cache,target=/cache echo "found: $(cat /cache/devbench 2>/dev/null || echo none)"; \
              echo \(number) > /cache/devbench

            """.utf8
          ).write(to: URL(fileURLWithPath: "\(context)/Dockerfile"))
          let built = try await podman.run(
            ["build", "--network", "none", "--pull=never", context], limit: .seconds(120))
          #expect(built.stdout.contains(words), "\(built.stdout)")
        }
        let walk = FileManager.default.enumerator(atPath: "\(store.place.path)/tmp")
        let files = walk?.compactMap { $0 as? String } ?? []
        #expect(files.contains { $0.hasSuffix("/devbench") }, "\(files)")
      } catch {
        _ = await store.remove()
        throw error
      }
      #expect(await store.remove() == nil)
      #expect(!FileManager.default.fileExists(atPath: store.place.path))
    }
  }

  @Test("an engine that is reached over a socket takes no store's directory with it")
  func connected() {
    let podman = Podman(settings: EngineSettings(changes: [], environment: ["A": "b"]))
    let storing = podman.storing(in: "/store", runRoot: "/run")
    #expect(storing.environment == ["A": "b", "TMPDIR": "/store/tmp"])
    #expect(storing.connected(to: "/socket").environment == ["A": "b"])
  }
}
