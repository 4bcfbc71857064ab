import Containers
import Processes

/// Removes what a devbench that was killed left in the engine: once for each process, and only where an
/// engine is used.
actor EngineLeftovers {
  static let shared = EngineLeftovers()

  private var looking: Task<[String], any Error>?

  /// - Parameter state: where remotes lie; nil leaves them.
  /// - Returns: to the first who asks, a line about each thing that was removed or couldn't be.
  func remove(
    with podman: Podman, state: StateDirectory?
  ) async throws(EngineFailure) -> [String] {
    let isFirst = looking == nil
    let task =
      looking
      ?? Task {
        let (items, problems) = try await podman.removeLeftovers()
        var (removed, told) = (items.map { "\($0)" }, problems)
        if let state {
          let remotes = await EmbeddedRemote.removeLeftovers(in: state, podman: podman)
          removed += remotes.removed.map { "the remote \($0)" }
          told += remotes.problems
        }
        return removed.map { "removed what a devbench left that was killed: \($0)" } + told
      }
    looking = task
    do {
      let lines = try await task.value
      return isFirst ? lines : []
    } catch {
      looking = nil
      throw (error as? EngineFailure) ?? .cancelled(command: podman.command(["ps"]))
    }
  }
}
