import Glibc
import Processes

extension PodmanService {
  /// Kills the service's process, if it is devbench's own, and waits until it is gone. It is started again by
  /// the next call that needs it.
  ///
  /// - Returns: false if there is none that this process started.
  package func kill() async throws -> Bool {
    guard isOwn else { return false }
    // The socket's path is in no other's command.
    let own = ProcessTable.descendants(of: getpid()).map(\.process).filter { process in
      ProcessTable.command(of: process.pid)?.hasSuffix(" unix://\(socket)") ?? false
    }
    guard !own.isEmpty else { return false }
    for process in own {
      let exit = ExitWatch(of: process.pid)
      guard process.isAlive else { continue }
      Glibc.kill(process.pid, SIGKILL)
      _ = try await exit.end()
    }
    return true
  }
}
