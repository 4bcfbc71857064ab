package import Clock
import Foundation
import Glibc
package import Processes

/// What stands for a remote cluster where there is none: a second engine of this machine with images,
/// containers and networks of its own, and the registry that it pulls from.
///
/// Whoever measures reaches it through its socket and the registry's port alone. Both are started again
/// when they end by themselves.
package actor EmbeddedRemote {
  /// The engine as it is on this machine; for starting it and for removing what it has.
  private let podman: Podman
  private let ledger: ProcessLedger?
  nonisolated let place: RemotePlace
  private let registry: Registry
  private var engine: KeptRunning?
  /// The engine's service listens there; the user's alone.
  package nonisolated let socket: String
  /// That pods have to join.
  package nonisolated var network: String { place.network }
  /// At 127.0.0.1; nil before the start.
  package private(set) var registryPort: Int?

  /// Where this machine's engine reached the registry last. By that address it remembers what a registry holds:
  /// by another it would push every layer again.
  package private(set) var usualWayToRegistry: Int?

  /// - Parameters:
  ///   - podman: this machine's engine.
  ///   - state: everything of the remote lies in a directory of its own in there.
  ///   - owner: whose death makes the remote one to be removed.
  package init(
    podman: Podman, state: StateDirectory, ledger: ProcessLedger? = nil,
    owner: ProcessIdentity = .current
  ) throws(EngineFailure) {
    do throws(ProcessFailure) {
      place = try RemotePlace(in: state, owner: owner)
    } catch {
      throw .unusableSettings(path: state.path, reason: "\(error)")
    }
    self.podman = podman
    self.ledger = ledger
    registry = Registry(directory: place.path, ledger: ledger)
    socket = place.socket
  }

  /// A place for a socket that leads here; the user's alone.
  package nonisolated func socketPath(_ name: String) -> String { "\(place.short)/\(name)" }

  /// Starts both and waits until they answer.
  package func start() async throws(EngineFailure) {
    let podman = place.engine(podman)
    registryPort = try await registry.start()
    let command = podman.command(["system", "service", "--time=0", "unix://\(socket)"])
    var invocation = Invocation(command: command)
    invocation.environment = podman.environment
    invocation.environment[ProcessTable.elsewhere] = "remote"
    invocation.ledger = ledger
    let engine = KeptRunning(invocation, prepare: { [socket] in _ = unlink(socket) })
    self.engine = engine
    await engine.start()
    do {
      let service = PodmanService(podman: podman, connectedTo: socket)
      try await service.start()
      try await service.createNetwork(network, interface: place.bridge)
    } catch {
      guard let end = await engine.lastEnd else { throw error }
      throw .notRun(command: command, reason: end)
    }
  }

  package func rememberWayToRegistry(_ port: Int) { usualWayToRegistry = port }

  /// What the registry said since an instant that it couldn't do; nil if nothing.
  package func registryComplaint(since instant: MonotonicInstant) async -> String? {
    await registry.complaint(since: instant)
  }

  /// Why nothing can be pushed to the registry or pulled from it; nil if nothing is known.
  package func registryObstacle() async -> EngineFailure? {
    guard let reason = await registry.obstacle else { return nil }
    return .notRun(command: [Registry.program, "serve"], reason: reason)
  }

  /// Ends the engine's service at once, as a node's failure does; containers go on running. It isn't started
  /// again before `startEngine`.
  package func stopEngine() async { await engine?.stop() }
  package func startEngine() async { await engine?.start() }

  /// Ends the registry at once; it isn't started again before `startRegistry`.
  package func stopRegistry() async { await registry.hold() }
  package func startRegistry() async { await registry.release() }

  /// Ends both and removes everything of theirs.
  ///
  /// - Returns: why something is left; nil if nothing is.
  package func remove() async -> String? {
    await end()
    return await place.remove(with: podman)
  }

  /// Ends both. The containers go on running, and nothing is removed.
  func end() async {
    await engine?.stop()
    await registry.stop()
    (engine, registryPort) = (nil, nil)
  }
}
