import Clock
import FileSync
import Measurement
import Scenarios

/// Containers that are replaced by others without anybody having asked for it.
extension ClusterLoop {
  /// Brings everything that changed since the image was built into containers that came by themselves.
  func takeInTargets() async {
    if await deploysWhatLandedInVain() { return }
    switch await deployment.refresh() {
    case .none: return
    case .lost(let failure):
      // Told once: it stays so until something is done about it.
      guard noted.insert("\(failure)").inserted else { return }
      tellLost(failure)
    case .targets:
      let targets = await deployment.targets
      let before = Set(containers.map(\.target.id))
      await output.follow(targets)
      await sync(into: targets)
      let new = targets.filter { !before.contains($0.id) }
      guard !new.isEmpty else { return }
      if setup.path.path == .sync {
        note(
          "a new container runs in \(new.map(\.pod).joined(separator: ", ")): what changed since the "
            + "image was built is brought there")
      }
      tell(.deployed(at: .now()))
      do throws(WorkflowFailure) {
        if let obstacle = try await sync() { note(obstacle) }
      } catch {
        // It stays to be done with the next change.
        if !Task.isCancelled { note("\(error)") }
      }
    }
  }

  /// Until so long after a landing its pod's deletion may become known that came before: what landed is lost with the
  /// pod, and no further save need come.
  private static let newsOfDeletion: Duration = .seconds(1)

  /// - Returns: whether there was anything to deploy.
  private func deploysWhatLandedInVain() async -> Bool {
    guard let landedAt, landedAt + Self.newsOfDeletion > .now(), await deployment.isEnding else {
      return false
    }
    do throws(WorkflowFailure) {
      guard let name = try await deployment.deleted() else { return false }
      self.landedAt = nil
      note("\(name) was deleted as files landed in it: it is deployed anew")
      journal.begin(noticed: .now(), rest: .start)
      tell(.acting(.rebuild, cause: nil))
      defer { tell(.settled(at: .now())) }
      try await rebuild(manifestsChanged: true)
    } catch {
      if !Task.isCancelled { await fail(error) }
    }
    return true
  }

  /// Syncs, and once more if the containers were replaced meanwhile.
  ///
  /// - Returns: why only a rebuild can; nil if it's done.
  func syncWhereverTheyAre() async throws(WorkflowFailure) -> String? {
    guard let obstacle = try await sync() else { return nil }
    guard place.replacesContainers else { return obstacle }
    let before = Set(containers.map(\.target.id))
    await takeInTargets()
    guard Set(containers.map(\.target.id)) != before, !containers.isEmpty else { return obstacle }
    return try await sync()
  }
}
