import Containers
import Processes

/// Removes what a devbench that was killed left in the engine: once for each process, and only where an
/// engine is used.
actor EngineLeftovers {
  static let shared = EngineLeftovers()

  private var looking: Task<[String], any Error>?

  /// - Returns: to the first who asks, a line about each thing that was removed or couldn't be.
  func remove(with podman: Podman) async throws(EngineFailure) -> [String] {
    let isFirst = looking == nil
    let task =
      looking
      ?? Task {
        let (removed, problems) = try await podman.removeLeftovers()
        return removed.map { "removed what a devbench left that was killed: \($0)" } + problems
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
