import Clock
import Containers
import FileSync
import Foundation
import Kubernetes
import Logging
import Processes
import Scenarios

/// The app's pods in the engine: made from the manifests, replaced, and removed.
actor PodDeployment {
  /// A running container that has the app's image.
  struct Target: Sendable {
    let id: String
    /// Its name in the manifest.
    let name: String
    let containerName: String
    let pod: String
    let pid: Int32
    let spec: ContainerSpec
    let exit: ExitWatch
    /// What it prints is written here; nil if it goes elsewhere.
    let logFile: String?
  }

  /// When the parts of a deployment ended.
  struct Times: Sendable {
    /// The old app was gone; nil if there was none.
    var stopped: MonotonicInstant?
    /// The app had to be killed: it had not ended within its grace period.
    var outlastedGrace = false
    /// The new container ran.
    var started: MonotonicInstant
    var strategy: ClusterSpec.DeployStrategy
    /// Why the wanted strategy couldn't be followed.
    var reason: String?
  }

  /// What the engine's “kube play” takes; see podman-kube-play(1).
  private static let playable: Set = [
    "Pod", "Deployment", "DaemonSet", "PersistentVolumeClaim", "ConfigMap", "Secret",
  ]

  private let podman: Podman
  private let service: PodmanService
  private let spec: ClusterSpec
  private let path: PathSpec
  private let label: ContainerLabel
  private let suffix: String
  private let hostPort: Int
  private let containerPort: Int?
  private let tree: String
  private let scratch: String
  /// Makes the argv that restarts the app when asked.
  private var supervise: (@Sendable ([String]) -> [String])?

  private(set) var targets: [Target] = []
  /// Objects of the manifests that the engine doesn't know.
  private(set) var leftOut: [String] = []
  private var manifests: ManifestSet?
  private var current: AppImage?
  private var containersMade = 0
  /// Removes containers that have been replaced.
  private var clearing: Task<Void, Never>?
  /// Volumes of this session's claims.
  private var claims: Set<String> = []

  init(
    podman: Podman, service: PodmanService, path: PathSpec, spec: ClusterSpec,
    label: ContainerLabel, suffix: String, hostPort: Int, containerPort: Int?, tree: String,
    scratch: String, supervise: (@Sendable ([String]) -> [String])?
  ) {
    self.podman = podman
    self.service = service
    self.path = path
    self.spec = spec
    self.label = label
    self.suffix = suffix
    self.hostPort = hostPort
    self.containerPort = containerPort
    self.tree = tree
    self.scratch = scratch
    self.supervise = supervise
  }

  /// Runs the app as it is: its image has no shell for a supervisor.
  func superviseNoMore() { supervise = nil }

  // MARK: Manifests

  /// Reads the manifests as they are now.
  func readManifests() throws(WorkflowFailure) {
    do {
      let names = try spec.manifestFiles(in: tree)
      guard !names.isEmpty else { throw ManifestFault.noManifests(patterns: spec.manifests) }
      var files: [(name: String, text: String)] = []
      for name in names {
        do {
          files.append((name, try String(contentsOfFile: "\(tree)/\(name)", encoding: .utf8)))
        } catch {
          throw ManifestFault.unreadable(file: name, reason: error.localizedDescription)
        }
      }
      let set = try ManifestSet(files: files)
      _ = try set.containers(running: ImageReference(spec.image.name), named: spec.container)
      manifests = set
    } catch let fault as ManifestFault {
      throw .manifest(fault)
    } catch {
      throw .watch("\(error)")
    }
  }

  private func specs() throws(WorkflowFailure) -> [ContainerSpec] {
    guard let manifests else { return [] }
    do {
      return try manifests.containers(
        running: ImageReference(spec.image.name), named: spec.container)
    } catch {
      throw .manifest(error)
    }
  }

  /// What a container of the app runs instead of what its manifest says.
  private func change(
    of container: ContainerSpec, image: ImageDocument
  ) -> ManifestRewrite.Container {
    var argv: [String]?
    if !path.command.isEmpty { argv = path.command }
    if let supervise {
      argv = supervise(
        argv
          ?? container.argv(imageEntrypoint: image.entrypoint, imageCommand: image.command))
    }
    return ManifestRewrite.Container(argv: argv, environment: path.environment)
  }

  private func yaml(for image: AppImage) throws(WorkflowFailure) -> String {
    guard let manifests else { return "" }
    let specs = try specs()
    do throws(ManifestFault) {
      var rewrite = ManifestRewrite(
        image: ImageReference(spec.image.name), replacement: image.id, suffix: suffix,
        labels: label.values, kinds: Self.playable)
      for container in specs {
        rewrite.containers[container.name] = change(of: container, image: image.document)
      }
      guard
        let first = specs.first(where: { containerPort.map($0.ports.contains) ?? !$0.ports.isEmpty }
        )
          ?? specs.first
      else { return "" }
      guard let port = containerPort ?? first.ports.first else {
        throw ManifestFault.noPort(container: first.name)
      }
      rewrite.published = (first.name, port, hostPort)
      rewrite.existingClaims = claims
      let (yaml, leftOut) = try rewrite.apply(to: manifests)
      self.leftOut = leftOut
      return yaml
    } catch {
      throw .manifest(error)
    }
  }

  // MARK: Deploying

  /// Brings an image to run in place of what runs.
  ///
  /// - Parameter manifestsChanged: only the whole pod's replacement does then.
  func deploy(
    _ image: AppImage, manifestsChanged: Bool
  ) async throws(WorkflowFailure) -> Times {
    let wanted = spec.deploy
    guard wanted == .inPlace, !targets.isEmpty, !manifestsChanged else {
      return try await replace(with: image, reason: nil)
    }
    if let reason = reasonAgainstInPlace(image) {
      return try await replace(with: image, reason: reason)
    }
    return try await swap(to: image)
  }

  /// Why a container can't be made anew in the pod that runs; nil if it can.
  private func reasonAgainstInPlace(_ image: AppImage) -> String? {
    guard let current, current.document.isConfigured(like: image.document) else {
      return "the image's configuration changed"
    }
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
  ) async throws(WorkflowFailure) -> Times {
    var times = Times(started: .now(), strategy: .replace, reason: reason)
    if !targets.isEmpty {
      times.outlastedGrace = try await stopTargets()
      times.stopped = .now()
    }
    try await removePods()
    let yaml = try yaml(for: image)
    do {
      let file = "\(scratch)/manifests.yaml"
      try Data(yaml.utf8).write(to: URL(fileURLWithPath: file))
      _ = try await podman.run(
        ["kube", "play", "--log-driver", ContainerCreation.logDriver, file], limit: .seconds(120))
    } catch let failure as EngineFailure {
      throw .engine(failure)
    } catch {
      throw .build("the manifests can't be written: \(error.localizedDescription)", output: [])
    }
    times.started = .now()
    current = image
    try await findTargets(of: image)
    return times
  }

  /// A new container in each pod that runs: made while the old one still serves, started once it is
  /// gone.
  private func swap(to image: AppImage) async throws(WorkflowFailure) -> Times {
    let (old, service) = (targets, service)
    var made: [(old: Target, id: String, name: String)] = []
    do {
      containersMade += 1
      let number = containersMade
      let creations = old.map { creation(for: $0, image: image, number: number) }
      async let stopping = Self.stop(old, service: service)
      for (target, creation) in zip(old, creations) {
        made.append((target, try await service.create(creation), creation.name))
      }
      let outlasted = try await stopping
      let stopped = old.compactMap(\.exit.goneAt).max() ?? .now()
      for new in made { try await service.start(container: new.id) }
      let started = MonotonicInstant.now()
      current = image
      var targets: [Target] = []
      for new in made {
        guard let info = try await service.container(new.id) else { continue }
        targets.append(
          Target(
            id: new.id, name: new.old.name, containerName: new.name, pod: new.old.pod,
            pid: info.pid, spec: new.old.spec, exit: ExitWatch(of: info.pid), logFile: info.logFile)
        )
      }
      self.targets = targets
      clear(away: old)
      return Times(
        stopped: stopped, outlastedGrace: outlasted, started: started, strategy: .inPlace)
    } catch let failure as EngineFailure {
      throw .engine(failure)
    } catch {
      throw .engine(.cancelled(command: podman.command(["start"])))
    }
  }

  /// Nothing waits for the old containers to be cleared away. One that can't be is in nobody's way, and
  /// goes with the session.
  private func clear(away old: [Target]) {
    let (service, before) = (service, clearing)
    clearing = Task {
      await before?.value
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
    for target: Target, image: AppImage, number: Int
  ) -> ContainerCreation {
    let spec = target.spec
    let change = change(of: spec, image: image.document)
    let base = target.containerName.replacing(/-devbench[0-9]+$/, with: "")
    return ContainerCreation(
      image: image.id, name: "\(base)-devbench\(number)", pod: target.pod,
      entrypoint: change.argv ?? spec.command,
      command: change.argv == nil ? spec.arguments : [],
      environment: spec.environment.merging(change.environment) { _, own in own },
      workingDirectory: spec.workingDirectory,
      labels: spec.labels.merging(label.values) { _, own in own },
      restartPolicy: ["Always": "always", "OnFailure": "on-failure"][spec.restartPolicy] ?? "no")
  }

  /// Ends the targets' processes and waits for their ends.
  ///
  /// A process that is the first of its container and doesn't catch SIGTERM never sees it, so it isn't
  /// asked and given a grace period for nothing.
  ///
  /// - Returns: whether one of them outlasted its grace period.
  private static func stop(
    _ targets: [Target], service: PodmanService
  ) async throws -> Bool {
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for target in targets {
        group.addTask {
          let grace = ProcessSignals.catches(SIGTERM, pid: target.pid) ? target.spec.gracePeriod : 0
          let begun = MonotonicInstant.now()
          // The call returns long after the process is gone; the kernel tells at once.
          let ended = OneShot<Result<MonotonicInstant, any Error>>()
          Task {
            do {
              try await service.stop(container: target.id, grace: grace)
            } catch {
              ended.set(.failure(error))
            }
          }
          let watching = Task { ended.set(.success(try await target.exit.end())) }
          defer { watching.cancel() }
          let end = try await ended.cancellableValue().get()
          return grace > 0 && end - begun >= .seconds(grace)
        }
      }
      var outlasted = false
      for try await one in group { outlasted = outlasted || one }
      return outlasted
    }
  }

  private func stopTargets() async throws(WorkflowFailure) -> Bool {
    let (targets, service) = (targets, service)
    do {
      // Told to end as Kubernetes does it: SIGTERM, then the grace period, whatever is caught.
      return try await withThrowingTaskGroup(of: Bool.self) { group in
        for target in targets {
          group.addTask {
            let begun = MonotonicInstant.now()
            try await service.stop(container: target.id, grace: target.spec.gracePeriod)
            return target.spec.gracePeriod > 0
              && MonotonicInstant.now() - begun >= .seconds(target.spec.gracePeriod)
          }
        }
        var outlasted = false
        for try await one in group { outlasted = outlasted || one }
        return outlasted
      }
    } catch let failure as EngineFailure {
      throw .engine(failure)
    } catch {
      throw .engine(.cancelled(command: podman.command(["stop"])))
    }
  }

  /// Looks up the containers that have the image.
  private func findTargets(of image: AppImage) async throws(WorkflowFailure) {
    let specs = try specs()
    do throws(EngineFailure) {
      let containers = try await podman.containers(filter: label.filter)
      targets = containers.filter { !$0.isInfra && $0.imageID == image.id }.compactMap {
        container in
        // “kube play” calls a container after its pod and its name in the manifest.
        guard let spec = specs.first(where: { container.name.hasSuffix("-\($0.name)") }) else {
          return nil
        }
        return Target(
          id: container.id, name: spec.name, containerName: container.name,
          pod: container.pod ?? "", pid: container.pid, spec: spec,
          exit: ExitWatch(of: container.pid), logFile: container.logFile)
      }
    } catch {
      throw .engine(error)
    }
    guard !targets.isEmpty else { throw .noContainer(image: spec.image.name) }
  }

  /// Whether a program can be run by the image's own shell.
  func hasShell(_ image: AppImage) async throws(WorkflowFailure) -> Bool {
    do throws(EngineFailure) {
      let output = try await podman.run(
        ["run", "--rm", "--network", "none", "--pull", "never"] + label.arguments
          + ["--entrypoint", "sh", image.id, "-c", ":"], accepting: Set(0...127))
      return output.exit == .exited(0)
    } catch {
      throw .engine(error)
    }
  }

  // MARK: Removal

  private func removePods() async throws(WorkflowFailure) {
    do throws(EngineFailure) {
      let pods = try await podman.run(
        ["pod", "ps", "--quiet", "--no-trunc", "--filter", label.filter]
      ).stdout.split(whereSeparator: \.isNewline).map(String.init)
      targets = []
      guard !pods.isEmpty else { return }
      _ = try await podman.run(
        ["pod", "rm", "--force", "--time", "0"] + pods, limit: .seconds(120))
      // They are made anew, unlike claims, whose volumes keep their data.
      if manifests?.objects.contains(where: { $0.kind == "Secret" }) == true {
        try await podman.removeSecrets(of: label.session)
      }
      if manifests?.objects.contains(where: { $0.kind == "PersistentVolumeClaim" }) == true {
        claims = Set(
          try await podman.run(["volume", "ls", "--quiet", "--filter", label.filter]).stdout
            .split(whereSeparator: \.isNewline).map(String.init))
      }
    } catch {
      throw .engine(error)
    }
  }

  /// Removes everything the session made in the engine.
  func remove(images tag: SessionTag) async -> String? {
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
