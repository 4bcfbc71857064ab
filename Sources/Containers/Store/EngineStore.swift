package import Processes

/// A store of images, containers and networks that begins empty and is removed as a whole; this machine's
/// programs work in it, and the user's own store isn't touched.
///
/// It lies where remotes do: what a devbench that was killed left of it is removed with them.
package struct EngineStore: Sendable {
  let place: RemotePlace
  /// Of this machine.
  private let podman: Podman

  /// - Parameter state: the store lies in a directory of its own in there.
  package init(of podman: Podman, state: StateDirectory) throws(EngineFailure) {
    do throws(ProcessFailure) {
      place = try RemotePlace(in: state, owner: .current)
    } catch {
      throw .unusableSettings(path: state.path, reason: "\(error)")
    }
    self.podman = podman
  }

  /// An engine that works in the store.
  package func engine(_ podman: Podman) -> Podman { place.engine(podman) }

  /// That pods have to join: the engine's own choice is every engine's, and is in use.
  package var network: String { place.network }

  /// Makes the network, once.
  ///
  /// - Parameter service: of the store's engine.
  package func createNetwork(by service: PodmanService) async throws(EngineFailure) {
    try await service.createNetwork(network, interface: place.bridge)
  }

  /// A place for a file that goes with the store.
  package func file(_ name: String) -> String { "\(place.path)/\(name)" }

  /// Ends what runs in it, and removes it with all it has.
  ///
  /// - Returns: why something is left; nil if nothing is.
  package func remove() async -> String? { await place.remove(with: podman) }
}
