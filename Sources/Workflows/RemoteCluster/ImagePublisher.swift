import Clock
import Containers
import Processes

/// Brings images that this machine built to the remote engine, by way of the registry.
struct ImagePublisher: Sendable {
  /// When the parts of it ended.
  struct Times: Sendable {
    var pushed: MonotonicInstant
    var pulled: MonotonicInstant
  }

  /// Has the images.
  let local: PodmanService
  /// Gets them.
  let remote: PodmanService
  /// What the registry calls the app's images.
  let repository: String
  /// Where this machine reaches the registry: through the link.
  let nearPort: Int
  /// Where the remote engine reaches it.
  let farPort: Int

  /// What the registry calls an app's images: as the manifests do, without a registry of their own.
  static func repository(of name: String) -> String {
    let last = name.split(separator: "/").last.map(String.init) ?? name
    return "devbench/\(last.lowercased())"
  }

  /// - Parameter tag: tells the image from others of the app.
  func publish(_ image: AppImage, tag: String) async throws(EngineFailure) -> Times {
    try await push(image, tag: tag)
    let pushed = MonotonicInstant.now()
    let id = try await remote.pull("127.0.0.1:\(farPort)/\(repository):\(tag)")
    // The id is the digest of the image's configuration: its content.
    guard id == image.id else {
      throw .unreadable(
        command: ["podman", "pull", "\(repository):\(tag)"],
        reason: "the remote got the image \(id), not \(image.id), which was pushed")
    }
    return Times(pushed: pushed, pulled: .now())
  }

  private func push(_ image: AppImage, tag: String) async throws(EngineFailure) {
    let destination = "127.0.0.1:\(nearPort)/\(repository):\(tag)"
    do throws(EngineFailure) {
      try await local.push(image: image.id, to: destination)
    } catch {
      // Where the way there is interrupted, the registry has no part in it.
      guard case .failed = error, await remote.cameBack() else { throw error }
      try await local.push(image: image.id, to: destination)
    }
  }
}
