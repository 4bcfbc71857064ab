import Clock
import Containers
import FileSync
import Foundation
import Measurement
import Processes
import Scenarios

/// The loop of a cluster session: changes are noticed, then synced, rebuilt or deployed again.
///
/// One burst is dealt with at a time; whatever comes meanwhile is the next one, as a whole.
actor ClusterLoop {
  let journal = LoopJournal()
  let setup: SessionSetup
  private let spec: ClusterSpec
  let podman: Podman
  private let builder: ImageBuilder
  let deployment: PodDeployment
  private let output: OutputFollower
  private let lost: OneShot<WorkflowFailure>
  private let tell: @Sendable (LoopEvent) -> Void
  private let mapping: SyncMapping
  private let scan: TreeScan
  private let pending: PendingChanges

  private var changes = ChangeSet(image: [:])
  private var streams: [String: SyncStream] = [:]
  private var image: AppImage?
  private var appender: LayerAppender?
  private var appends = 0
  private(set) var bases: BaseImageChoice?
  private var running: Task<Void, Never>?
  private var watches: [Task<Void, Never>] = []
  /// What was synced last, for verification.
  private var synced: Set<TreePath> = []

  init(
    setup: SessionSetup, spec: ClusterSpec, podman: Podman, builder: ImageBuilder,
    deployment: PodDeployment, output: OutputFollower, lost: OneShot<WorkflowFailure>
  ) throws(WorkflowFailure) {
    self.setup = setup
    self.spec = spec
    self.podman = podman
    self.builder = builder
    self.deployment = deployment
    self.output = output
    self.lost = lost
    tell = setup.tell ?? { _ in }
    do {
      // On `rebuild` nothing is synced, whatever the rules say.
      mapping = setup.path.path == .sync ? try spec.syncMapping() : SyncMapping([])
      scan = try TreeScan(root: setup.tree)
    } catch {
      throw .watch("\(error)")
    }
    // From here on nothing that is saved is missed.
    pending = try PendingChanges(tree: setup.tree)
  }

  // MARK: Beginning and end

  /// Builds and deploys for the first time.
  func begin() async throws(WorkflowFailure) {
    try await deployment.readManifests()
    let tell = tell
    let bases = try await builder.bases { line in tell(.output(source: "devbench", line: line)) }
    self.bases = bases
    let image = try await build(bases)
    _ = try await deploy(image, manifestsChanged: true)
    for object in await deployment.leftOut {
      note("\(object) is left out: podman can't play it")
    }
    if setup.path.path == .sync { try await openStreams() }
  }

  /// Follows the changes until `end`.
  func run() {
    running = Task(priority: .high) {
      for await _ in pending.signals {
        guard let batch = pending.take() else { continue }
        await act(on: batch)
        if Task.isCancelled { return }
      }
    }
  }

  func end() async {
    running?.cancel()
    await running?.value
    running = nil
    for watch in watches { watch.cancel() }
    watches = []
    for stream in streams.values { await stream.close() }
    streams = [:]
    await appender?.end()
  }

  // MARK: One burst

  private func act(on batch: PendingChanges.Batch) async {
    tell(.noticed(files: batch.files, at: batch.at))
    let paths = batch.files.map { TreePath($0) }
    for path in paths { changes.mark(path) }
    do throws(WorkflowFailure) {
      let decision = try decide(about: paths)
      switch decision.action {
      case .nothing: break
      case .sync:
        journal.begin(noticed: batch.at, rest: "reload")
        tell(.acting(.sync, cause: nil))
        try await sync()
      case .redeploy:
        journal.begin(noticed: batch.at, rest: "start")
        tell(.acting(.redeploy, cause: "\(decision.redeployCauses.first ?? "")"))
        try await deployment.readManifests()
        guard let image else { break }
        try await roll(out: image, manifestsChanged: true)
      case .rebuild:
        journal.begin(noticed: batch.at, rest: "start")
        tell(.acting(.rebuild, cause: "\(decision.rebuildCauses.first ?? "")"))
        try await rebuild(
          causes: decision.rebuildCauses, manifestsChanged: !decision.redeployCauses.isEmpty)
      }
    } catch {
      if Task.isCancelled { return }
      fail(error)
    }
    journal.finish()
    tell(.settled(at: .now()))
  }

  /// The old code goes on running. Where saves are measured, that is the end of the sample.
  private func fail(_ failure: WorkflowFailure) {
    var lines: [String] = []
    if case .build(_, let output) = failure { lines = output }
    tell(.failed("\(failure)", output: lines, at: .now()))
    if setup.tell == nil { lost.set(failure) }
  }

  private func decide(about paths: [TreePath]) throws(WorkflowFailure) -> SyncDecision {
    let ignored: DockerIgnore
    let patterns: [GlobPattern]
    do {
      ignored = try self.ignored()
      patterns = try spec.manifestPatterns()
    } catch {
      throw .watch("\(error)")
    }
    let policy = SyncPolicy(
      mapping: mapping, manifests: patterns, dockerfile: TreePath(spec.image.dockerfile),
      leftOut: ignored)
    return policy.decide(paths) { path in
      guard let entry = try? scan.entry(at: path) else { return nil }
      guard entry == .directory, let below = try? scan.entries(below: path) else { return nil }
      return below.filter { $0.value != .directory }.keys.sorted()
    }
  }

  // MARK: Sync

  private func openStreams() async throws(WorkflowFailure) {
    for stream in streams.values { await stream.close() }
    streams = [:]
    let podman = podman
    for target in await deployment.targets {
      changes.add(container: target.id)
      let stream = SyncStream(
        root: scan.root, mapping: mapping, environment: podman.environment,
        ledger: setup.directory.ledger
      ) { arguments in
        podman.command(["exec", "--interactive", target.id, "sh"] + arguments)
      }
      streams[target.id] = stream
      do {
        try await stream.open()
      } catch {
        throw .sync("\(error)")
      }
    }
  }

  /// Brings what is dirty into every container.
  private func sync() async throws(WorkflowFailure) {
    var copied: Set<TreePath> = []
    var deleted: Set<TreePath> = []
    var bytes: Int64 = 0
    var packedAt: MonotonicInstant?
    var landedAt = MonotonicInstant.now()
    for (id, stream) in streams.sorted(by: { $0.key < $1.key }) {
      var attempts = 0
      while let batch = changes.nextBatch(for: id, from: scan) {
        let followUps = mapping.followUps(of: batch)
        if followUps.contains(.restart) { journal.call(rest: "start") }
        let landing: Landing
        do {
          landing = try await stream.land(batch, then: followUps.compactMap(\.command))
        } catch {
          changes.fail(batch)
          throw .sync("\(error)")
        }
        changes.acknowledge(batch, except: landing.unlanded)
        packedAt = max(packedAt ?? landing.packedAt ?? .now(), landing.packedAt ?? .now())
        landedAt = max(landing.landedAt ?? .now(), packedAt ?? .now())
        bytes += landing.bytes
        copied.formUnion(batch.writes.filter { $0.entry.kind != .directory }.map(\.path))
        deleted.formUnion(batch.deletes)
        if let command = landing.commands.first(where: { $0.status != 0 }) {
          throw .sync(
            "“\(ShellWords.quoted(command.command))” ended with status \(command.status): "
              + command.output.suffix(3).joined(separator: "; "))
        }
        if let (path, reason) = landing.failures.sorted(by: { $0.key < $1.key }).first {
          throw .sync("\(path) didn't land: \(reason)" + (landing.advice.map { "; \($0)" } ?? ""))
        }
        // A file that changed while it was read is sent again, as it is then.
        attempts += 1
        if landing.torn.isEmpty || attempts >= 10 { break }
      }
    }
    synced = copied.union(deleted)
    journal.step("pack", at: packedAt ?? landedAt)
    journal.step("transfer", at: landedAt)
    tell(
      .landed(
        copied: copied.sorted().map(\.description),
        deleted: deleted.subtracting(copied).sorted().map(\.description), bytes: Int(bytes),
        at: landedAt))
  }

  /// Compares what was synced last with every container.
  func verify() async -> String? {
    guard !synced.isEmpty else { return nil }
    for stream in streams.values {
      do {
        let differing = try await stream.differing(synced.sorted())
        guard let first = differing.first else { continue }
        return "\(first)\(differing.count > 1 ? " and \(differing.count - 1) more" : "") in the "
          + "container differ\(differing.count > 1 ? "" : "s") from the host's"
      } catch {
        return "the container's files could not be compared with the host's: \(error)"
      }
    }
    return nil
  }

  // MARK: Rebuild

  private func build(_ bases: BaseImageChoice) async throws(WorkflowFailure) -> AppImage {
    let start = changes.now
    let content: [TreePath: TreeEntry]
    do {
      content = try scan.entries(below: TreePath(""))
    } catch {
      throw .watch("\(error)")
    }
    let tell = tell
    // Looked at before the build, so that what changes meanwhile counts as changed.
    let recipe = spec.builder == .append ? try look() : nil
    let image = try await builder.build(bases: bases) { line in
      tell(.output(source: "build", line: line))
    }
    changes.imageBuilt(from: content, since: start)
    self.image = image
    await appender?.end()
    appender = nil
    guard let recipe else { return image }
    do {
      appender = try LayerAppender(
        base: image, recipe: recipe.0, content: recipe.content, bases: bases, builder: builder)
    } catch {
      note("each change is built in full: \(error)")
    }
    return image
  }

  /// What the build is about to do, and with what; nil if it can't be told.
  private func look() throws(WorkflowFailure) -> (BuildRecipe, content: ContextTree)? {
    do {
      let recipe = try BuildRecipe(of: builder)
      return (recipe, try recipe.context(of: builder))
    } catch let failure as WorkflowFailure {
      throw failure
    } catch {
      note("each change is built in full: \(error)")
      return nil
    }
  }

  private func ignored() throws -> DockerIgnore {
    try DockerIgnore(
      context: URL(fileURLWithPath: builder.context), dockerfile: spec.image.dockerfile)
  }

  private func note(_ text: String) {
    tell(.output(source: "devbench", line: text))
  }

  private func rebuild(
    causes: [TreePath], manifestsChanged: Bool
  ) async throws(WorkflowFailure) {
    guard var bases else { return }
    if manifestsChanged { try await deployment.readManifests() }
    if let appended = try await append() {
      journal.step("build")
      tell(.built(builder: appended.builder, at: .now()))
      return try await roll(out: appended, manifestsChanged: manifestsChanged)
    }
    if causes.contains(where: { $0 == TreePath(spec.image.dockerfile) }) {
      let tell = tell
      bases = try await builder.bases { line in tell(.output(source: "devbench", line: line)) }
      self.bases = bases
    }
    let image = try await build(bases)
    journal.step("build")
    tell(.built(builder: image.builder, at: .now()))
    try await roll(out: image, manifestsChanged: manifestsChanged)
  }

  /// The image with the changed files on top; nil if only a full build can make it, or is to.
  private func append() async throws(WorkflowFailure) -> AppImage? {
    guard spec.builder == .append, let appender else { return nil }
    do {
      let start = changes.now
      let tree = try scan.entries(below: TreePath(""))
      appends += 1
      let appended = try await appender.append(named: builder.tag.reference(appends))
      changes.imageBuilt(from: tree, since: start)
      image = appended
      return appended
    } catch let obstacle as LayerAppender.Obstacle {
      note("built in full: \(obstacle)")
      return nil
    } catch let failure as EngineFailure {
      throw .engine(failure)
    } catch let failure as WorkflowFailure {
      throw failure
    } catch {
      throw .watch("\(error)")
    }
  }

  private func roll(
    out image: AppImage, manifestsChanged: Bool
  ) async throws(WorkflowFailure) {
    let times = try await deploy(image, manifestsChanged: manifestsChanged)
    if let stopped = times.stopped {
      journal.step(times.outlastedGrace ? "grace period" : "stop", at: stopped)
    }
    journal.step("deploy", at: times.started)
    if let reason = times.reason {
      note("the whole pod is replaced: \(reason)")
    }
    tell(.deployed(at: times.started))
    if setup.path.path == .sync {
      try await openStreams()
      try await sync()
    }
  }

  private func deploy(
    _ image: AppImage, manifestsChanged: Bool
  ) async throws(WorkflowFailure) -> PodDeployment.Times {
    for watch in watches { watch.cancel() }
    watches = []
    for id in changes.containerIDs { changes.remove(container: id) }
    let times = try await deployment.deploy(image, manifestsChanged: manifestsChanged)
    let targets = await deployment.targets
    output.follow(targets.map { ($0.id, $0.name) })
    for target in targets { watches.append(Task { await self.watch(target) }) }
    return times
  }

  /// Notices that a container ended by itself.
  private func watch(_ target: PodDeployment.Target) async {
    guard (try? await target.exit.end()) != nil, !Task.isCancelled else { return }
    let info = try? await builder.service.container(target.id)
    if Task.isCancelled { return }
    let failure = WorkflowFailure.containerExited(
      name: target.name, status: info?.state == .running ? nil : info?.exitCode)
    if setup.tell == nil {
      lost.set(failure)
    } else {
      tell(.failed("\(failure)", output: output.log.tail(10), at: .now()))
    }
  }
}
