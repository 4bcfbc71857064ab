import Clock
import Dispatch
import Glibc
import Subprocess
import Synchronization
import SystemPackage

/// A long-running program whose three streams are kept apart and read and written in chunks, as they come.
///
/// It is ended with the last reference.
package final class StreamedProcess: Sendable {
  package let group: ProcessGroup
  /// Chunks of the standard output. The program waits while they aren't read.
  package let output: Handover<[UInt8]>
  /// Chunks of the standard error, if they are wanted.
  package let errors: Handover<[UInt8]>
  private let errorLines: LogBuffer
  private let exited: OneShot<ProcessExit>
  private let ledger: ProcessLedger?
  /// The writing end of a pipe that doesn't block; nil once it is closed.
  private let input: Mutex<CInt?>
  /// Writes wait for the program, one after another.
  private let writing = DispatchQueue(label: "devbench-process-input", qos: .userInitiated)

  private init(
    group: ProcessGroup, output: Handover<[UInt8]>, errors: Handover<[UInt8]>,
    errorLines: LogBuffer, exited: OneShot<ProcessExit>, input: CInt, ledger: ProcessLedger?
  ) {
    self.group = group
    self.output = output
    self.errors = errors
    self.errorLines = errorLines
    self.exited = exited
    self.input = Mutex(input)
    self.ledger = ledger
  }

  deinit {
    closeInput()
    output.discard()
    errors.discard()
    Task { [group, ledger] in
      _ = await group.terminate(grace: .zero)
      ledger?.forget(group)
    }
  }

  /// Starts a program. It is recorded in the ledger before this returns.
  ///
  /// - Parameters:
  ///   - command: the program, looked up on the PATH unless it has a slash, and its arguments.
  ///   - environment: laid over devbench's own.
  ///   - keepsErrors: whether `errors` is read; the last lines are kept anyway.
  package static func start(
    command: [String], environment: [String: String] = [:], keepsErrors: Bool = false,
    ledger: ProcessLedger?
  ) async throws(ProcessFailure) -> StreamedProcess {
    let label = ProcessLedger.nextLabel()
    let configuration = try Configuration(
      group: command,
      environment: environment.merging([ProcessTable.label: label]) { _, own in own })
    let program = command[0]
    var ends: [CInt] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw .notStarted(command: program, reason: String(cString: strerror(errno)))
    }
    let (reading, writing) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(writing, F_SETFL, fcntl(writing, F_GETFL) | O_NONBLOCK)

    let output = Handover<[UInt8]>()
    let errors = Handover<[UInt8]>()
    if !keepsErrors { errors.discard() }
    let errorLines = LogBuffer()
    let exited = OneShot<ProcessExit>()
    let started = OneShot<Result<pid_t, ProcessFailure>>()
    Task.detached(priority: .high) {
      do {
        let result = try await Subprocess.run(
          configuration,
          input: .fileDescriptor(
            FileDescriptor(rawValue: reading), closeAfterSpawningProcess: true),
          output: .sequence, error: .sequence
        ) { execution in
          started.set(.success(execution.processIdentifier.value))
          try await withThrowingTaskGroup { tasks in
            tasks.addTask {
              for try await chunk in execution.standardOutput {
                await output.send(chunk.withUnsafeBytes { Array($0) })
              }
            }
            tasks.addTask {
              for try await chunk in execution.standardError {
                let bytes = chunk.withUnsafeBytes { Array($0) }
                errorLines.append(bytes, at: .now())
                await errors.send(bytes)
              }
            }
            try await tasks.waitForAll()
          }
        }
        errorLines.finish(at: .now())
        exited.set(ProcessExit(result.terminationStatus))
      } catch {
        started.set(.failure(ProcessFailure(error, command: program, directory: ".")))
        exited.set(.exited(127))
      }
      output.finish()
      errors.finish()
    }
    let pid: pid_t
    do {
      pid = try await started.value().get()
    } catch {
      close(writing)
      throw error
    }
    let leader =
      ProcessIdentity(of: pid)
      ?? ProcessIdentity(pid: pid, startTime: 0, boot: ProcessIdentity.currentBoot)
    let process = StreamedProcess(
      group: ProcessGroup(leader: leader, label: label), output: output, errors: errors,
      errorLines: errorLines, exited: exited, input: writing, ledger: ledger)
    do {
      try ledger?.record(process.group)
    } catch {
      await process.stop()
      throw error
    }
    return process
  }

  /// The last lines of the standard error, oldest first.
  package var errorTail: [String] { errorLines.tail() }

  /// The exit and the last lines of the standard error, for who may not hold the process meanwhile.
  package var exitWaiter: @Sendable () async -> (exit: ProcessExit, errorTail: [String]) {
    { [exited, errorLines] in (await exited.value(), errorLines.tail()) }
  }

  /// Whether the program itself has ended.
  package var hasExited: Bool { exited.current != nil }

  /// Waits for the program itself to end; its output has to be read, or discarded, meanwhile.
  package func exit() async -> ProcessExit { await exited.value() }

  /// Writes bytes to the standard input.
  ///
  /// - Returns: false if the program has ended, or its input is closed.
  package func write(_ bytes: [UInt8]) async -> Bool {
    await withCheckedContinuation { continuation in
      writing.async { [self] in continuation.resume(returning: writeBlocking(bytes)) }
    }
  }

  private func writeBlocking(_ bytes: [UInt8]) -> Bool {
    // The reader's death is told by EPIPE. Nothing else on this thread wants the signal.
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &set, nil)
    var rest = bytes[...]
    while !rest.isEmpty {
      // Looked at again each time: the input may be closed while a write waits.
      let count = input.withLock { descriptor -> Int? in
        descriptor.map { descriptor in
          rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        }
      }
      guard let count else { return false }
      if count > 0 {
        rest = rest.dropFirst(count)
        continue
      }
      if errno == EINTR { continue }
      guard errno == EAGAIN else { return false }
      guard let descriptor = input.withLock({ $0 }) else { return false }
      var polled = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      _ = poll(&polled, 1, 100)
    }
    return true
  }

  /// The program reads the end of its input, after what was written.
  package func finishInput() async {
    await withCheckedContinuation { continuation in
      writing.async { [self] in
        closeInput()
        continuation.resume()
      }
    }
  }

  private func closeInput() {
    input.withLock { descriptor in
      if let open = descriptor { close(open) }
      descriptor = nil
    }
  }

  /// Ends the whole group at once, and returns once nothing of it is left.
  package func stop() async {
    closeInput()
    output.discard()
    errors.discard()
    _ = await group.terminate(grace: .zero)
    ledger?.forget(group)
  }
}
