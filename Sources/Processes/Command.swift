import Subprocess
import SystemPackage

/// A short program whose output is wanted: a version, a commit.
package enum Command {
  /// In bytes.
  package static let outputLimit = 1 << 20

  /// Runs a program to its end and gives its output, both streams in the order they were written.
  ///
  /// - Parameters:
  ///   - limit: past it the program is killed; also the bound for one that waits for input, of which
  ///     it gets none.
  /// - Throws: `exited` with the last output if the status isn't 0, `tooMuchOutput` past a megabyte.
  package static func output(
    of command: [String], in directory: String? = nil, limit: Duration = .seconds(10)
  ) async throws(ProcessFailure) -> String {
    let label = ProcessLedger.nextLabel()
    let configuration = try Configuration(
      group: command, environment: [ProcessTable.label: label], directory: directory)
    let program = command[0]
    do {
      let result = try await withThrowingTaskGroup(
        of: (output: String, status: ProcessExit)?.self
      ) { group in
        group.addTask {
          let result = try await Subprocess.run(
            configuration, input: .none, output: .string(limit: outputLimit),
            error: .combinedWithOutput)
          return (result.standardOutput, ProcessExit(result.terminationStatus))
        }
        group.addTask {
          try await Task.sleep(for: limit, clock: .suspending)
          return nil
        }
        // The first to end decides; cancelling the other ends the program, or the clock.
        defer { group.cancelAll() }
        return try await group.next() ?? nil
      }
      guard let result else {
        throw ProcessFailure.timedOut(command: program, limit: "\(limit)")
      }
      guard result.status == .exited(0) else {
        throw ProcessFailure.exited(
          command: program, status: result.status, output: String(result.output.suffix(2000)))
      }
      return result.output
    } catch let failure as ProcessFailure {
      // The program itself is gone by now; what it started isn't.
      if case .timedOut = failure { await endAll(labelled: label) }
      throw failure
    } catch {
      // The run was cancelled, or the program prints without end.
      await endAll(labelled: label)
      if (error as? SubprocessError)?.code == .outputLimitExceeded {
        throw .tooMuchOutput(command: program, bytes: outputLimit)
      }
      throw ProcessFailure(error, command: program, directory: directory ?? ".")
    }
  }

  /// Ends what a program that is gone has left; also one that was stopped before it was known.
  private static func endAll(labelled label: String) async {
    for stray in ProcessTable.living(orLabelled: { $0 == label }) where stray.process.isAlive {
      _ = await ProcessGroup(leader: stray.process, label: label).terminate(grace: .zero)
    }
  }
}
