import Clock
import Containers
import FileSync
import Foundation
import Measurement
import Processes
import Scenarios

/// The loop of a cluster session: changes are noticed, then synced, rebuilt or deployed again.
///
/// One burst is dealt with at a time; whatever comes meanwhile is the next one, as a whole. What could
/// not be done stays to be done with the next change.
actor ClusterLoop {
  let journal = LoopJournal()
  let setup: SessionSetup
  private let spec: ClusterSpec
  let podman: Podman
  private let source: ImageSource
  let deployment: PodDeployment
  private let service: PodmanService
  private let output: OutputFollower
  private let lost: OneShot<WorkflowFailure>
  private let tell: @Sendable (LoopEvent) -> Void
  private let mapping: SyncMapping
  private let scan: TreeScan
  private let pending: PendingChanges
  private let makeSync: @Sendable (PodDeployment.Target) -> ContainerSync

  private var known = KnownTree()
  private var changes = ChangeSet(image: [:])
  private var containers: [ContainerSync] = []
  private var image: AppImage?
  /// What an earlier burst asked for and didn't get.
  private var owed = SyncDecision()
  private var needsDeploy = false
  /// How often each container's process ended by itself.
  private var ends: [String: Int] = [:]
  private var cannotRestart = false
  private var noted: Set<String> = []
  private var running: Task<Void, Never>?
  private var watches: [Task<Void, Never>] = []
  /// What was synced since the last verification.
  private var synced: Set<TreePath> = []
  /// What was synced ever and may be in no image.
  private var everSynced: Set<TreePath> = []

  init(
    setup: SessionSetup, spec: ClusterSpec, podman: Podman, service: PodmanService,
    source: ImageSource, deployment: PodDeployment, output: OutputFollower, scratch: String,
    lost: OneShot<WorkflowFailure>
  ) throws(WorkflowFailure) {
    self.setup = setup
    self.spec = spec
    self.podman = podman
    self.source = source
    self.deployment = deployment
    self.service = service
    self.output = output
    self.lost = lost
    tell = setup.tell ?? { _ in }
    do {
      // On `rebuild` nothing is synced, whatever the rules say.
      let mapping = setup.path.path == .sync ? try spec.syncMapping() : SyncMapping([])
      let scan = try TreeScan(root: setup.tree)
      (self.mapping, self.scan) = (mapping, scan)
      let ledger = setup.directory.ledger
      makeSync = { target in
        ContainerSync(
          target, podman: podman, service: service, root: scan.root, mapping: mapping,
          scratch: scratch, ledger: ledger)
      }
    } catch {
      throw .watch("\(error)")
    }
    // From here on nothing that is saved is missed.
    let tell = tell
    pending = try PendingChanges(
      tree: setup.tree, warn: { tell(.output(source: "devbench", line: $0)) })
  }

  // MARK: Beginning and end

  /// Builds and deploys for the first time.
  func begin() async throws(WorkflowFailure) {
    try await deployment.readManifests()
    let image = try await makeImage()
    tell(.built(builder: image.builder, at: .now()))
    if mapping.rules.contains(where: { $0.then == .restart }),
      try await !deployment.hasShell(image)
    {
      await deployment.superviseNoMore()
      cannotRestart = true
      note("the image has no sh to restart the app with: each change that needs it is rebuilt")
    }
    tell(.deployed(at: try await deploy(image, manifestsChanged: true).started))
    for object in await deployment.leftOut {
      note("\(object) is left out: podman can't play it")
    }
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
    for container in containers { await container.close() }
    containers = []
    await source.end()
  }

  /// What the image stands on.
  var bases: BaseImageChoice? { get async { await source.bases } }

  // MARK: One burst

  private func act(on batch: PendingChanges.Batch) async {
    var files = batch.files
    defer { journal.finish(noticed: batch.at) }
    do throws(WorkflowFailure) {
      var (decision, concerned) = try decide(about: files)
      if decision.action == .rebuild, decision.rebuildCauses.allSatisfy(known.isNew) {
        // Tools write beside a file before they rename or remove what they wrote.
        do { try await Task.sleep(for: FileWatcher.quietPeriod) } catch { return }
        files += (pending.take()?.files ?? []).filter { !files.contains($0) }
        (decision, concerned) = try decide(about: files)
      }
      let paths = files.map { TreePath($0) }
      for path in paths { changes.mark(path) }
      try look(at: paths)
      guard decision.action != .nothing else { return }
      tell(.noticed(files: concerned, at: batch.at))
      defer { tell(.settled(at: .now())) }
      do throws(WorkflowFailure) {
        try await act(on: owed.merged(with: decision), noticed: batch.at)
      } catch {
        if Task.isCancelled { return }
        await fail(error)
      }
    } catch {
      await fail(error)
    }
  }

  private func act(
    on decision: SyncDecision, noticed: MonotonicInstant
  ) async throws(WorkflowFailure) {
    owed = decision
    var action = decision.action
    var cause: TreePath?
    if let reason = try await reasonForNewContainer(decision) {
      note(reason)
      action = .rebuild
    }
    switch action {
    case .nothing: break
    case .sync:
      journal.begin(noticed: noticed, rest: .reload)
      tell(.acting(.sync, cause: nil))
      if let obstacle = try await sync() {
        note("rebuilt, since the container can't be synced into: \(obstacle)")
        journal.call(rest: .start)
        tell(.acting(.rebuild, cause: nil))
        try await rebuild(manifestsChanged: false)
      }
    case .redeploy:
      journal.begin(noticed: noticed, rest: .start)
      cause = decision.redeployCauses.first
      tell(.acting(.redeploy, cause: cause.map { "\($0)" }))
      try await deployment.readManifests()
      if let image { try await roll(out: image, manifestsChanged: true) }
    case .rebuild:
      journal.begin(noticed: noticed, rest: .start)
      // Where nothing is synced, every file's change rebuilds.
      if setup.path.path == .sync { cause = decision.rebuildCauses.first }
      tell(.acting(.rebuild, cause: cause.map { "\($0)" }))
      try await rebuild(manifestsChanged: !decision.redeployCauses.isEmpty || needsDeploy)
    }
    owed = SyncDecision()
  }

  /// Where saves are measured, a failure is the end of the sample; else the old code goes on running, if
  /// there is any.
  private func fail(_ failure: WorkflowFailure) async {
    guard setup.tell != nil else { return lost.set(failure) }
    let targets = await deployment.targets
    if targets.isEmpty || targets.allSatisfy({ $0.exit.goneAt != nil }) {
      return tell(.lost(failure, at: .now()))
    }
    // The build's lines have been shown as they came.
    var reason = "\(failure)"
    var lines: [String] = []
    if case .build(let text, let output) = failure { (reason, lines) = (text, output) }
    tell(.failed(reason, output: lines, at: .now()))
  }

  /// - Returns: also the files without those that came and went before anybody looked.
  private func decide(
    about files: [String]
  ) throws(WorkflowFailure) -> (SyncDecision, concerned: [String]) {
    do {
      let policy = SyncPolicy(
        mapping: mapping, manifests: try spec.manifestPatterns(), context: source.context,
        dockerfile: TreePath(spec.image.dockerfile), leftOut: try source.leftOut())
      let concerns = try known.concerns(files.map { TreePath($0) }, in: scan)
      return (
        policy.decide(concerns.paths) { concerns.below[$0]?.sorted() },
        concerns.paths.map(\.description)
      )
    } catch let failure as WorkflowFailure {
      throw failure
    } catch {
      throw .watch("\(error)")
    }
  }

  private func look(at paths: [TreePath]) throws(WorkflowFailure) {
    do {
      try known.look(at: paths, in: scan)
    } catch {
      throw .watch("\(error)")
    }
  }

  private func note(_ text: String) {
    tell(.output(source: "devbench", line: text))
  }

  // MARK: Sync

  /// Why the change can't go into the containers that are there; nil if it can.
  private func reasonForNewContainer(
    _ decision: SyncDecision
  ) async throws(WorkflowFailure) -> String? {
    guard decision.action == .sync || decision.action == .redeploy else { return nil }
    if needsDeploy { return "what was deployed last doesn't run: it is deployed anew" }
    if cannotRestart, mapping.followUps(of: decision.synced).contains(.restart) {
      return "rebuilt: the image has no sh to restart the app with"
    }
    for container in containers where container.target.exit.goneAt != nil {
      let target = container.target
      let info: ContainerInfo?
      do {
        info = try await service.container(target.id)
      } catch {
        throw .engine(error)
      }
      // One that the engine started again holds what it held.
      if info?.state == .running, ends[target.id, default: 0] < 2 { continue }
      return "the container “\(target.name)” doesn't run: it is made anew"
    }
    return nil
  }

  /// Brings what is dirty into every container; a fault of one doesn't keep the others from theirs.
  ///
  /// - Returns: why only a rebuild can; nil if it's done.
  private func sync() async throws(WorkflowFailure) -> String? {
    var total = SyncTotal(mapping: mapping)
    var failure: WorkflowFailure?
    var obstacle: String?
    for container in containers {
      do {
        try await sync(container, &total)
      } catch let fault as WorkflowFailure {
        failure = failure ?? fault
      } catch is CancellationError {
        throw .stopped
      } catch {
        if Task.isCancelled { throw .stopped }
        obstacle = obstacle ?? "\(error)"
      }
    }
    synced.formUnion(total.paths)
    everSynced.formUnion(total.paths)
    if let landedAt = total.landedAt {
      journal.step("pack", at: min(total.packedAt ?? landedAt, landedAt))
      journal.step("transfer", at: landedAt)
      tell(
        .landed(
          copied: total.copied.sorted().map(\.description),
          deleted: total.deleted.subtracting(total.copied).sorted().map(\.description),
          bytes: Int(total.bytes), at: landedAt))
    }
    if let obstacle { return obstacle }
    if let failure { throw failure }
    return nil
  }

  /// - Throws: `WorkflowFailure` for what another save may mend, another error if the container can't be
  ///   reached or take the change at all.
  private func sync(_ container: ContainerSync, _ total: inout SyncTotal) async throws {
    let id = container.target.id
    var attempts = 0
    while let batch = changes.nextBatch(for: id, from: scan) {
      if await container.restarts(after: batch) { journal.call(rest: .restart) }
      let landing: Landing
      do {
        landing = try await container.land(batch)
      } catch {
        changes.fail(batch)
        throw error
      }
      changes.acknowledge(batch, except: landing.unlanded)
      total.add(batch, landing)
      if let command = landing.commands.first(where: { $0.status != 0 }) {
        throw WorkflowFailure.sync(
          "“\(ShellWords.quoted(command.command))” ended with status \(command.status)"
            + (command.output.isEmpty
              ? "" : ": " + command.output.suffix(3).joined(separator: "; ")))
      }
      if let (path, reason) = landing.failures.sorted(by: { $0.key < $1.key }).first {
        throw WorkflowFailure.sync(
          "\(path) didn't land: \(reason)" + (landing.advice.map { "; \($0)" } ?? ""))
      }
      if let problem = batch.problems.first {
        throw WorkflowFailure.sync("\(problem)")
      }
      // A file that changed while it was read is sent again, as it is then.
      attempts += 1
      if landing.torn.isEmpty { return }
      if attempts >= 10, let path = landing.torn.sorted().first {
        throw WorkflowFailure.sync("\(path) is written to without a pause: it didn't land whole")
      }
    }
  }

  /// Compares what was synced since the last time with every container.
  func verify() async -> String? {
    guard !synced.isEmpty else { return nil }
    for container in containers {
      do {
        let differing = try await container.differing(synced.sorted())
        guard let first = differing.first else { continue }
        return "\(first)\(differing.count > 1 ? " and \(differing.count - 1) more" : "") in the "
          + "container differ\(differing.count > 1 ? "" : "s") from the host's"
      } catch {
        return "the container's files could not be compared with the host's: \(error)"
      }
    }
    synced = []
    return nil
  }

  // MARK: Rebuild

  private func makeImage() async throws(WorkflowFailure) -> AppImage {
    let start = changes.now
    let tree: [TreePath: TreeEntry]
    do {
      tree = try scan.entries(below: TreePath(""))
    } catch {
      throw .watch("\(error)")
    }
    if image == nil { known = KnownTree(tree) }
    let image = try await source.image()
    // What a rule takes and no image holds has to be brought into each new container.
    var content = tree
    var outside: [TreePath] = []
    for path in everSynced {
      guard let entry = tree[path] else { continue }
      if try await !source.mayHold(path, entry) {
        content[path] = nil
        outside.append(path)
      }
    }
    changes.imageBuilt(from: content, since: start)
    for path in outside { changes.mark(path) }
    self.image = image
    return image
  }

  private func rebuild(manifestsChanged: Bool) async throws(WorkflowFailure) {
    if manifestsChanged { try await deployment.readManifests() }
    let image = try await makeImage()
    journal.step("build")
    tell(.built(builder: image.builder, at: .now()))
    try await roll(out: image, manifestsChanged: manifestsChanged)
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
    // Everything that changed since the image was built.
    if let obstacle = try await sync() { throw .sync(obstacle) }
  }

  private func deploy(
    _ image: AppImage, manifestsChanged: Bool
  ) async throws(WorkflowFailure) -> PodDeployment.Times {
    for watch in watches { watch.cancel() }
    watches = []
    let times: PodDeployment.Times
    do throws(WorkflowFailure) {
      needsDeploy = true
      times = try await deployment.deploy(image, manifestsChanged: manifestsChanged)
      needsDeploy = false
    } catch {
      let left = await deployment.targets.filter { $0.exit.goneAt == nil }
      for target in left { watches.append(Task { await self.watch(target) }) }
      throw error
    }
    let targets = await deployment.targets
    await output.follow(targets)
    ends = [:]
    for target in targets { watches.append(Task { await self.watch(target) }) }
    for container in containers {
      await container.close()
      changes.remove(container: container.target.id)
    }
    containers = []
    if setup.path.path == .sync { await open(targets) }
    return times
  }

  private func open(_ targets: [PodDeployment.Target]) async {
    for target in targets {
      changes.add(container: target.id)
      let container = makeSync(target)
      containers.append(container)
      do throws(SyncFailure) {
        if let text = try await container.open(), noted.insert(text).inserted { note(text) }
      } catch {
        // It is tried again when there is something to sync; an app that ended is told of by itself.
        if target.exit.goneAt == nil { note("\(error)") }
      }
    }
  }

  /// Notices that a container's process ends by itself.
  private func watch(_ target: PodDeployment.Target) async {
    var exit = target.exit
    while (try? await exit.end()) != nil, !Task.isCancelled {
      ends[target.id, default: 0] += 1
      guard let pid = await explainEnd(of: target), ends[target.id, default: 0] < 3 else { return }
      exit = ExitWatch(of: pid)
    }
  }

  /// - Returns: the process with which the engine started it again; nil if it didn't.
  private func explainEnd(of target: PodDeployment.Target) async -> Int32? {
    // The engine takes a moment to start it again.
    let deadline = MonotonicInstant.now() + .seconds(2)
    var isTold = false
    while !Task.isCancelled {
      let info: ContainerInfo?
      do throws(EngineFailure) {
        info = try await service.container(target.id)
      } catch {
        lost.set(.engine(error))
        return nil
      }
      if Task.isCancelled { return nil }
      let isRunning = info?.state == .running && info?.pid != target.pid
      if !isTold, ends[target.id] == 1 {
        isTold = true
        let failure: WorkflowFailure =
          info == nil
          ? .containerGone(name: target.name)
          : .containerExited(name: target.name, status: isRunning ? nil : info?.exitCode)
        if setup.tell == nil { lost.set(failure) } else { tell(.lost(failure, at: .now())) }
      }
      if isRunning { return info?.pid }
      guard info != nil, MonotonicInstant.now() < deadline else { return nil }
      do { try await Task.sleep(for: .milliseconds(100), clock: .suspending) } catch { return nil }
    }
    return nil
  }
}
