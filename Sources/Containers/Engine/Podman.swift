package import Processes

/// Podman's command line, with devbench's settings.
package struct Podman: Sendable {
  /// What a command printed.
  package struct Output: Sendable, Hashable {
    package let stdout: String
    /// The last lines of the standard error; a build prints its steps on the standard output.
    package let errorLines: [String]
    package let exit: ProcessExit
  }

  package let program: String
  package let settings: EngineSettings
  /// Options that precede each command: another store, or another's service.
  private(set) var globalOptions: [String] = []
  /// Where files are kept that are between two uses; nil for the user's own choice.
  private var temporaryFiles: String?
  /// Where commands that run are recorded, so that a later start ends them.
  package var ledger: ProcessLedger?

  package init(
    settings: EngineSettings, program: String = "podman", ledger: ProcessLedger? = nil
  ) {
    self.settings = settings
    self.program = program
    self.ledger = ledger
  }

  /// Finds podman, checks its version, and prepares devbench's settings for it.
  ///
  /// - Throws: `missing`, `tooOld`, `unusableSettings`, or what the version's query fails with.
  package static func ready(
    state: StateDirectory = .standard(), program: String = "podman", ledger: ProcessLedger? = nil
  ) async throws(EngineFailure) -> Podman {
    let bare = Podman(settings: .none, program: program)
    let version = try await bare.version()
    guard version >= .minimum else { throw .tooOld(version: "\(version)") }
    let settings = try EngineSettings.prepare(in: state, version: version)
    return Podman(settings: settings, program: program, ledger: ledger)
  }

  package func version() async throws(EngineFailure) -> PodmanVersion {
    let arguments = ["--version"]
    let output = try await run(arguments, limit: .seconds(30))
    guard let version = PodmanVersion(parsing: output.stdout) else {
      throw .unreadable(
        command: command(arguments), reason: "“\(output.stdout.prefix(100))” is no version")
    }
    return version
  }

  /// The command line of a call, for who runs it by other means: `exec` over pipes.
  package func command(_ arguments: [String]) -> [String] {
    [program] + globalOptions + arguments
  }

  /// The same engine with images, containers and networks of its own.
  ///
  /// - Parameters:
  ///   - directory: where they are kept; `tmp` is there already.
  ///   - runRoot: for what a reboot may take; podman wants its path to be no longer than 50 bytes.
  package func storing(in directory: String, runRoot: String) -> Podman {
    var podman = self
    // Caches that a Dockerfile's steps mount (RUN --mount=type=cache) are kept outside of the store, in
    // $TMPDIR/buildah-cache-UID, by default below /var/tmp, where the user's own builds find them.
    // Source: buildah, internal/volumes (`CacheParent`), up to 1.28 internal/parse.
    podman.temporaryFiles = "\(directory)/tmp"
    podman.globalOptions = [
      "--root", "\(directory)/root", "--runroot", runRoot, "--network-config-dir",
      "\(directory)/networks",
    ]
    return podman
  }

  /// Has a service on a unix socket carry the commands out; building is none of them.
  package func connected(to socket: String) -> Podman {
    var podman = self
    podman.globalOptions = ["--url", "unix://\(socket)"]
    podman.temporaryFiles = nil
    return podman
  }

  /// What every call needs in its environment, laid over devbench's own.
  package var environment: [String: String] {
    var environment = settings.environment
    if let temporaryFiles { environment["TMPDIR"] = temporaryFiles }
    return environment
  }

  /// Runs a command to its end. Cancelling the task ends the command and throws `cancelled`.
  ///
  /// - Parameters:
  ///   - input: the command's standard input.
  ///   - limit: past it the command is ended.
  ///   - statuses: the exit statuses that are no failure.
  ///   - line: called with each line as it is printed, on the thread that reads.
  package func run(
    _ arguments: [String], input: String = "", limit: Duration = .seconds(60),
    accepting statuses: Set<Int32> = [0],
    line: @escaping @Sendable (Invocation.Stream, String) -> Void = { _, _ in }
  ) async throws(EngineFailure) -> Output {
    try await run(
      invocation(arguments, input: input), limit: limit, accepting: statuses, line: line)
  }

  /// Follows a command that prints until it is cancelled or ends by itself: logs, events.
  ///
  /// The output isn't kept, and there is no time limit.
  package func follow(
    _ arguments: [String],
    line: @escaping @Sendable (Invocation.Stream, String) -> Void
  ) async throws(EngineFailure) -> Output {
    var invocation = invocation(arguments, input: "")
    invocation.keepsOutput = false
    return try await run(invocation, limit: nil, accepting: [0], line: line)
  }

  private func invocation(_ arguments: [String], input: String) -> Invocation {
    var invocation = Invocation(command: command(arguments))
    invocation.environment = environment
    invocation.input = Array(input.utf8)
    invocation.ledger = ledger
    if arguments.first == "build" {
      // A killed build would leave its working container, and its RUN step running.
      invocation.ending = .childrenFirst(limit: .seconds(10))
    }
    return invocation
  }

  /// Without the program and the options that precede each command.
  private func arguments(of invocation: Invocation) -> ArraySlice<String> {
    invocation.command.dropFirst(1 + globalOptions.count)
  }

  private func run(
    _ invocation: Invocation, limit: Duration?, accepting statuses: Set<Int32>,
    line: @escaping @Sendable (Invocation.Stream, String) -> Void
  ) async throws(EngineFailure) -> Output {
    let lock = arguments(of: invocation).first == "build" ? await EngineLock.toBuild() : nil
    defer { withExtendedLifetime(lock) {} }
    let result: Invocation.Result
    do {
      result = try await invocation.run(limit: limit, line: line)
    } catch let failure as ProcessFailure {
      switch failure {
      case .notFound: throw .missing(program: program)
      case .timedOut(_, let limit): throw .timedOut(command: invocation.command, limit: limit)
      default: throw .notRun(command: invocation.command, reason: "\(failure)")
      }
    } catch {
      throw .cancelled(command: invocation.command)
    }
    let output = Output(
      stdout: String(decoding: result.output, as: UTF8.self), errorLines: result.errorTail,
      exit: result.exit)
    guard case .exited(let status) = result.exit, statuses.contains(status) else {
      // Some commands tell their fault on the standard output.
      let lines =
        output.errorLines.isEmpty
        ? output.stdout.split(whereSeparator: \.isNewline).map(String.init) : output.errorLines
      throw .failed(
        command: invocation.command, exit: result.exit, lastLines: Array(lines.suffix(20)))
    }
    return output
  }
}
