import Clock
import Containers
import FileSync
import Foundation
import Kubernetes
import Measurement
import Processes
import Scenarios

/// The app's objects in a cluster: made from the manifests, rolled out, and removed.
actor KubernetesDeployment: AppDeployment {
  /// What doesn't change while the session lasts.
  struct Settings: Sendable {
    var path: PathSpec
    var spec: ClusterSpec
    var tree: String
    var namespace: String
    /// Added to names.
    var suffix: String
    /// Of the session; they fit Kubernetes' labels.
    var labels: [String: String]
    /// Nil for the container's first.
    var containerPort: Int?
    /// How long a rollout may take.
    var limit: Duration
    /// Makes the argv under which the app can be restarted, and ends when it is asked to; nil where it runs
    /// as it is.
    var supervise: (@Sendable ([String]) -> [String])?
  }

  let client: any KubernetesClient
  let watch: Reflector<Pod>
  private(set) var settings: Settings
  let reference: @Sendable (AppImage) -> String
  let localPorts: @Sendable (_ replicas: Int) throws(WorkflowFailure) -> [Int]
  let entered: @Sendable (ProbeWay.Entrance) -> Void

  private(set) var targets: [AppContainer] = []
  private(set) var notes: [String] = []
  private var set: ManifestSet?
  private(set) var deployed: [DeployedObject.Key: DeployedObject] = [:]
  private var current: AppImage?
  var ports: PodPorts?
  private var hasNoShell = false

  /// - Parameters:
  ///   - watch: started, of the session's pods.
  ///   - reference: what the nodes know an image by.
  ///   - localPorts: where so many replicas are to be reached; fewer are at the first of them.
  ///   - entered: told what takes the connections there.
  init(
    _ client: any KubernetesClient, watch: Reflector<Pod>, settings: Settings,
    reference: @escaping @Sendable (AppImage) -> String,
    localPorts: @escaping @Sendable (_ replicas: Int) throws(WorkflowFailure) -> [Int],
    entered: @escaping @Sendable (ProbeWay.Entrance) -> Void
  ) {
    self.client = client
    self.watch = watch
    self.settings = settings
    self.reference = reference
    self.localPorts = localPorts
    self.entered = entered
  }

  var spec: ClusterSpec { settings.spec }
  var namespace: String { settings.namespace }

  func superviseNoMore() {
    settings.supervise = nil
    hasNoShell = true
  }

  var obstacleToRestart: String? {
    get throws(WorkflowFailure) {
      if hasNoShell { return "the image has no sh to restart the app with" }
      return try containers().contains(where: \.sharesProcesses)
        ? ContainerSync.sharedProcesses : nil
    }
  }

  func readManifests() throws(WorkflowFailure) {
    set = try ManifestSet.read(spec, in: settings.tree, kinds: DeployedObject.kinds)
  }

  /// The cluster tells a container's id with what runs it in front: `containerd://…`.
  var members: Set<FootprintRoots.Container> {
    Set(
      targets.map {
        FootprintRoots.Container(id: $0.id.split(separator: "/").last.map(String.init) ?? "")
      })
  }

  var requests: ResourceRequests? {
    get throws(WorkflowFailure) { try set?.statedRequests() }
  }

  private func containers() throws(WorkflowFailure) -> [ContainerSpec] {
    guard let set else { return [] }
    do {
      return try set.containers(
        running: ImageReference(spec.image.name), named: spec.container, in: DeployedObject.kinds)
    } catch {
      throw .manifest(error)
    }
  }

  // MARK: Deploying

  func expectImage() async {
    guard spec.deploy == .inPlace else { return }
    for object in deployed.values where object.key.kind == "Pod" && !names(in: object).isEmpty {
      await client.expectUpdate(Pod.self, name: object.key.name, namespace: namespace)
    }
  }

  func deploy(
    _ image: AppImage, manifestsChanged: Bool,
    streamEnd: @escaping @Sendable (String) -> OneShot<MonotonicInstant>?
  ) async throws(WorkflowFailure) -> DeploymentTimes {
    let objects = try render(image)
    let before = Set(targets.map(\.id))
    var renewed: Set<DeployedObject.Key> = []
    let known = Set(deployed.keys)
    var strategy = ClusterSpec.DeployStrategy.inPlace
    do throws(KubernetesFailure) {
      for object in objects {
        let old = deployed[object.key]
        guard old != object else { continue }
        // The pods that run go on where only their number changes.
        if old.map({ !object.makesPods(as: $0) }) ?? true { renewed.insert(object.key) }
        if try await bring(object) == .replace { strategy = .replace }
        deployed[object.key] = object
      }
      let keys = Set(objects.map(\.key))
      for key in deployed.keys where !keys.contains(key) {
        try await DeployedObject.delete(key, namespace: namespace, by: client)
        deployed[key] = nil
      }
    } catch {
      throw .kubernetes(error)
    }
    current = image
    let rollout = Rollout(
      objects: objects.filter { $0.replicas != nil && !names(in: $0).isEmpty },
      containers: try containers(), suffix: settings.suffix, reference: reference(image),
      renewed: renewed, made: renewed.subtracting(known), before: before)
    targets = try await waitFor(rollout)
    let times = DeploymentTimes(started: .now(), strategy: strategy)
    try await lead(to: targets, keepsOthers: false)
    try await verify(image)
    return times
  }

  /// The containers of an object that run the image.
  private func names(in object: DeployedObject) -> [String] {
    guard let current else { return [] }
    let reference = reference(current)
    return object.images.filter { $0.value == reference }.map(\.key)
  }

  private func render(_ image: AppImage) throws(WorkflowFailure) -> [DeployedObject] {
    guard let set else { return [] }
    var rewrite = DeployRewrite(
      image: ImageReference(spec.image.name), replacement: reference(image), namespace: namespace,
      suffix: settings.suffix, labels: settings.labels, sessionLabel: ContainerLabel.key)
    for container in try containers() {
      var argv: [String]?
      if !settings.path.command.isEmpty { argv = settings.path.command }
      // The supervisor has to be the first process, and there that is the pod's.
      if let supervise = settings.supervise, !container.sharesProcesses {
        argv = supervise(
          argv
            ?? container.argv(
              imageEntrypoint: image.document.entrypoint, imageCommand: image.document.command))
      }
      rewrite.containers[container.key] = ManifestRewrite.Container(
        argv: argv, environment: settings.path.environment)
    }
    let result = rewrite.apply(to: set)
    notes = result.notes
    return result.objects
  }

  private func waitFor(_ rollout: Rollout) async throws(WorkflowFailure) -> [AppContainer] {
    let deadline = MonotonicInstant.now() + settings.limit
    var led: Set<String> = []
    let refused = OneShot<PodDiagnosis>()
    let asking = trouble.ask(whether: rollout, is: refused)
    defer { asking.cancel() }
    while true {
      let step: RolloutWatch.Step?
      do throws(CancellationError) {
        step = try await trouble.next(of: rollout, watch, led: led, refused, until: deadline)
      } catch {
        throw .stopped
      }
      switch step {
      case .more(let found):
        led.formUnion(found.map(\.id))
        // The first replica is asked at once: it may serve long before the others run.
        let replicas = found.filter { $0.spec.key == targets.first?.spec.key }
        guard !replicas.isEmpty else { continue }
        try await lead(to: replicas.map { target(of: $0.pod, $0.spec, $0.id) }, keepsOthers: true)
      case .over(.running(let found)):
        return found.map { target(of: $0.pod, $0.spec, $0.id) }
      case .over(.failed(_, let reason)):
        throw .rollout(await diagnosis(of: rollout).map { "\($0)" } ?? reason)
      case .refused(let refusal): throw .rollout("\(refusal)")
      case nil:
        // Whoever isn't told anything can't know what runs.
        if let failure = await watch.failure { throw .kubernetes(failure) }
        let why = await diagnosis(of: rollout).map { ": \($0)" } ?? ""
        throw .rollout("the new containers didn't run within \(settings.limit.inWords)" + why)
      }
    }
  }

  private var trouble: RolloutWatch { RolloutWatch(client: client, namespace: namespace) }

  private func diagnosis(of rollout: Rollout) async -> PodDiagnosis? {
    await trouble.diagnosis(of: rollout.objects)
  }

  func diagnosis() async -> String? {
    guard let rollout = rolloutNow() else { return nil }
    return await diagnosis(of: rollout).map { "\($0)" }
  }

  private func target(of pod: String, _ spec: ContainerSpec, _ id: String) -> AppContainer {
    AppContainer(
      id: id, name: spec.name, containerName: "\(pod)/\(spec.name)", pod: pod, pid: 0, spec: spec,
      exit: ExitWatch { [watch] in
        _ = try await watch.first(limit: .seconds(365 * 86400)) { pods, _ -> Bool? in
          let status = pods[pod]?.status(of: spec.name)
          return status?.containerID == id && status?.state.running != nil ? nil : true
        }
      }, logFile: nil)
  }

  // MARK: What happens by itself

  func refresh() async -> TargetChange {
    guard let rollout = rolloutNow() else { return .none }
    let pods = Array(await watch.objects.values)
    if case .failed(_, let reason) = rollout.outcome(with: pods) {
      return .lost(.rollout(await diagnosis(of: rollout).map { "\($0)" } ?? reason))
    }
    let running = rollout.running(in: pods)
    if running.isEmpty, let name = forgetPods(beside: pods) {
      targets = []
      return .lost(.rollout("Pod \(name) was deleted"))
    }
    let known = Set(targets.map(\.id))
    guard Set(running.map(\.id)) != known else { return .none }
    targets = running.map { found in
      targets.first { $0.id == found.id } ?? target(of: found.pod, found.spec, found.id)
    }
    // The port of one that is gone stays: a replica that is missing is one that doesn't serve.
    if !targets.isEmpty { try? await lead(to: targets, keepsOthers: true) }
    return .targets
  }

  /// Nobody makes a pod anew that stands by itself.
  ///
  /// - Returns: the name of one that ran the app and is gone; nil if there is none.
  private func forgetPods(beside pods: [Pod]) -> String? {
    let gone = deployed.keys.filter { key in
      key.kind == "Pod" && targets.contains { $0.pod == key.name }
        && !pods.contains { $0.name == key.name }
    }
    for key in gone { deployed[key] = nil }
    return gone.map(\.name).min()
  }

  var isEnding: Bool {
    get async {
      let pods = await watch.objects
      return targets.contains { pods[$0.pod]?.metadata.deletionTimestamp != nil }
    }
  }

  func deleted() async throws(WorkflowFailure) -> String? {
    let labels = [ContainerLabel.key: settings.labels[ContainerLabel.key] ?? ""]
    do throws(KubernetesFailure) {
      let there = try await DeployedObject.list(
        labels: ListOptions.labelled(labels).labels, namespace: namespace, by: client,
        allowedOnly: true
      ).filter { $0.metadata.deletionTimestamp == nil }.map(\.key)
      let gone = deployed.keys.filter { key in
        deployed[key].map { $0.replicas != nil && !names(in: $0).isEmpty } == true
          && !there.contains(key)
      }
      for key in gone { deployed[key] = nil }
      return gone.map { "\($0)" }.min()
    } catch {
      throw .kubernetes(error)
    }
  }

  /// What has been deployed; nil if nothing has.
  private func rolloutNow() -> Rollout? {
    guard let current else { return nil }
    let objects = deployed.values.filter { $0.replicas != nil && !names(in: $0).isEmpty }
    return Rollout(
      objects: Array(objects), containers: (try? containers()) ?? [], suffix: settings.suffix,
      reference: reference(current), renewed: [], before: [])
  }

  // MARK: Removal

  func remove() async -> String? {
    await ports?.close()
    ports = nil
    targets = []
    deployed = [:]
    let labels = [ContainerLabel.key: settings.labels[ContainerLabel.key] ?? ""]
    do throws(KubernetesFailure) {
      try await KubernetesLeftovers.remove(
        labels: ListOptions.labelled(labels).labels, namespace: namespace, by: client)
      return nil
    } catch {
      return "\(error)"
    }
  }
}
