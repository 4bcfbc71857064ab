import Containers
import ContainersTesting
import Foundation
import Glibc
import Processes
import TestSupport

/// A scratch engine with its service, and a small base image.
final class ClusterEngine: Sendable {
  private let engine: ScratchEngine
  let service: PodmanService
  /// busybox alone.
  static let base = StandIn.busybox.reference

  private init(_ engine: ScratchEngine) async throws {
    self.engine = engine
    service = PodmanService(podman: engine.podman, directory: engine.path)
    try await service.start()
    try await engine.busybox()
  }

  /// Where everything of the test's lies.
  var path: String { engine.path }
  var podman: Podman { engine.podman }

  /// Runs a test's body with an engine that is removed whatever happens.
  static func with(_ body: (ClusterEngine) async throws -> Void) async throws {
    try await ScratchEngine.with { scratch in
      let engine = try await ClusterEngine(scratch)
      do {
        try await body(engine)
      } catch {
        await engine.service.stop()
        throw error
      }
      await engine.service.stop()
    }
  }

  /// An image's file tree, a line for each entry: type, mode, owner, path, link and content.
  func tree(of image: String) async throws -> [String] {
    let script = #"""
      root=$("$1" image mount "$2") || exit
      cd "$root" && find . -printf '%y %m %U:%G %p -> %l\n' &&
        find . -type f -print0 | xargs -0 -r sha256sum
      status=$?; cd /; "$1" image unmount "$2" >&2; exit $status
      """#
    var command = ["sh", "-c", script, "sh", podman.program, image]
    if geteuid() != 0 { command = podman.command(["unshare"]) + command }
    var invocation = Invocation(command: command)
    invocation.environment = podman.environment
    let result = try await invocation.run(limit: .seconds(60))
    guard result.exit == .exited(0) else {
      throw ScratchEngine.Unusable(description: result.errorTail.joined(separator: "\n"))
    }
    return String(decoding: result.output, as: UTF8.self).split(separator: "\n").map(String.init)
      .sorted()
  }
}
