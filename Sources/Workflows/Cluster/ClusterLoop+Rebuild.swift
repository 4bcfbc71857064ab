import Clock
import Containers
import FileSync
import Measurement
import Processes
import Scenarios

/// New images, new containers, and their ends.
extension ClusterLoop {
  func makeImage() async throws(WorkflowFailure) -> AppImage {
    let start = changes.now
    var unreadable = UnreadablePaths()
    let tree = scan.entries(below: TreePath("")) { unreadable.add($0) }
    try noteUnreadable(unreadable.failures)
    if image == nil {
      known = KnownTree(tree)
      let links = tree.filter { $1.kind == .link && !mapping.targets(of: $0).isEmpty }
      for warning in scan.warnings(about: links) { note("\(warning)") }
    }
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

  func rebuild(manifestsChanged: Bool) async throws(WorkflowFailure) {
    if manifestsChanged { try await deployment.readManifests() }
    async let expecting: Void = deployment.expectImage()
    let image = try await makeImage()
    await expecting
    journal.step("build")
    tell(.built(builder: image.builder, at: .now()))
    try await publish(image)
    try await roll(out: image, manifestsChanged: manifestsChanged)
  }

  /// Brings an image to where it is run.
  @discardableResult
  func publish(_ image: AppImage) async throws(WorkflowFailure) -> PublishingTimes? {
    guard let times = try await place.publish(image) else { return nil }
    journal.step("push", at: times.pushed)
    if let pulled = times.pulled { journal.step("pull", at: pulled) }
    return times
  }

  func roll(
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

  func deploy(
    _ image: AppImage, manifestsChanged: Bool
  ) async throws(WorkflowFailure) -> DeploymentTimes {
    for watch in exitWatches { watch.cancel() }
    exitWatches = []
    let times: DeploymentTimes
    do throws(WorkflowFailure) {
      needsDeploy = true
      times = try await deployment.deploy(image, manifestsChanged: manifestsChanged) {
        [output] in output.streamEnd(of: $0)
      }
      needsDeploy = false
    } catch {
      let left = await deployment.targets.filter { $0.exit.goneAt == nil }
      watch(left)
      throw error
    }
    let targets = await deployment.targets
    await output.follow(targets)
    ends = [:]
    watch(targets)
    await sync(into: targets)
    return times
  }

  /// Where containers that end are replaced, whoever replaces them tells.
  private func watch(_ targets: [AppContainer]) {
    guard !place.replacesContainers else { return }
    for target in targets { exitWatches.append(Task { await self.watch(target) }) }
  }

  /// Leaves the containers that are no more, and makes ready those that have come.
  func sync(into targets: [AppContainer]) async {
    let ids = Set(targets.map(\.id))
    for container in containers where !ids.contains(container.target.id) {
      await container.close()
      changes.remove(container: container.target.id)
    }
    containers.removeAll { !ids.contains($0.target.id) }
    guard setup.path.path == .sync else { return }
    let known = Set(containers.map(\.target.id))
    await open(targets.filter { !known.contains($0.id) })
  }

  private func open(_ targets: [AppContainer]) async {
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
  private func watch(_ target: AppContainer) async {
    var exit = target.exit
    while (try? await exit.end()) != nil, !Task.isCancelled {
      ends[target.id, default: 0] += 1
      guard let pid = await explainEnd(of: target), ends[target.id, default: 0] < 3 else { return }
      exit = place.exitWatch(of: target.id, pid: pid)
    }
  }

  /// - Returns: the process with which the engine started it again; nil if it didn't.
  private func explainEnd(of target: AppContainer) async -> Int32? {
    // The engine takes a moment to start it again.
    let deadline = MonotonicInstant.now() + .seconds(2)
    var isTold = false
    while !Task.isCancelled {
      let info: ContainerCondition?
      do throws(WorkflowFailure) {
        info = try await place.condition(of: target)
      } catch {
        // One that is being removed can't be looked at for a moment.
        guard !Task.isCancelled else { return nil }
        guard MonotonicInstant.now() < deadline else {
          tellLost(error)
          return nil
        }
        do { try await Task.sleep(for: .milliseconds(100), clock: .suspending) } catch {
          return nil
        }
        continue
      }
      if Task.isCancelled { return nil }
      let isRunning = info?.isRunning == true && info?.pid != target.pid
      if !isTold, ends[target.id] == 1 {
        isTold = true
        let failure: WorkflowFailure =
          info == nil
          ? .containerGone(name: target.name)
          : .containerExited(name: target.name, status: isRunning ? nil : info?.exitCode)
        tellLost(failure)
      }
      if isRunning { return info?.pid }
      guard info != nil, MonotonicInstant.now() < deadline else { return nil }
      do { try await Task.sleep(for: .milliseconds(100), clock: .suspending) } catch { return nil }
    }
    return nil
  }

  func tellLost(_ failure: WorkflowFailure) {
    if setup.tell == nil { lost.set(failure) } else { tell(.lost(failure, at: .now())) }
  }
}
