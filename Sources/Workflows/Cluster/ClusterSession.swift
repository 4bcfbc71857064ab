import Clock
import Containers
import FileSync
import Foundation
import Kubernetes
import Link
package import Measurement
import Processes
import Scenarios

/// The app in a container of an engine, this machine's or a remote one, by `sync` or by `rebuild`.
package actor ClusterSession: WorkflowSession {
  private enum State {
    case stopped
    case starting(Task<Void, any Error>)
    case running(ClusterLoop)
  }

  let setup: SessionSetup
  let spec: ClusterSpec
  private let port: Int
  private let tell: @Sendable (LoopEvent) -> Void
  let replicas: ReplicaProbes

  private var state = State.stopped
  private var stopping: OneShot<Void>?
  private(set) var lost = OneShot<WorkflowFailure>()
  private(set) var output = OutputFollower()
  /// This machine's engine, which builds.
  private(set) var engine: Podman?
  private(set) var service: PodmanService?
  /// The way to the remote; nil where the engine is this machine's.
  private(set) var access: RemoteAccess?
  /// The way to a cluster of kubectl's; nil where an engine runs the app.
  private(set) var kubernetes: KubernetesAccess?
  private let reach = ServerReach()
  /// What all goes over between this machine and the app; nil where nothing is put between.
  private(set) var link: SessionLink?
  private var deployment: (any AppDeployment)?
  private var source: ImageSource?
  private(set) var tag: SessionTag?
  private(set) var label: ContainerLabel?
  private(set) var scratch: String?

  /// - Parameter setup: its path has a cluster's settings.
  package init(setup: SessionSetup) throws(WorkflowFailure) {
    guard let spec = setup.path.cluster else {
      throw .watch("the path \(setup.path.pathName) says nothing about a cluster")
    }
    self.setup = setup
    self.spec = spec
    if let port = setup.hostPort {
      self.port = port
    } else {
      do {
        port = try LoopbackPort.free()
      } catch {
        throw .process(error)
      }
    }
    tell = setup.listener
    replicas = ReplicaProbes(port: port, settings: setup.probe)
  }

  package var probe: Probe { replicas.first }
  package var probes: [Probe] { replicas.current }
  package func endProbes() async { await replicas.shutdown() }

  package func start() async throws(WorkflowFailure) {
    let lost = OneShot<WorkflowFailure>()
    self.lost = lost
    let starting = Task { try await self.begin() }
    state = .starting(starting)
    do {
      try await withTaskCancellationHandler {
        try await starting.value
      } onCancel: {
        starting.cancel()
      }
    } catch {
      let failure = lost.current ?? WorkflowFailure(error)
      await stop()
      throw failure
    }
  }

  private func begin() async throws {
    if let owners = LoopbackPort.owners(of: port) {
      let owner = owners.first.map { pid in
        "process \(pid) (\(ProcessTable.command(of: pid) ?? "unknown"))"
      }
      throw WorkflowFailure.portTaken(port: port, owner: owner ?? "a process of another user")
    }
    // A name for everything this start makes: several sessions of a run live side by side.
    let hex = SessionTag.newSession()
    let name = "\((setup.directory.path as NSString).lastPathComponent)-\(hex)"
    let scratch = try setup.directory.makeDirectory("c\(hex)")
    let label = ContainerLabel(session: name)
    let tag = SessionTag(session: hex)
    (self.tag, self.label, self.scratch) = (tag, label, scratch)
    let began = MonotonicInstant.now()
    let own = try await Podman.ready(ledger: setup.directory.ledger)
    let podman = setup.store?.engine(own) ?? own
    engine = podman
    let service = PodmanService(podman: podman, directory: scratch)
    self.service = service
    // A new store holds none.
    if setup.store == nil {
      for line in try await EngineLeftovers.shared.remove(
        with: podman, state: setup.remote?.state)
      {
        tell(.output(source: "devbench", line: line))
      }
    }
    try await service.start()
    try await setup.store?.open(by: service)
    // kubelet ends an app by asking it to, and one that is its container's first process doesn't hear that.
    let supervises =
      setup.path.path == .sync
      ? spec.sync.contains { $0.then == .restart }
      : spec.kubernetes != nil && spec.deploy == .inPlace
    let supervise: (@Sendable ([String]) -> [String])?
    if supervises {
      supervise = { argv in Supervisor.command(wrapping: argv) }
    } else {
      supervise = nil
    }
    let changes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let place: any ClusterPlace
    let deployment: any AppDeployment
    if let cluster = spec.kubernetes {
      let access = try await KubernetesAccess.open(
        cluster,
        for: KubernetesAccess.Session(
          setup: setup, spec: spec, podman: podman, service: service, scratch: scratch, hex: hex,
          label: label, probes: replicas, reach: reach, supervise: supervise)
      ) { changes.continuation.yield() }
      kubernetes = access
      link = access.link?.link
      for line in access.notes { tell(.output(source: "devbench", line: line)) }
      (place, deployment) = (access.place, access.deployment)
    } else {
      let engine = try await self.place(podman, service, hex: hex)
      let manifests = DeployedManifests(
        path: setup.path, spec: spec, tree: setup.tree, suffix: "-\(hex)", labels: label.values,
        hostPort: engine.publishedPort, containerPort: setup.probe.port, supervise: supervise)
      place = engine
      deployment = PodDeployment(
        place: engine, spec: spec, label: label, tag: tag, manifests: manifests)
    }
    self.deployment = deployment
    setup.journal?.add("start engine", from: began)
    if let profile = setup.firstLink { try await use(profile) }
    if let store = setup.store {
      let from = MonotonicInstant.now()
      if try await store.supply(podman) { setup.journal?.add("pull", from: from) }
    }
    let builder = ImageBuilder(
      podman: podman, service: service, spec: spec.image, tree: setup.tree, scratch: scratch,
      tag: tag, label: label, network: setup.store?.network)
    let lost = lost
    let answered = OneShot<Void>()
    output = OutputFollower(
      place: place, markers: setup.path.markers, tell: follow(answered),
      onFailure: { line in lost.set(.failedMarker(line: line)) })
    let source = ImageSource(spec: spec, builder: builder, tell: tell)
    self.source = source
    let loop = try ClusterLoop(
      setup: setup, spec: spec, place: place, source: source, deployment: deployment,
      output: output, scratch: scratch, lost: lost, supervises: supervises,
      targetChanges: changes.stream)
    do {
      try await loop.begin()
      try await awaitAnswer()
      answered.set(())
    } catch {
      await loop.end()
      throw error
    }
    guard case .starting = state else {
      await loop.end()
      throw WorkflowFailure.stopped
    }
    state = .running(loop)
    await loop.run()
  }

  /// The engine that runs the app.
  private func place(
    _ podman: Podman, _ service: PodmanService, hex: String
  ) async throws -> EnginePlace {
    guard setup.workflow.kind == .remoteCluster, let shared = setup.remote else {
      return EnginePlace(
        podman: podman, service: service, publishedPort: port, network: setup.store?.network,
        publisher: nil)
    }
    let access = try await RemoteAccess(
      to: shared.remote(of: podman), of: podman, local: service, name: spec.image.name,
      port: port, session: hex)
    self.access = access
    link = access.link
    // Its link is as near as can be, until another is asked for.
    replicas.use(.none)
    try await access.place.service.start()
    return access.place
  }

  /// Passes on what the containers print, and that an app was started anew inside its container.
  private func follow(_ answered: OneShot<Void>) -> @Sendable (LoopEvent) -> Void {
    // Where nobody follows the loop, the containers' output is only kept.
    guard let tell = setup.tell else { return { _ in } }
    let restarted = setup.path.path == .sync ? setup.path.markers.restarted : nil
    return { event in
      tell(event)
      guard case .output(_, let line) = event, answered.current != nil else { return }
      let isNew = restarted.map { line.contains($0) } ?? false
      if isNew || Supervisor.Event(line: line) == .stopped { tell(.deployed(at: .now())) }
    }
  }

  /// Waits for the first successful answer, or for the app's end, whichever is first.
  private func awaitAnswer() async throws(WorkflowFailure) {
    let watch = probe.begin(.answer)
    let lost = lost
    let waiting = Task {
      _ = try await lost.cancellableValue()
      watch.stop()
    }
    let observation = await watch.result(limit: setup.probe.timeout)
    waiting.cancel()
    setup.journal?.answered(observation)
    if observation.found != nil { return }
    if let failure = lost.current { throw failure }
    let answer = observation.lastAnswer ?? "no request was answered"
    let diagnosis = await deployment?.diagnosis().map { "; \($0)" } ?? ""
    throw .notAnswering(limit: setup.probe.timeout, lastAnswer: answer + diagnosis)
  }

  package func stop() async {
    // Whoever ends the session may have been cancelled; what removes mustn't be.
    await Task { await self.end() }.value
  }

  private func end() async {
    lost.set(.stopped)
    if let stopping { return await stopping.value() }
    let done = OneShot<Void>()
    stopping = done
    let state = state
    self.state = .stopped
    // Tidying up waits for no link.
    await link?.unshape()
    switch state {
    case .stopped: break
    case .starting(let task):
      task.cancel()
      _ = await task.result
    case .running(let loop): await loop.end()
    }
    await output.end()
    let left = await remove()
    if let problem = left {
      tell(.failed("what was deployed could not be removed: \(problem)", output: [], at: .now()))
    }
    await source?.end()
    await access?.end()
    if let problem = await kubernetes?.end(isEmpty: left == nil) {
      tell(.failed("the namespace could not be left: \(problem)", output: [], at: .now()))
    }
    await service?.stop()
    (service, deployment, source, access, kubernetes, link) = (nil, nil, nil, nil, nil, nil)
    stopping = nil
    done.set(())
  }

  /// Removes what was deployed, and what this machine's engine has of the session.
  private func remove() async -> String? {
    guard let tag, let label, let deployment else { return nil }
    var problems = [await deployment.remove()]
    if access != nil || kubernetes != nil {
      do throws(EngineFailure) {
        try await engine?.removeSession(label, tag: tag)
      } catch {
        problems.append("\(error)")
      }
    }
    let told = problems.compactMap { $0 }
    return told.isEmpty ? nil : told.joined(separator: "; ")
  }

  /// The loop, while the app runs.
  var runningLoop: ClusterLoop? {
    if case .running(let loop) = state { loop } else { nil }
  }
}
