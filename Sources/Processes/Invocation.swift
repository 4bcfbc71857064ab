import Clock
import Foundation
import Subprocess
import Synchronization
import SystemPackage

/// A program that is run to its end, its two streams kept apart and shown as they come.
///
/// Unlike what `Command` and `SupervisedProcess` start, the process doesn't carry devbench's label unless it
/// is asked for: a container engine leaves daemons that others use as well, and they inherit its environment.
/// The process's group is what ends it, and the record of it in a ledger.
package struct Invocation: Sendable {
  /// Which of a program's streams a line is of.
  package enum Stream: Sendable, Hashable { case output, error }

  package struct Result: Sendable, Hashable {
    /// The whole standard output, at most `outputLimit` bytes.
    package var output: [UInt8]
    /// The last lines of the standard error.
    package var errorTail: [String]
    package var exit: ProcessExit
  }

  /// How a program is ended before its time.
  package enum Ending: Sendable, Hashable {
    /// SIGKILL to the group and all descendants.
    case atOnce
    /// What it started in sessions of their own first, so that it sees them fail and tidies up
    /// behind itself; it is killed when it hasn't by the limit.
    case childrenFirst(limit: Duration)
  }

  /// In bytes.
  package static let outputLimit = 64 << 20

  /// The program, looked up on the PATH unless it has a slash, and its arguments.
  package var command: [String]
  /// Laid over devbench's own.
  package var environment: [String: String] = [:]
  package var directory: String?
  package var input: [UInt8] = []
  package var ending = Ending.atOnce
  /// Where the process is recorded while it runs, so that a later start finds it.
  package var ledger: ProcessLedger?
  /// Whether all that the program starts carries devbench's label, and ends with it.
  package var keepsNothingRunning = false
  /// False for what prints without end: lines are shown and the output isn't kept.
  package var keepsOutput = true

  package init(command: [String]) {
    self.command = command
  }

  /// Runs the program to its end, whatever its status.
  ///
  /// Cancelling ends it and throws `CancellationError`.
  ///
  /// - Parameters:
  ///   - limit: past it the program is ended; nil for none.
  ///   - line: called with each line, in the order of its stream, on the thread that reads.
  /// - Throws: `ProcessFailure`, `CancellationError`.
  package func run(
    limit: Duration?, line: @escaping @Sendable (Stream, String) -> Void = { _, _ in }
  ) async throws -> Result {
    guard let program = command.first, !program.isEmpty else {
      throw ProcessFailure.notStarted(command: "", reason: "the command is empty")
    }
    let started = OneShot<ProcessGroup?>()
    let running = Task.detached(priority: .userInitiated) {
      do {
        let result = try await run(program, started: started, line: line)
        started.set(nil)
        return Swift.Result<Result, any Error>.success(result)
      } catch {
        started.set(nil)
        return .failure(error)
      }
    }
    let timeIsUp = OneShot<Bool>()
    let timer = limit.map { limit in
      Task {
        try await Task.sleep(for: limit, clock: .suspending)
        timeIsUp.set(true)
        await end(started)
      }
    }
    let isEnding = OneShot<Bool>()
    let hasEnded = OneShot<Bool>()
    let outcome = await withTaskCancellationHandler {
      await running.value
    } onCancel: {
      isEnding.set(true)
      Task {
        await end(started)
        hasEnded.set(true)
      }
    }
    // The program itself is gone; what it started may still be about to be ended.
    timer?.cancel()
    _ = await timer?.result
    if isEnding.current != nil { _ = await hasEnded.value() }
    if let group = started.current ?? nil { ledger?.forget(group) }
    if Task.isCancelled { throw CancellationError() }
    if let limit, timeIsUp.current != nil {
      throw ProcessFailure.timedOut(command: program, limit: "\(limit)")
    }
    do {
      return try outcome.get()
    } catch let failure as ProcessFailure {
      throw failure
    } catch {
      throw ProcessFailure(error, command: program, directory: directory ?? ".")
    }
  }

  private func end(_ started: OneShot<ProcessGroup?>) async {
    guard let group = await started.value() else { return }
    switch ending {
    case .atOnce: _ = await group.terminate(grace: .zero)
    case .childrenFirst(let limit): await group.endChildrenFirst(limit: limit)
    }
  }

  private func run(
    _ program: String, started: OneShot<ProcessGroup?>,
    line: @escaping @Sendable (Stream, String) -> Void
  ) async throws -> Result {
    // The label that devbench itself may carry isn't the program's.
    var variables: [String: String?] = [:]
    let label = ProcessLedger.nextLabel()
    variables.updateValue(nil, forKey: ProcessTable.label)
    for (name, value) in environment { variables[name] = value }
    if keepsNothingRunning { variables[ProcessTable.label] = label }
    let configuration = try Configuration(
      group: command, environment: variables, directory: directory)
    let kept = KeptOutput()
    let outputLines = LogBuffer { line(.output, $0.text) }
    let errorLines = LogBuffer { line(.error, $0.text) }
    let result = try await Subprocess.run(
      configuration, input: .array(input), output: .sequence, error: .sequence
    ) { execution in
      let pid = execution.processIdentifier.value
      let leader =
        ProcessIdentity(of: pid)
        ?? ProcessIdentity(pid: pid, startTime: 0, boot: ProcessIdentity.currentBoot)
      let group = ProcessGroup(leader: leader, label: label)
      let exit = keepsNothingRunning ? ExitWatch(of: pid) : nil
      do {
        try ledger?.record(group, ending: ending)
      } catch {
        _ = await group.terminate(grace: .zero)
        throw error
      }
      started.set(group)
      try await withThrowingTaskGroup { tasks in
        tasks.addTask {
          for try await chunk in execution.standardOutput {
            let isTooMuch = chunk.withUnsafeBytes { bytes in
              outputLines.append(bytes, at: .now())
              guard keepsOutput else { return false }
              return kept.append(bytes) > Self.outputLimit
            }
            if isTooMuch {
              _ = await group.terminate(grace: .zero)
              throw ProcessFailure.tooMuchOutput(command: program, bytes: Self.outputLimit)
            }
          }
        }
        tasks.addTask {
          for try await chunk in execution.standardError {
            chunk.withUnsafeBytes { errorLines.append($0, at: .now()) }
          }
        }
        if let exit {
          // What outlives the program may have its streams, which then don't end by themselves.
          tasks.addTask {
            _ = try await exit.end()
            _ = await group.terminate(grace: .zero)
          }
        }
        try await tasks.waitForAll()
      }
      outputLines.finish(at: .now())
      errorLines.finish(at: .now())
    }
    return Result(
      output: kept.bytes, errorTail: errorLines.tail(),
      exit: ProcessExit(result.terminationStatus))
  }
}

/// The output so far.
private final class KeptOutput: Sendable {
  private let state = Mutex<[UInt8]>([])

  var bytes: [UInt8] { state.withLock { $0 } }

  /// - Returns: how many bytes there are by now.
  func append(_ bytes: UnsafeRawBufferPointer) -> Int {
    state.withLock {
      $0.append(contentsOf: bytes)
      return $0.count
    }
  }
}
