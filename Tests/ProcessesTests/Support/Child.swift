import Glibc
import Processes
import TestSupport

/// A process that the test itself starts, not by way of the code under test.
final class Child: Sendable {
  let identity: ProcessIdentity
  var pid: pid_t { identity.pid }

  struct NotStarted: Error {
    let status: Int32
  }

  /// - Parameters:
  ///   - environment: all of it; nothing is inherited.
  ///   - group: the process group to join; 0 makes one of its own.
  init(_ command: [String], environment: [String: String] = [:], group: pid_t = 0) throws {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    posix_spawnattr_setpgroup(&attributes, group)
    var pid: pid_t = 0
    let arguments = command.map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in arguments + variables { free(text) } }
    let status = posix_spawnp(&pid, command[0], nil, &attributes, arguments, variables)
    guard status == 0, let identity = ProcessIdentity(of: pid) else {
      throw NotStarted(status: status)
    }
    self.identity = identity
  }

  /// A process that does nothing until it is ended.
  static func idle(label: String? = nil, group: pid_t = 0) throws -> Child {
    let environment = label.map { [ProcessTable.label: $0] } ?? [:]
    return try Child(["/bin/sleep", "1000"], environment: environment, group: group)
  }

  /// Waits until it has exited and leaves it as a zombie.
  func awaitExit() {
    var info = siginfo_t()
    while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
  }

  deinit {
    kill(pid, SIGKILL)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
  }
}
