import Containers
import Processes

/// The engine that runs the app: this machine's, or a remote one, reached over a link.
struct ClusterPlace: Sendable {
  /// For commands that nothing waits for in the inner loop.
  let podman: Podman
  let service: PodmanService
  /// Of the engine's machine: the app's port is published there, on the loopback interface.
  let publishedPort: Int
  /// That pods join; nil for the engine's own choice.
  var network: String?
  /// Brings images there that this machine built; nil where the engine that built them runs them.
  let publisher: ImagePublisher?

  /// Whether the kernel of this machine tells of the app's processes, and its files of what they print.
  var isHere: Bool { publisher == nil }

  /// Sees the end of a container's process.
  func exitWatch(of id: String, pid: Int32) -> ExitWatch {
    isHere
      ? ExitWatch(of: pid)
      : ExitWatch { [service] in try await service.waitForEnd(of: id) }
  }
}
