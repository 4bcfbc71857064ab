import Containers
package import Processes

/// The remote that all sessions of a run share, as developers share a cluster: made by the first that asks.
package actor RunRemote {
  private let directory: RunDirectory
  /// Where remotes lie.
  nonisolated let state: StateDirectory
  private var making: Task<EmbeddedRemote, any Error>?

  /// - Parameter directory: of the run; processes are recorded there.
  package init(directory: RunDirectory, state: StateDirectory) {
    self.directory = directory
    self.state = state
  }

  /// Another one for the same run, which begins empty.
  package nonisolated func another() -> RunRemote { RunRemote(directory: directory, state: state) }

  /// The remote, running.
  func remote(of podman: Podman) async throws(EngineFailure) -> EmbeddedRemote {
    let (ledger, state) = (directory.ledger, state)
    let task =
      making
      ?? Task {
        let remote = try EmbeddedRemote(podman: podman, state: state, ledger: ledger)
        do {
          try await remote.start()
        } catch {
          _ = await remote.remove()
          throw error
        }
        return remote
      }
    making = task
    do {
      return try await task.value
    } catch {
      making = nil
      throw (error as? EngineFailure) ?? .cancelled(command: podman.command(["system", "service"]))
    }
  }

  /// Ends the remote and removes all it has, once no session uses it any more.
  ///
  /// - Returns: why something is left; nil if nothing is.
  package func remove() async -> String? {
    guard let making else { return nil }
    self.making = nil
    // Whoever ends the run may have been cancelled; what removes mustn't be.
    return await Task {
      switch await making.result {
      case .success(let remote): await remote.remove()
      case .failure: nil
      }
    }.value
  }
}
