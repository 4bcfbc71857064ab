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
}
