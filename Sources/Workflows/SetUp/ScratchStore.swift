import Containers
import Foundation
package import Processes
package import Scenarios

/// A store of the engine's that begins empty, for one set-up from nothing; the user's images aren't touched.
package actor ScratchStore {
  private let store: EngineStore
  private var archives: [BaseSupply.Archive] = []

  /// What a devbench left that was killed, and was removed now.
  package nonisolated let removed: [String]

  /// What is known before the set-up about what bears on its figures.
  package var notes: [String] { archives.map(\.note) }

  /// Makes the store, and ready what no registry gives. What a devbench left that was killed is removed first, so
  /// that it takes no part in what is timed.
  ///
  /// - Parameters:
  ///   - path: on an engine.
  ///   - tree: the app's working copy.
  ///   - remote: says where stores lie.
  package init(
    for path: PathSpec, tree: String, directory: RunDirectory, beside remote: RunRemote
  ) async throws(WorkflowFailure) {
    guard let spec = path.cluster else {
      throw .watch("the path \(path.pathName) says nothing about a cluster")
    }
    do throws(EngineFailure) {
      let podman = try await Podman.ready(ledger: directory.ledger)
      removed = try await EngineLeftovers.shared.remove(with: podman, state: remote.state)
      let store = try EngineStore(of: podman, state: remote.state)
      self.store = store
      do {
        let image = spec.image
        let context = image.context == "." ? tree : "\(tree)/\(image.context)"
        let text = try String(contentsOfFile: "\(context)/\(image.dockerfile)", encoding: .utf8)
        archives = try await BaseSupply(of: podman, for: store, state: .standard()).archives(
          dockerfile: text, path: image.dockerfile, values: image.arguments)
      } catch {
        _ = await Task { await store.remove() }.value
        throw error as? EngineFailure
          ?? .unusableDockerfile(path: spec.image.dockerfile, reason: error.localizedDescription)
      }
    } catch {
      throw .engine(error)
    }
  }

  nonisolated func engine(_ podman: Podman) -> Podman { store.engine(podman) }
  nonisolated var network: String { store.network }

  /// Makes the network of its pods.
  func open(by service: PodmanService) async throws(EngineFailure) {
    try await store.createNetwork(by: service)
  }

  /// Takes the base images in that can't be pulled.
  ///
  /// - Returns: false if there are none.
  func supply(_ engine: Podman) async throws(EngineFailure) -> Bool {
    for archive in archives { try await BaseSupply.load(archive, into: engine) }
    return !archives.isEmpty
  }

  /// Removes it with all it has, once no session uses it any more.
  ///
  /// - Returns: why something is left; nil if nothing is.
  package func remove() async -> String? {
    // Whoever ends a trial may have been cancelled; what removes mustn't be.
    let store = store
    return await Task { await store.remove() }.value
  }
}
