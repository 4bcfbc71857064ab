import Foundation

/// Why a process could not be started or did not do what it was started for.
package enum ProcessFailure: LocalizedError, Sendable, Hashable, CustomStringConvertible {
  case notFound(command: String)
  case noSuchDirectory(command: String, directory: String)
  case notStarted(command: String, reason: String)
  case exited(command: String, status: ProcessExit, output: String)
  case timedOut(command: String, limit: String)
  case tooMuchOutput(command: String, bytes: Int)
  case unusableState(path: String, reason: String)
  /// A directory isn't removed, so as not to remove what is mounted in it.
  case mounted(in: String, reason: String)

  package var errorDescription: String? { description }

  package var description: String {
    switch self {
    case .notFound(let command):
      "there is no program “\(command)” on the PATH; install it, or give its path in the command"
    case .noSuchDirectory(let command, let directory):
      "“\(command)” can't be started in \(directory): there is no such directory"
    case .notStarted(let command, let reason):
      "“\(command)” can't be started: \(reason)"
    case .exited(let command, let status, let output):
      "“\(command)” \(status)" + (output.isEmpty ? "" : ":\n\(output)")
    case .timedOut(let command, let limit):
      "“\(command)” took longer than \(limit) and was stopped"
    case .tooMuchOutput(let command, let bytes):
      "“\(command)” printed more than \(bytes) bytes and was stopped"
    case .unusableState(let path, let reason):
      "devbench's state directory \(path) can't be used: \(reason); "
        + "set XDG_STATE_HOME to a directory of your own"
    case .mounted(let directory, let reason):
      "\(reason); unmount what is in \(directory), then remove it"
    }
  }
}

/// How a process ended.
package enum ProcessExit: Sendable, Hashable, CustomStringConvertible {
  case exited(Int32)
  case signalled(Int32)

  package var description: String {
    switch self {
    case .exited(let status): "exited with status \(status)"
    case .signalled(let signal): "was ended by signal \(signal)"
    }
  }
}
