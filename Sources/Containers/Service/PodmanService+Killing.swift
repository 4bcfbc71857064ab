import Glibc
import Processes

extension PodmanService {
  /// Kills the service's process, if it is devbench's own, and waits until it is gone. It is started again by
  /// the next call that needs it.
  ///
  /// - Parameter limit: for its end.
  /// - Returns: false if there is none that this process started, or it has ended by itself.
  /// - Throws: `EngineFailure` if it can't be killed, `CancellationError`.
  package func kill(limit: Duration = .seconds(10)) async throws -> Bool {
    guard isOwn else { return false }
    // The socket's path is in no other's command.
    let own = ProcessTable.descendants(of: getpid()).map(\.process).filter { process in
      ProcessTable.command(of: process.pid)?.hasSuffix(" unix://\(socket)") ?? false
    }
    var isKilled = false
    for process in own {
      let exit = ExitWatch(of: process.pid)
      guard process.isAlive else { continue }
      let command = ["kill", "-KILL", "\(process.pid)"]
      guard Glibc.kill(process.pid, SIGKILL) == 0 else {
        throw EngineFailure.notRun(command: command, reason: String(cString: strerror(errno)))
      }
      guard try await exit.end(limit: limit) != nil else {
        throw EngineFailure.timedOut(command: command, limit: "\(limit)")
      }
      isKilled = true
    }
    return isKilled
  }
}
