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

  /// What is known of the registry besides its answers.
  struct RegistryState: Sendable {
    /// Why nobody can reach it; nil if nothing is known.
    let obstacle: @Sendable () async -> EngineFailure?
    /// What it said since an instant that it couldn't do; nil if nothing.
    let complaint: @Sendable (MonotonicInstant) async -> String?
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
  private let state: RegistryState
  private let registry: RegistryClient
  /// What the registry says of the last image that the engine pushed.
  private var base: Task<RegistryManifest?, Never>?

  init(
    local: PodmanService, remote: PodmanService, repository: String, nearPort: Int, farPort: Int,
    state: RegistryState, ledger: ProcessLedger?
  ) {
    self.local = local
    self.remote = remote
    self.repository = repository
    self.nearPort = nearPort
    self.farPort = farPort
    self.state = state
    registry = RegistryClient(port: nearPort, ledger: ledger)
  }

  /// What the registry calls an app's images: as the manifests do, without a registry of their own.
  static func repository(of name: String) -> String {
    let last = name.split(separator: "/").last.map(String.init) ?? name
    return "devbench/\(last.lowercased())"
  }

  /// - Parameter tag: tells the image from others of the app.
  func publish(_ image: AppImage, tag: String) async throws(EngineFailure) -> Times {
    try await whileRegistryRuns { () async throws(EngineFailure) in
      try await self.push(image, tag: tag)
    }
    let pushed = MonotonicInstant.now()
    let (remote, source) = (remote, "127.0.0.1:\(farPort)/\(repository):\(tag)")
    let id = try await whileRegistryRuns { () async throws(EngineFailure) in
      try await remote.pull(source)
    }
    // The id is the digest of the image's configuration: its content.
    guard id == image.id else {
      throw .unreadable(
        command: ["podman", "pull", "\(repository):\(tag)"],
        reason: "the remote got the image \(id), not \(image.id), which was pushed")
    }
    return Times(pushed: pushed, pulled: .now())
  }

  func end() async {
    base?.cancel()
    _ = await base?.value
    registry.close()
  }

  private func push(_ image: AppImage, tag: String) async throws(EngineFailure) {
    let begun = MonotonicInstant.now()
    do throws(EngineFailure) {
      if try await pushLayer(of: image, tag: tag) { return }
      try await pushWhole(image, tag: tag)
    } catch {
      // Where the way there is interrupted, the registry has no part in it.
      if await remote.cameBack() { return try await pushWhole(image, tag: tag) }
      guard case .failed(let command, let exit, let lines) = error,
        let reason = await state.complaint(begun)
      else { throw error }
      // Its answer is no more than a status.
      throw .failed(
        command: command, exit: exit, lastLines: lines + ["the registry says: \(reason)"])
    }
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

  private func pushWhole(_ image: AppImage, tag: String) async throws(EngineFailure) {
    try await local.push(image: image.id, to: "127.0.0.1:\(nearPort)/\(repository):\(tag)")
    // Images with a layer more are pushed onto this one. Looked up while nobody waits; where it can't be, the
    // engine goes on pushing, and says what is wrong.
    base?.cancel()
    base = Task { [registry, repository] in
      try? await registry.manifest(of: repository, tag: tag)
    }
  }

  /// Whoever has taken the registry's port meanwhile may never answer.
  private func whileRegistryRuns<Value: Sendable>(
    _ body: @escaping @Sendable () async throws(EngineFailure) -> Value
  ) async throws(EngineFailure) -> Value {
    let done = OneShot<Result<Value, EngineFailure>>()
    let state = state
    let working = Task {
      do throws(EngineFailure) {
        done.set(.success(try await body()))
      } catch {
        // What it fails with is no more than a consequence.
        done.set(.failure(await state.obstacle() ?? error))
      }
    }
    let watching = Task {
      while true {
        try await Task.sleep(for: .milliseconds(500), clock: .suspending)
        if let obstacle = await state.obstacle() { done.set(.failure(obstacle)) }
      }
    }
    let result = await withTaskCancellationHandler {
      await done.value()
    } onCancel: {
      working.cancel()
    }
    watching.cancel()
    working.cancel()
    await working.value
    return try result.get()
  }
}
