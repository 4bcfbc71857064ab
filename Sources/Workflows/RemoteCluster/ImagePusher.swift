import Containers
import Processes

/// Pushes images to a registry on the loopback interface, or to what leads to one: of an image with a layer
/// more than the last, that layer alone.
actor ImagePusher {
  /// Has the images.
  private let local: PodmanService
  /// What the registry calls the app's images.
  private let repository: String
  private let port: Int
  private let registry: RegistryClient
  /// What the registry says of the last image that the engine pushed.
  private var base: Task<RegistryManifest?, Never>?

  init(local: PodmanService, repository: String, port: Int, ledger: ProcessLedger?) {
    self.local = local
    self.repository = repository
    self.port = port
    registry = RegistryClient(port: port, ledger: ledger)
  }

  /// - Parameter tag: tells the image from others of the app.
  func push(_ image: AppImage, tag: String) async throws(EngineFailure) {
    if try await pushLayer(of: image, tag: tag) { return }
    try await pushWhole(image, tag: tag)
  }

  /// - Returns: false if more than the last layer is wanting, or the registry was lost on the way.
  private func pushLayer(of image: AppImage, tag: String) async throws(EngineFailure) -> Bool {
    guard let (appended, document) = image.appended, let base = await base?.value,
      base.isOf(document)
    else { return false }
    do throws(EngineFailure) {
      try await registry.push(appended, onto: base, repository: repository, tag: tag)
      return true
    } catch {
      // Whatever the registry has lost, the engine looks for all of it, and tries more than once.
      self.base = nil
      if case .notRun = error { return false }
      throw error
    }
  }

  func pushWhole(_ image: AppImage, tag: String) async throws(EngineFailure) {
    try await local.push(image: image.id, to: "127.0.0.1:\(port)/\(repository):\(tag)")
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
