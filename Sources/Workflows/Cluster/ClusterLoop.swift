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
  let spec: ClusterSpec
  let place: any ClusterPlace
  let source: ImageSource
  let deployment: any AppDeployment
  let output: OutputFollower
  let lost: OneShot<WorkflowFailure>
  let tell: @Sendable (LoopEvent) -> Void
  let mapping: SyncMapping
  let scan: TreeScan
  let pending: PendingChanges
  let makeSync: @Sendable (AppContainer) -> ContainerSync

  var known = KnownTree()
  var changes = ChangeSet(image: [:])
  var containers: [ContainerSync] = []
  var image: AppImage?
  /// What an earlier burst asked for and didn't get.
  var owed = SyncDecision()
  /// Changes that nothing could be decided about: the next ones are decided about with them.
  private var undecided: [TreePath] = []
  var needsDeploy = false
  /// When files landed last.
  var landedAt: MonotonicInstant?
  /// How often each container's process ended by itself.
  var ends: [String: Int] = [:]
  var noted: Set<String> = []
  var running: Task<Void, Never>?
  /// Of the containers' ends.
  var exitWatches: [Task<Void, Never>] = []
  /// Of what becomes of the containers by itself.
  private var watches: [Task<Void, Never>] = []
  /// What was synced since the last verification.
  var synced: Set<TreePath> = []
  /// What was to be synced ever and may be in no image.
  var everSynced: Set<TreePath> = []

  /// Whether the app is to run supervised, if its image can.
  private let supervises: Bool
  /// Told of what becomes of the containers by itself.
  private let targetChanges: AsyncStream<Void>

  init(
    setup: SessionSetup, spec: ClusterSpec, place: any ClusterPlace, source: ImageSource,
    deployment: any AppDeployment, output: OutputFollower, scratch: String,
    lost: OneShot<WorkflowFailure>, supervises: Bool, targetChanges: AsyncStream<Void>
  ) throws(WorkflowFailure) {
    self.setup = setup
    self.spec = spec
    self.place = place
    self.source = source
    self.deployment = deployment
    self.output = output
    self.lost = lost
    self.supervises = supervises
    self.targetChanges = targetChanges
    tell = setup.listener
    do {
      // On `rebuild` nothing is synced, whatever the rules say.
      let mapping = setup.path.path == .sync ? try spec.syncMapping() : SyncMapping([])
      let scan = try TreeScan(root: setup.tree)
      (self.mapping, self.scan) = (mapping, scan)
      let ledger = setup.directory.ledger
      makeSync = { target in
        ContainerSync(
          target, in: place, root: scan.root, mapping: mapping, scratch: scratch, ledger: ledger)
      }
    } catch {
      throw .watch("\(error)")
    }
    // From here on nothing that is saved is missed.
    let tell = tell
    let (mapping, scan) = (mapping, scan)
    pending = try PendingChanges(
      tree: setup.tree, leavingOut: setup.unwatched,
      passingOver: { path in
        // What a rule takes is no run-time file here, and a directory that was called as one is none.
        guard RuntimeFiles.contain(path), mapping.targets(of: TreePath(path)).isEmpty,
          case .file = try? scan.entry(at: TreePath(path))
        else { return false }
        return true
      },
      warn: { tell(.output(source: LoopEvent.ownSource, line: $0)) })
  }

  // MARK: Beginning and end

  /// Builds and deploys for the first time.
  func begin() async throws(WorkflowFailure) {
    try await deployment.readManifests()
    let (journal, beganAt) = (setup.journal, MonotonicInstant.now())
    let image = try await makeImage()
    let builtAt = MonotonicInstant.now()
    let pulledAt = await source.pulledAt
    if let pulledAt { journal?.add("pull", from: beganAt, to: pulledAt) }
    journal?.add("build", from: pulledAt ?? beganAt, to: builtAt)
    tell(.built(builder: image.builder, at: builtAt))
    if let times = try await publish(image) {
      journal?.add("push", from: builtAt, to: times.pushed)
      if let pulled = times.pulled { journal?.add("pull", from: times.pushed, to: pulled) }
    }
    if supervises {
      if try await !source.hasShell(image) { await deployment.superviseNoMore() }
      if setup.path.path == .sync, let obstacle = try await deployment.obstacleToRestart {
        note("\(obstacle): each change that needs it is rebuilt")
      }
    }
    let deployingAt = MonotonicInstant.now()
    let startedAt = try await deploy(image, manifestsChanged: true).started
    journal?.add("deploy", from: deployingAt, to: startedAt)
    journal?.launched(at: startedAt, absentUntil: deployingAt)
    tell(.deployed(at: startedAt))
    for sentence in await deployment.notes { note(sentence) }
  }

  /// Follows the changes until `end`.
  func run() {
    running = Task(priority: .high) {
      for await _ in pending.signals {
        if place.replacesContainers { await takeInTargets() }
        if Task.isCancelled { return }
        guard let batch = pending.take() else { continue }
        await act(on: batch)
        if Task.isCancelled { return }
      }
    }
    watches.append(
      Task { [pending, targetChanges] in
        for await _ in targetChanges { pending.wake() }
      })
  }

  func end() async {
    running?.cancel()
    // What waits for a container's answer waits no more.
    for container in containers { await container.close() }
    await running?.value
    running = nil
    for watch in exitWatches + watches { watch.cancel() }
    (exitWatches, watches) = ([], [])
    for container in containers { await container.close() }
    containers = []
    await source.end()
  }

  /// What the image stands on.
  var bases: BaseImageChoice? { get async { await source.bases } }

  // MARK: One burst

  private func act(on batch: PendingChanges.Batch) async {
    var last = batch.last
    defer { journal.finish(noticed: last) }
    take(batch)
    do throws(WorkflowFailure) {
      var (decision, concerned) = try decide()
      if decision.action == .rebuild, decision.rebuildCauses.allSatisfy(known.isNew) {
        // Tools write beside a file before they rename or remove what they wrote.
        do { try await Task.sleep(for: FileWatcher.quietPeriod) } catch { return }
        if let more = pending.take() {
          take(more)
          last = more.last
        }
        (decision, concerned) = try decide()
      }
      known.look(at: undecided, in: scan)
      undecided = []
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

  /// Whatever becomes of the changes, they are dirty, and to be decided about.
  private func take(_ batch: PendingChanges.Batch) {
    let paths = batch.files.map { TreePath($0) }
    for path in paths { changes.mark(path) }
    let known = Set(undecided)
    undecided += paths.filter { !known.contains($0) }
  }

  private func act(
    on decision: SyncDecision, noticed: MonotonicInstant
  ) async throws(WorkflowFailure) {
    owed = decision
    everSynced.formUnion(decision.synced)
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
      if let obstacle = try await syncWhereverTheyAre() {
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
  func fail(_ failure: WorkflowFailure) async {
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

  /// Decides about what is undecided.
  ///
  /// - Returns: also the files without those that came and went before anybody looked.
  private func decide() throws(WorkflowFailure) -> (SyncDecision, concerned: [String]) {
    let policy = try policy()
    let concerns = known.concerns(undecided, in: scan)
    return (
      policy.decide(concerns.paths) { concerns.below[$0]?.sorted() },
      concerns.paths.map(\.description)
    )
  }

  private func policy() throws(WorkflowFailure) -> SyncPolicy {
    do {
      return SyncPolicy(
        mapping: mapping, manifests: try spec.manifestPatterns(), context: source.context,
        dockerfile: TreePath(spec.image.dockerfile), leftOut: try source.leftOut())
    } catch let failure as WorkflowFailure {
      throw failure
    } catch {
      throw .watch("\(error)")
    }
  }

  /// Tells once of what can't be looked at, unless neither a rule nor the image has a use for it.
  func noteUnreadable(_ failures: [TreeFailure]) throws(WorkflowFailure) {
    guard !failures.isEmpty else { return }
    let policy = try policy()
    for failure in failures
    where policy.mayConcern(below: failure.path) && noted.insert("\(failure)").inserted {
      note("\(failure); what lies there isn't followed")
    }
  }

  func note(_ text: String) {
    tell(.output(source: "devbench", line: text))
  }
}
