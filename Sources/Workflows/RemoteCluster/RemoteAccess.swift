import Containers
import Link
import Processes

/// One developer's way to the remote: a link of its own, over which all goes, commands, images, files, the
/// app's output and the probe's requests.
struct RemoteAccess: Sendable {
  let place: EnginePlace
  let link: SessionLink

  /// - Parameters:
  ///   - local: has the images that are built here.
  ///   - name: of the app's image.
  ///   - port: where the app is to answer on this machine.
  ///   - session: tells this way's socket from others.
  init(
    to remote: EmbeddedRemote, of podman: Podman, local: PodmanService, name: String, port: Int,
    session: String
  ) async throws(WorkflowFailure) {
    let publishedPort: Int
    do {
      publishedPort = try LoopbackPort.free()
    } catch {
      throw .process(error)
    }
    let link = try await SessionLink()
    do throws(WorkflowFailure) {
      self.place = try await Self.place(
        over: link, to: remote, of: podman, local: local, name: name, port: port,
        publishedPort: publishedPort, session: session)
    } catch {
      await link.stop()
      throw error
    }
    self.link = link
  }

  private static func place(
    over link: SessionLink, to remote: EmbeddedRemote, of podman: Podman, local: PodmanService,
    name: String, port: Int, publishedPort: Int, session: String
  ) async throws(WorkflowFailure) -> EnginePlace {
    let loopback = "127.0.0.1"
    let socket = remote.socketPath("\(session).sock")
    try await link.listen(on: .unix(path: socket), to: .unix(path: remote.socket))
    let registryPort = await remote.registryPort ?? 0
    let nearPort = try await link.port(
      to: .tcp(host: loopback, port: registryPort), preferring: await remote.usualWayToRegistry)
    await remote.rememberWayToRegistry(nearPort)
    try await link.listen(
      on: .tcp(host: loopback, port: port), to: .tcp(host: loopback, port: publishedPort))
    let there = podman.connected(to: socket)
    let service = PodmanService(podman: there, connectedTo: socket)
    return EnginePlace(
      podman: there, service: service, publishedPort: publishedPort, network: remote.network,
      publisher: ImagePublisher(
        local: local, remote: service, repository: ImagePublisher.repository(of: name),
        nearPort: nearPort, farPort: registryPort,
        state: ImagePublisher.RegistryState(
          obstacle: { await remote.registryObstacle() },
          complaint: { await remote.registryComplaint(since: $0) }),
        ledger: podman.ledger))
  }

  func end() async {
    await place.publisher?.end()
    await place.service.stop()
    await link.stop()
  }
}
