import KubernetesTesting
import Processes

/// Runs what a fake container is asked for on this machine, so that both sides of the table run the same.
enum LocalCommand {
  @Sendable static func run(_ command: FakeCommand) async -> Int32 {
    guard
      let process = try? await StreamedProcess.start(
        command: command.command, keepsErrors: true, ledger: nil)
    else { return 127 }
    let writing = Task {
      while let bytes = try? await command.input.next() { _ = await process.write(bytes) }
      await process.finishInput()
    }
    let reading = Task {
      while let bytes = try? await process.errors.next() { await command.errors.send(bytes) }
    }
    await withTaskCancellationHandler {
      while let bytes = try? await process.output.next() { await command.output.send(bytes) }
    } onCancel: {
      Task { await process.stop() }
    }
    await reading.value
    writing.cancel()
    return switch await process.exit() {
    case .exited(let status): status
    case .signalled(let signal): 128 + signal
    }
  }
}
