package import Clock
import Glibc
import Subprocess
import Synchronization
import SystemPackage

/// A long-running program in a process group of its own, its output read as it comes until it ends.
///
/// What its children print after its own end isn't read.
package final class SupervisedProcess: Sendable {
  package let group: ProcessGroup
  package let log: LogBuffer
  /// Read just after the program was started.
  package let startedAt: MonotonicInstant
  private let running: Task<ProcessExit, Never>
  private let ledger: ProcessLedger
  private let stopRequested = Atomic<Bool>(false)

  private init(
    group: ProcessGroup, log: LogBuffer, startedAt: MonotonicInstant,
    running: Task<ProcessExit, Never>, ledger: ProcessLedger
  ) {
    self.group = group
    self.log = log
    self.startedAt = startedAt
    self.running = running
    self.ledger = ledger
  }

  /// Starts a program. It is recorded in the ledger before this returns.
  ///
  /// - Parameters:
  ///   - command: the program, looked up on the PATH unless it has a slash, and its arguments.
  ///   - environment: laid over devbench's own.
  ///   - directory: the program's working directory.
  ///   - log: where its standard output and standard error go, in the order they were written.
  package static func start(
    command: [String], environment: [String: String], directory: String, log: LogBuffer,
    ledger: ProcessLedger
  ) async throws(ProcessFailure) -> SupervisedProcess {
    let label = ProcessLedger.nextLabel()
    let configuration = try Configuration(
      group: command, environment: Self.variables(environment, label: label), directory: directory)
    let program = command[0]

    let started = OneShot<Result<pid_t, ProcessFailure>>()
    let running = Task.detached(priority: .high) { () -> ProcessExit in
      do {
        let result = try await Subprocess.run(
          configuration, input: .none, output: .sequence, error: .combinedWithOutput
        ) { execution in
          started.set(.success(execution.processIdentifier.value))
          for try await chunk in execution.standardOutput {
            let now = MonotonicInstant.now()
            chunk.withUnsafeBytes { log.append($0, at: now) }
          }
          log.finish(at: .now())
        }
        return ProcessExit(result.terminationStatus)
      } catch {
        let failure = ProcessFailure(error, command: program, directory: directory)
        started.set(.failure(failure))
        log.append("devbench: \(failure)\n".utf8, at: .now())
        return .exited(127)
      }
    }
    let pid = try await started.value().get()
    // A program that has ended and been reaped by now left a label, but no leader to find again.
    let leader =
      ProcessIdentity(of: pid)
      ?? ProcessIdentity(pid: pid, startTime: 0, boot: ProcessIdentity.currentBoot)
    let group = ProcessGroup(leader: leader, label: label)
    do {
      try ledger.record(group)
    } catch {
      _ = await group.terminate(grace: .zero)
      throw error
    }
    return SupervisedProcess(
      group: group, log: log, startedAt: .now(), running: running, ledger: ledger)
  }

  /// Whether devbench has asked for the end; if so, an exit is no news.
  package var isStopping: Bool { stopRequested.load(ordering: .acquiring) }

  /// Waits for the program itself to end; what it started may still run.
  package func exit() async -> ProcessExit {
    await running.value
  }

  /// Ends the whole group and everything else that carries the process's label.
  ///
  /// - Returns: when the last of them was seen to be gone, and whether SIGKILL was needed.
  @discardableResult
  package func stop(grace: Duration) async -> (gone: MonotonicInstant, killed: Bool) {
    stopRequested.store(true, ordering: .releasing)
    let end = await group.terminate(grace: grace)
    ledger.forget(group)
    return end
  }

  private static func variables(
    _ environment: [String: String], label: String
  ) -> [String: String] {
    // A pipe makes Python hold back what it prints; its markers would come too late to bound a phase.
    var variables = ["PYTHONUNBUFFERED": "1"].merging(environment) { _, own in own }
    variables[ProcessTable.label] = label
    return variables
  }
}

extension ProcessExit {
  init(_ status: TerminationStatus) {
    switch status {
    case .exited(let code): self = .exited(code)
    case .signaled(let signal): self = .signalled(signal)
    }
  }
}

extension ProcessFailure {
  init(_ error: any Error, command: String, directory: String) {
    guard let error = error as? SubprocessError else {
      self = .notStarted(command: command, reason: "\(error)")
      return
    }
    switch error.code {
    case .executableNotFound: self = .notFound(command: command)
    case .failedToChangeWorkingDirectory:
      self = .noSuchDirectory(command: command, directory: directory)
    default: self = .notStarted(command: command, reason: "\(error)")
    }
  }
}
