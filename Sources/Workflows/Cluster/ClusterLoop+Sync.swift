import Clock
import Containers
import FileSync
import Processes
import Scenarios

/// Bringing files into the containers that are there, and comparing.
extension ClusterLoop {
  /// Why the change can't go into the containers that are there; nil if it can.
  func reasonForNewContainer(
    _ decision: SyncDecision
  ) async throws(WorkflowFailure) -> String? {
    guard decision.action == .sync || decision.action == .redeploy else { return nil }
    if needsDeploy { return "what was deployed last doesn't run: it is deployed anew" }
    if place.replacesContainers {
      let isGoing = if containers.isEmpty { true } else { await deployment.isEnding }
      // Others may be about to come, as where a cluster replaces its pods.
      if isGoing, let name = try await deployment.deleted() {
        return "\(name) was deleted: it is deployed anew"
      }
    }
    if mapping.followUps(of: decision.synced).contains(.restart),
      let obstacle = try await deployment.obstacleToRestart
    {
      return "rebuilt: \(obstacle)"
    }
    for container in containers where container.target.exit.goneAt != nil {
      let target = container.target
      let info = try await place.condition(of: target)
      // One that the engine started again holds what it held.
      if info?.isRunning == true, ends[target.id, default: 0] < 2 { continue }
      return "the container “\(target.name)” doesn't run: it is made anew"
    }
    return nil
  }

  /// Brings what is dirty into every container; a fault of one doesn't keep the others from theirs.
  ///
  /// - Returns: why only a rebuild can; nil if it's done.
  func sync() async throws(WorkflowFailure) -> String? {
    let sendingAt = MonotonicInstant.now()
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
      self.landedAt = landedAt
      journal.step("pack", at: min(total.packedAt ?? landedAt, landedAt))
      journal.step("transfer", at: landedAt)
      tell(
        .landed(
          copied: total.copied.sorted().map(\.description),
          deleted: total.deleted.subtracting(total.copied).sorted().map(\.description),
          bytes: Int(total.bytes), from: sendingAt, at: landedAt))
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
    while let batch = changes.nextBatch(for: id, from: scan, by: mapping) {
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
          "“\(ShellWords.quoted(command.command))” "
            + (command.status.map { "ended with status \($0)" } ?? "was given up on")
            + (command.output.isEmpty
              ? "" : ": " + command.output.suffix(3).joined(separator: "; ")))
      }
      if let (path, reason) = landing.failures.sorted(by: { $0.key < $1.key }).first {
        throw WorkflowFailure.sync(
          "\(path) didn't land: \(reason)" + (landing.advice.map { "; \($0)" } ?? ""))
      }
      if let problem = batch.problems.first(where: { !mapping.targets(of: $0.path).isEmpty }) {
        throw WorkflowFailure.sync("\(problem)")
      }
      try noteUnreadable(batch.problems)
      // A file that changed while it was read is sent again, as it is then.
      attempts += 1
      if landing.torn.isEmpty { return }
      if attempts >= 10, let path = landing.torn.sorted().first {
        throw WorkflowFailure.sync("\(path) is written to without a pause: it didn't land whole")
      }
    }
  }

  /// Compares what was synced since the last time with every container.
  ///
  /// - Throws: `WorkflowFailure` if that isn't possible, `CancellationError`.
  func verify() async throws -> String? {
    guard try await journal.waitUntilIdle(limit: .seconds(10)) else {
      throw Self.incomparable("the change is still being brought there")
    }
    // What is synced from here on is for the next time.
    let compared = synced
    guard !compared.isEmpty else { return nil }
    synced = []
    do {
      for container in containers {
        let differing = try await container.differing(compared.sorted())
        guard let first = differing.first else { continue }
        synced.formUnion(compared)
        return "\(first)\(differing.count > 1 ? " and \(differing.count - 1) more" : "") in the "
          + "container differ\(differing.count > 1 ? "" : "s") from the host's"
      }
      return nil
    } catch {
      synced.formUnion(compared)
      try Task.checkCancellation()
      throw Self.incomparable("\(error)")
    }
  }

  private static func incomparable(_ reason: String) -> WorkflowFailure {
    .sync("the container's files could not be compared with the host's: \(reason)")
  }
}
