import Clock
import Containers
import FileSync
import Foundation
import Glibc
import Kubernetes
import Logging
import Processes
import Scenarios

/// The app's pods in the engine: made from the manifests, replaced, and removed.
actor PodDeployment: AppDeployment {
  private let place: EnginePlace
  private let spec: ClusterSpec
  private let label: ContainerLabel
  /// Of the session's images.
  private let tag: SessionTag

  private(set) var targets: [AppContainer] = []
  /// Containers of the pods that don't run the app, with their grace periods: a database, say.
  private var others: [(id: String, grace: Int)] = []
  /// All containers of the pods as they were when these were made.
  private var played: Set<FootprintRoots.Container> = []
  private var manifests: DeployedManifests
  private var current: AppImage?
  private var hasNoShell = false
  private var containersMade = 0
  /// Removes containers that have been replaced.
  private var clearing: Task<Void, Never>?
  /// Volumes of this session's claims.
  private var claims: Set<String> = []

  init(
    place: EnginePlace, spec: ClusterSpec, label: ContainerLabel,
    tag: SessionTag, manifests: DeployedManifests
  ) {
    self.place = place
    self.spec = spec
    self.label = label
    self.tag = tag
    self.manifests = manifests
  }

  private var podman: Podman { place.podman }
  private var service: PodmanService { place.service }

  /// Objects of the manifests that the engine doesn't know.
  var leftOut: [String] { manifests.leftOut }

  var notes: [String] {
    leftOut.map { "\($0) is left out: podman can't play it" } + manifests.notes
  }

  var members: Set<FootprintRoots.Container> {
    // A container that was made anew is in a pod that was there.
    played.union(targets.map { FootprintRoots.Container(id: $0.id, pod: $0.pod) })
  }

  var requests: ResourceRequests? {
    get throws(WorkflowFailure) { try manifests.requests() }
  }

  func superviseNoMore() {
    manifests.supervise = nil
    hasNoShell = true
  }

  var obstacleToRestart: String? {
    get throws(WorkflowFailure) {
      if hasNoShell { return "the image has no sh to restart the app with" }
      return try manifests.containers().contains(where: \.sharesProcesses)
        ? ContainerSync.sharedProcesses : nil
    }
  }

  func readManifests() throws(WorkflowFailure) {
    try manifests.read()
  }

  // MARK: Deploying

  func expectImage() {}

  func deploy(
    _ image: AppImage, manifestsChanged: Bool,
    streamEnd: @escaping @Sendable (String) -> OneShot<MonotonicInstant>? = { _ in nil }
  ) async throws(WorkflowFailure) -> DeploymentTimes {
    let wanted = spec.deploy
    guard wanted == .inPlace, !targets.isEmpty, !manifestsChanged else {
      return try await replace(with: image, reason: nil)
    }
    if let reason = try reasonAgainstInPlace(image) {
      return try await replace(with: image, reason: reason)
    }
    return try await swap(to: image, streamEnd: streamEnd)
  }

  /// Why a container can't be made anew in the pod that runs; nil if it can.
  private func reasonAgainstInPlace(_ image: AppImage) throws(WorkflowFailure) -> String? {
    guard let current, current.document.isConfigured(like: image.document) else {
      return "the image's configuration changed"
    }
    if try manifests.hasOthers() { return "other containers than “container” names run the image" }
    for target in targets {
      if let key = target.spec.otherKeys.first {
        return "the manifest says “\(key)”, which only the engine's own deployment understands"
      }
      if target.exit.goneAt != nil { return "the container “\(target.name)” has ended" }
    }
    return nil
  }

  /// The whole pod is taken down and played again.
  private func replace(
    with image: AppImage, reason: String?
  ) async throws(WorkflowFailure) -> DeploymentTimes {
    var times = DeploymentTimes(started: .now(), strategy: .replace, reason: reason)
    if !targets.isEmpty || !others.isEmpty {
      times.outlastedGrace = try await stopAll()
      times.stopped = .now()
    }
    try await removePods()
    var volumes: Set<String> = []
    if !manifests.undeclaredClaims.isEmpty {
      do throws(EngineFailure) {
        volumes = Set(try await podman.volumes())
      } catch {
        throw .engine(error)
      }
    }
    let yaml = try manifests.yaml(for: image, existingClaims: claims, existingVolumes: volumes)
    do throws(EngineFailure) {
      try await play(yaml)
    } catch {
      guard case .notRun = error else { throw .engine(error) }
      // The answer was lost, and what was made isn't known.
      try await removePods()
      do throws(EngineFailure) { try await play(yaml) } catch { throw .engine(error) }
    }
    times.started = .now()
    current = image
    try await findTargets(of: image)
    return times
  }

  /// Podman 4.3 may look at an init container before its end is written down, and fail to remove it: then
  /// the pod goes on from there.
  private func play(_ yaml: String) async throws(EngineFailure) {
    var failure: EngineFailure
    do {
      return try await service.play(yaml, network: place.network)
    } catch {
      failure = error
    }
    // Pods after the one that failed weren't made.
    guard manifests.count(of: ["Pod", "Deployment", "DaemonSet"]) == 1 else { throw failure }
    while let id = Self.endedInitContainer(in: failure) {
      guard try await podman.run(["wait", id]).stdout.hasPrefix("0") else { throw failure }
      _ = try await podman.run(["rm", "--force", id])
      do {
        let pods = try await podman.run(["pod", "ps", "--quiet", "--filter", label.filter]).stdout
        _ = try await podman.run(
          ["pod", "start"] + pods.split(whereSeparator: \.isNewline).map(String.init),
          limit: .seconds(120))
        return
      } catch {
        failure = error
      }
    }
    throw failure
  }

  private static func endedInitContainer(in failure: EngineFailure) -> String? {
    guard case .failed(_, _, let lines) = failure else { return nil }
    let words = lines.joined(separator: " ").split(separator: " ")
    guard
      let start = lines.firstIndex(where: { $0.contains("failed to remove once init container") }),
      lines[start].contains("as it is running")
    else { return nil }
    return words.map { $0.prefix { $0 != ":" } }
      .first { $0.count == 64 && $0.allSatisfy(\.isHexDigit) }.map(String.init)
  }

  /// A new container in each pod that runs: made while the old one still serves, started once it is
  /// gone.
  private func swap(
    to image: AppImage,
    streamEnd: @escaping @Sendable (String) -> OneShot<MonotonicInstant>?
  ) async throws(WorkflowFailure) -> DeploymentTimes {
    let (old, service) = (targets, service)
    var made: [(old: AppContainer, id: String, name: String)] = []
    do {
      containersMade += 1
      let number = containersMade
      let creations = old.map { creation(for: $0, image: image, number: number) }
      async let stopping = ContainerStop.end(
        old, signal: current?.document.stopSignal ?? "", place: place, streamEnd: streamEnd)
      for (target, creation) in zip(old, creations) {
        made.append((target, try await service.create(creation), creation.name))
      }
      let stopped = try await stopping
      for new in made { try await service.start(container: new.id) }
      let started = MonotonicInstant.now()
      current = image
      var targets: [AppContainer] = []
      for new in made {
        guard let info = try await service.container(new.id) else { continue }
        targets.append(
          AppContainer(
            id: new.id, name: new.old.name, containerName: new.name, pod: new.old.pod,
            pid: info.pid, spec: new.old.spec, exit: place.exitWatch(of: new.id, pid: info.pid),
            logFile: place.isHere ? info.logFile : nil)
        )
      }
      self.targets = targets
      clear(away: old)
      return DeploymentTimes(
        stopped: stopped.at, outlastedGrace: stopped.outlasted, started: started,
        strategy: .inPlace)
    } catch let failure as EngineFailure {
      throw .engine(failure)
    } catch {
      throw .engine(.cancelled(command: podman.command(["start"])))
    }
  }

  /// Nothing waits for the old containers to be cleared away, and the app's start has the processor for
  /// itself. One that can't be removed is in nobody's way, and goes with the session.
  private func clear(away old: [AppContainer]) {
    let (service, before) = (service, clearing)
    clearing = Task {
      await before?.value
      do {
        try await Task.sleep(for: .seconds(2), clock: .suspending)
      } catch {
        // The session ends: everything of its goes.
        return
      }
      for target in old {
        do {
          try await service.remove(container: target.id)
        } catch {
          Logger(label: "devbench.containers").debug(
            "\(target.containerName) is still there: \(error)")
        }
      }
    }
  }

  private func creation(
    for target: AppContainer, image: AppImage, number: Int
  ) -> ContainerCreation {
    let spec = target.spec
    let change = manifests.change(of: spec, image: image.document)
    let base = target.containerName.replacing(/-devbench[0-9]+$/, with: "")
    return ContainerCreation(
      image: image.id, name: "\(base)-devbench\(number)", pod: target.pod,
      entrypoint: change.argv ?? spec.command,
      command: change.argv == nil ? spec.arguments : [],
      environment: spec.environment.merging(change.environment) { _, own in own },
      workingDirectory: spec.workingDirectory,
      labels: spec.labels.merging(label.values) { _, own in own },
      restartPolicy: ["Always": "always", "OnFailure": "on-failure"][spec.restartPolicy] ?? "no",
      unsetEnvironment: ["TERM", "container"].filter {
        !image.document.environmentNames.contains($0)
      })
  }

  private func stopAll() async throws(WorkflowFailure) -> Bool {
    do {
      return try await ContainerStop.asKubernetes(
        targets.map { ($0.id, $0.spec.gracePeriod) } + others, service: service)
    } catch let failure as EngineFailure {
      throw .engine(failure)
    } catch {
      throw .engine(.cancelled(command: podman.command(["stop"])))
    }
  }

  /// Looks up the containers that have the image.
  private func findTargets(of image: AppImage) async throws(WorkflowFailure) {
    let (specs, suffix) = (try manifests.containers(), manifests.suffix)
    do throws(EngineFailure) {
      let containers = try await podman.containers(filter: label.filter)
      let found = containers.filter { !$0.isInfra && $0.imageID == image.id }.compactMap {
        container -> AppContainer? in
        guard
          let spec = specs.first(where: {
            $0.engineNames(suffix: suffix).contains(container.name)
          })
        else { return nil }
        return AppContainer(
          id: container.id, name: spec.name, containerName: container.name,
          pod: container.pod ?? "", pid: container.pid, spec: spec,
          exit: place.exitWatch(of: container.id, pid: container.pid),
          logFile: place.isHere ? container.logFile : nil)
      }
      // What runs to its end is done with its image, and no place for a change.
      let lasting = found.filter { $0.spec.restartPolicy == "Always" }
      targets = lasting.isEmpty ? found : lasting
      played = Set(containers.map { FootprintRoots.Container(id: $0.id, pod: $0.pod) })
      let ids = Set(targets.map(\.id))
      others = containers.filter { !$0.isInfra && !ids.contains($0.id) }.map {
        ($0.id, manifests.gracePeriod(of: $0.name))
      }
    } catch {
      throw .engine(error)
    }
    guard !targets.isEmpty else { throw .noContainer(image: spec.image.name) }
  }

  /// The engine starts a container again as it is; its end is seen by its process.
  func refresh() -> TargetChange { .none }

  // MARK: Removal

  private func removePods() async throws(WorkflowFailure) {
    do throws(EngineFailure) {
      let pods = try await podman.run(
        ["pod", "ps", "--quiet", "--no-trunc", "--filter", label.filter]
      ).stdout.split(whereSeparator: \.isNewline).map(String.init)
      (targets, others) = ([], [])
      guard !pods.isEmpty else { return }
      // What ran in them has ended, so that it takes no stopping before, and an edit waits.
      _ = try await podman.run(
        ["pod", "rm", "--force", "--time", "0"] + pods, limit: .seconds(120))
      // They are made anew, unlike claims, whose volumes keep their data.
      if manifests.count(of: ["Secret", "ConfigMap"]) > 0 {
        try await podman.removeUnlabelled(of: label.session)
      }
      if manifests.count(of: ["PersistentVolumeClaim"]) > 0 {
        claims = Set(try await podman.volumes(filter: label.filter))
      }
    } catch {
      throw .engine(error)
    }
  }

  func remove() async -> String? {
    clearing?.cancel()
    await clearing?.value
    targets = []
    do throws(EngineFailure) {
      try await podman.removeSession(label, tag: tag)
      return nil
    } catch {
      return "\(error)"
    }
  }
}
