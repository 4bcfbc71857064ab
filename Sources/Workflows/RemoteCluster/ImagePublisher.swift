import Clock
import Containers
import Processes

/// Brings images that this machine built to the remote engine, by way of the registry.
actor ImagePublisher {
  /// When the parts of it ended.
  struct Times: Sendable {
    var pushed: MonotonicInstant
    var pulled: MonotonicInstant
  }

  /// Has the images.
  private let local: PodmanService
  /// Gets them.
  private let remote: PodmanService
  /// What the registry calls the app's images.
  private let repository: String
  /// Where this machine reaches the registry: through the link.
  private let nearPort: Int
  /// Where the remote engine reaches it.
  private let farPort: Int
  private let registry: RegistryClient
  /// What the registry says of the last image that the engine pushed.
  private var base: Task<RegistryManifest?, Never>?

  init(
    local: PodmanService, remote: PodmanService, repository: String, nearPort: Int, farPort: Int,
    ledger: ProcessLedger?
  ) {
    self.local = local
    self.remote = remote
    self.repository = repository
    self.nearPort = nearPort
    self.farPort = farPort
    registry = RegistryClient(port: nearPort, ledger: ledger)
  }

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
    if let (appended, document) = image.appended, let base = await base?.value,
      base.isOf(document)
    {
      do throws(EngineFailure) {
        return try await registry.push(appended, onto: base, repository: repository, tag: tag)
      } catch {
        // Whatever the registry has lost, the next push looks for all of it.
        self.base = nil
        guard await remote.cameBack() else { throw error }
      }
    }
    let destination = "127.0.0.1:\(nearPort)/\(repository):\(tag)"
    do throws(EngineFailure) {
      try await local.push(image: image.id, to: destination)
    } catch {
      // Where the way there is interrupted, the registry has no part in it.
      guard case .failed = error, await remote.cameBack() else { throw error }
      try await local.push(image: image.id, to: destination)
    }
    // Images with a layer more are pushed onto this one. Looked up while nobody waits; where it can't be, the
    // engine goes on pushing, and says what is wrong.
    base?.cancel()
    base = Task { [registry, repository] in
      try? await registry.manifest(of: repository, tag: tag)
    }
  }

  func end() async {
    base?.cancel()
    _ = await base?.value
    registry.close()
  }
}
