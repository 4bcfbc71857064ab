/// What a landing is followed by in the container.
package enum FollowUp: Sendable, Hashable {
  /// Nothing: the app's own reloader notices.
  case reload
  /// The app is restarted by the supervisor that it runs under.
  case restart
  /// A program and its arguments, run in the container as they are, without a shell.
  case run([String])

  /// The command to run; nil if there is none.
  package var command: [String]? {
    switch self {
    case .reload: nil
    case .restart: Supervisor.restartCommand
    case .run(let command): command
    }
  }
}
