import Clock
import Containers
import Foundation
import Kubernetes
import Link
import Measurement
import Processes
import Scenarios

/// One session's way to a cluster that kubectl knows, with all that it keeps there.
struct KubernetesAccess: Sendable {
  let place: KubernetesPlace
  let deployment: KubernetesDeployment
  /// Nil where the network is as it is.
  let link: KubernetesLink?
  private let client: any KubernetesClient
  private let context: String
  private let records: ClusterRecords
  private let session: String
  private let sockets: SocketDirectory
  /// Whether its end is timed, and so has to be the end of all.
  private let isTimed: Bool
  /// What to tell of what was found.
  let notes: [String]

  /// What a session brings along.
  struct Session: Sendable {
    var setup: SessionSetup
    var spec: ClusterSpec
    var podman: Podman
    var service: PodmanService
    var scratch: String
    var hex: String
    var label: ContainerLabel
    /// They say where the replicas are to answer on this machine.
    var probes: ReplicaProbes
    /// Of the API server, since the session's first start.
    var reach: ServerReach
    var supervise: (@Sendable ([String]) -> [String])?
  }

  /// - Parameter onChange: told that something became of the pods.
  static func open(
    _ cluster: KubernetesSpec, for session: Session, onChange: @escaping @Sendable () -> Void
  ) async throws(WorkflowFailure) -> KubernetesAccess {
    let kubectl = Kubectl(context: cluster.context, ledger: session.podman.ledger)
    // A real network is there already: a link is put before it where the scenario has one.
    let workflow = session.setup.workflow
    let hasLink = workflow.kind == .remoteCluster && !workflow.links.isEmpty
    let link =
      hasLink ? try await KubernetesLink(before: kubectl, scratch: session.scratch) : nil
    do throws(WorkflowFailure) {
      return try await open(
        cluster, for: session, link?.kubectl ?? kubectl, link, onChange: onChange)
    } catch {
      await link?.end()
      throw error
    }
  }

  private static func open(
    _ cluster: KubernetesSpec, for session: Session, _ program: Kubectl,
    _ link: KubernetesLink?, onChange: @escaping @Sendable () -> Void
  ) async throws(WorkflowFailure) -> KubernetesAccess {
    let sockets = try socketDirectory(of: session)
    let kubectl = KubectlClient(program, limit: .seconds(30), sockets: sockets.path)
    let client = PatientClient(kubectl, session.reach)
    do throws(KubernetesFailure) {
      let namespace: String
      if let name = cluster.namespace {
        namespace = name
      } else {
        namespace = try await kubectl.defaultNamespace()
      }
      let records = ClusterRecords(in: StateDirectory(of: session.setup.directory))
      let name = session.label.session
      do throws(ProcessFailure) {
        try records.add(session: name, context: cluster.context, namespace: namespace)
      } catch {
        throw KubernetesFailure(.notRun, "\(error)")
      }
      let left = OneShot<[String]>()
      try await ClusterNamespaces.shared.take(
        namespace, of: cluster.context, by: client
      ) { () async throws(KubernetesFailure) in
        left.set(try await KubernetesLeftovers.removeLeftovers(namespace: namespace, by: client))
        let place = KubernetesTarget(context: cluster.context, namespace: namespace)
        for (session, record) in records.all() where record.target == place && !record.isAlive {
          records.forget(session: session)
        }
      }
      do throws(KubernetesFailure) {
        return try await open(
          cluster, session, kubectl, client, namespace, link, records, sockets,
          removed: left.current ?? [], onChange: onChange)
      } catch {
        await kubectl.close()
        do throws(KubernetesFailure) {
          try await ClusterNamespaces.shared.leave(namespace, of: cluster.context, by: client)
          records.forget(session: name)
        } catch {}
        throw error
      }
    } catch {
      throw .kubernetes(error)
    }
  }

  private static func socketDirectory(
    of session: Session
  ) throws(WorkflowFailure) -> SocketDirectory {
    do {
      let directory = try session.setup.directory.makeDirectory("k\(session.hex)")
      return SocketDirectory(in: directory, for: KubectlClient.socketName)
    } catch {
      throw .kubernetes(KubernetesFailure(.notRun, "no directory for sockets: \(error)"))
    }
  }

  private static func open(
    _ cluster: KubernetesSpec, _ session: Session, _ kubectl: KubectlClient,
    _ client: PatientClient, _ namespace: String, _ link: KubernetesLink?,
    _ records: ClusterRecords, _ sockets: SocketDirectory, removed: [String],
    onChange: @escaping @Sendable () -> Void
  ) async throws(KubernetesFailure) -> KubernetesAccess {
    let (setup, spec) = (session.setup, session.spec)
    let way: ImageDelivery.Way
    var registryPort: Int?
    do throws(WorkflowFailure) {
      way = try ImageDelivery.way(
        of: spec.image, context: cluster.context,
        localRegistry: await ImagePath.localRegistry(client))
      if let link, let port = way.loopbackPort {
        registryPort = try await link.link.port(to: .tcp(host: "127.0.0.1", port: port))
      }
    } catch {
      throw KubernetesFailure(.notRun, "\(error)")
    }
    let delivery = ImageDelivery(
      way, podman: session.podman, service: session.service, scratch: session.scratch,
      port: registryPort)
    let watch = Reflector<Pod>(
      kubectl, namespace: namespace, .labelled([ContainerLabel.key: session.label.session]))
    try await watch.start(onChange: onChange)
    let probes = session.probes
    let deployment = KubernetesDeployment(
      client, watch: watch,
      settings: KubernetesDeployment.Settings(
        path: setup.path, spec: spec, tree: setup.tree, namespace: namespace,
        suffix: "-\(session.hex)",
        labels: session.label.values.merging(
          [KubernetesLeftovers.hostKey: KubernetesLeftovers.host]) { own, _ in own },
        containerPort: setup.probe.port, limit: setup.probe.timeout, supervise: session.supervise),
      reference: { delivery.reference(of: $0) },
      localPorts: { (replicas) throws(WorkflowFailure) in try probes.ports(of: replicas) },
      entered: { probes.enter(by: $0) })
    return KubernetesAccess(
      place: KubernetesPlace(
        client: kubectl, namespace: namespace, watch: watch, delivery: delivery),
      deployment: deployment, link: link, client: client, context: cluster.context,
      records: records, session: session.label.session, sockets: sockets,
      isTimed: setup.journal != nil,
      notes: removed.map { "removed what a devbench left that was killed: \($0)" }
        + (link == nil ? [] : [way.detour].compactMap { $0 }))
  }

  /// Once nothing uses it any more.
  ///
  /// - Parameter isEmpty: nothing that was deployed is left.
  /// - Returns: what is left, as a sentence; nil if nothing is.
  func end(isEmpty: Bool) async -> String? {
    await place.watch.stop()
    await place.delivery.end()
    let problem = await leave()
    if isEmpty, problem == nil { records.forget(session: session) }
    await place.client.close()
    sockets.remove()
    await link?.end()
    return problem
  }

  private func leave() async -> String? {
    do throws(KubernetesFailure) {
      try await ClusterNamespaces.shared.leave(
        place.namespace, of: context, by: client, waits: isTimed)
      return nil
    } catch {
      return "\(error)"
    }
  }
}
