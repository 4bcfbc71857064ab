import Clock
import Containers
import Processes

/// Brings images that this machine built to the remote engine, by way of the registry.
actor ImagePublisher {
  /// What is known of the registry besides its answers.
  struct RegistryState: Sendable {
    /// Why nobody can reach it; nil if nothing is known.
    let obstacle: @Sendable () async -> EngineFailure?
    /// What it said since an instant that it couldn't do; nil if nothing.
    let complaint: @Sendable (MonotonicInstant) async -> String?
  }

  /// Gets them.
  private let remote: PodmanService
  /// What the registry calls the app's images.
  private let repository: String
  /// Where the remote engine reaches it.
  private let farPort: Int
  private let state: RegistryState
  private let pusher: ImagePusher

  /// - Parameters:
  ///   - local: has the images.
  ///   - nearPort: where this machine reaches the registry: through the link.
  init(
    local: PodmanService, remote: PodmanService, repository: String, nearPort: Int, farPort: Int,
    state: RegistryState, ledger: ProcessLedger?
  ) {
    self.remote = remote
    self.repository = repository
    self.farPort = farPort
    self.state = state
    pusher = ImagePusher(local: local, repository: repository, port: nearPort, ledger: ledger)
  }

  /// What the registry calls an app's images: as the manifests do, without a registry of their own.
  static func repository(of name: String) -> String {
    let last = name.split(separator: "/").last.map(String.init) ?? name
    return "devbench/\(last.lowercased())"
  }

  /// - Parameter tag: tells the image from others of the app.
  func publish(_ image: AppImage, tag: String) async throws(EngineFailure) -> PublishingTimes {
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
    return PublishingTimes(pushed: pushed, pulled: .now())
  }

  func end() async { await pusher.end() }

  private func push(_ image: AppImage, tag: String) async throws(EngineFailure) {
    let begun = MonotonicInstant.now()
    do throws(EngineFailure) {
      try await pusher.push(image, tag: tag)
    } catch {
      // Where the way there is interrupted, the registry has no part in it.
      if await remote.cameBack() { return try await pusher.pushWhole(image, tag: tag) }
      guard case .failed(let command, let exit, let lines) = error,
        let reason = await state.complaint(begun)
      else { throw error }
      // Its answer is no more than a status.
      throw .failed(
        command: command, exit: exit, lastLines: lines + ["the registry says: \(reason)"])
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
