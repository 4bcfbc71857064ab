import Glibc
import Subprocess
import SystemPackage

/// A long-running program in a process group of its own that is talked to over its standard input and
/// output.
///
/// The descriptors are the raw ends of pipes, so that who talks decides about buffers and deadlines.
/// They are closed with the last reference.
package final class PipedProcess: Sendable {
  package let group: ProcessGroup
  /// Written to, without blocking: EAGAIN says that the program doesn't read.
  package let input: CInt
  /// Read from; carries the standard error as well.
  package let output: CInt
  private let running: Task<ProcessExit, Never>
  private let ledger: ProcessLedger

  private init(
    group: ProcessGroup, input: CInt, output: CInt, running: Task<ProcessExit, Never>,
    ledger: ProcessLedger
  ) {
    self.group = group
    self.input = input
    self.output = output
    self.running = running
    self.ledger = ledger
  }

  deinit {
    close(input)
    close(output)
  }

  /// Starts a program. It is recorded in the ledger before this returns.
  ///
  /// - Parameters:
  ///   - command: the program, looked up on the PATH unless it has a slash, and its arguments.
  ///   - environment: laid over devbench's own.
  package static func start(
    command: [String], environment: [String: String] = [:], ledger: ProcessLedger
  ) async throws(ProcessFailure) -> PipedProcess {
    let label = ProcessLedger.nextLabel()
    let configuration = try Configuration(
      group: command,
      environment: environment.merging([ProcessTable.label: label]) { _, own in own })
    let program = command[0]
    let input = try pipe(for: program)
    let output: (reading: CInt, writing: CInt)
    do {
      output = try pipe(for: program)
    } catch {
      close(input.reading)
      close(input.writing)
      throw error
    }
    _ = fcntl(input.writing, F_SETFL, fcntl(input.writing, F_GETFL) | O_NONBLOCK)

    let started = OneShot<Result<pid_t, ProcessFailure>>()
    let running = Task.detached(priority: .high) { () -> ProcessExit in
      do {
        let result = try await Subprocess.run(
          configuration,
          input: .fileDescriptor(
            FileDescriptor(rawValue: input.reading), closeAfterSpawningProcess: true),
          output: .fileDescriptor(
            FileDescriptor(rawValue: output.writing), closeAfterSpawningProcess: true),
          error: .combinedWithOutput
        ) { execution in
          started.set(.success(execution.processIdentifier.value))
        }
        return ProcessExit(result.terminationStatus)
      } catch {
        started.set(.failure(ProcessFailure(error, command: program, directory: ".")))
        return .exited(127)
      }
    }
    let pid: pid_t
    do {
      pid = try await started.value().get()
    } catch {
      close(input.writing)
      close(output.reading)
      throw error
    }
    let leader =
      ProcessIdentity(of: pid)
      ?? ProcessIdentity(pid: pid, startTime: 0, boot: ProcessIdentity.currentBoot)
    let process = PipedProcess(
      group: ProcessGroup(leader: leader, label: label), input: input.writing,
      output: output.reading, running: running, ledger: ledger)
    do {
      try ledger.record(process.group)
    } catch {
      await process.stop()
      throw error
    }
    return process
  }

  private static func pipe(
    for program: String
  ) throws(ProcessFailure) -> (reading: CInt, writing: CInt) {
    var ends: [CInt] = [-1, -1]
    guard Glibc.pipe(&ends) == 0 else {
      throw .notStarted(command: program, reason: String(cString: strerror(errno)))
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  /// Waits for the program itself to end.
  package func exit() async -> ProcessExit {
    await running.value
  }

  /// Ends the whole group at once, and returns once nothing of it is left.
  package func stop() async {
    _ = await group.terminate(grace: .zero)
    ledger.forget(group)
  }
}
