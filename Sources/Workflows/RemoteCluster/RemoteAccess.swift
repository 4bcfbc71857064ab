import Clock
import Containers
import Link
import Measurement
import Processes
import Scenarios

/// One developer's way to the remote: a link of its own, over which all goes, commands, images, files, the
/// app's output and the probe's requests.
struct RemoteAccess: Sendable {
  let place: EnginePlace
  private let link: ShapingLink

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
    do throws(LinkFailure) {
      let link = try await ShapingLink()
      do throws(LinkFailure) {
        self.place = try await Self.place(
          over: link, to: remote, of: podman, local: local, name: name, port: port,
          publishedPort: publishedPort, session: session)
      } catch {
        await link.stop()
        throw error
      }
      self.link = link
    } catch {
      throw .watch("the link to the remote can't be made: \(error)")
    }
  }

  private static func place(
    over link: ShapingLink, to remote: EmbeddedRemote, of podman: Podman, local: PodmanService,
    name: String, port: Int, publishedPort: Int, session: String
  ) async throws(LinkFailure) -> EnginePlace {
    let loopback = "127.0.0.1"
    let socket = remote.socketPath("\(session).sock")
    _ = try await link.listen(on: .unix(path: socket), to: .unix(path: remote.socket))
    let registryPort = await remote.registryPort ?? 0
    let near = try await link.listen(
      on: .tcp(host: loopback, port: 0), to: .tcp(host: loopback, port: registryPort))
    guard case .tcp(_, let nearPort) = near else { throw .stopped }
    _ = try await link.listen(
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

  /// What leaves from now on goes over such a link.
  func use(_ profile: LinkProfile) async throws(WorkflowFailure) {
    do {
      try await link.use(profile)
    } catch {
      throw .watch("the link to the remote can't be changed: \(error)")
    }
  }

  /// Has the link fail from now on, until nil ends that.
  func use(_ outage: LinkOutage?) async throws(WorkflowFailure) {
    do {
      try await link.use(outage)
    } catch {
      throw .watch("the link to the remote can't be changed: \(error)")
    }
  }

  /// What crossed the link between two instants.
  var meter: @Sendable (MonotonicInstant, MonotonicInstant) -> Traffic {
    { [link] from, to in
      let bytes = link.bytes(from: from, to: to)
      return Traffic(up: Int(bytes.up), down: Int(bytes.down))
    }
  }

  /// Has nothing wait for the link any more.
  func unshape() async {
    // A link that was stopped delays nothing.
    try? await link.use(nil as LinkOutage?)
    try? await link.use(.unshaped)
  }

  func end() async {
    await place.publisher?.end()
    await place.service.stop()
    await link.stop()
  }
}
