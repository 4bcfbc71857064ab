import Kubernetes
package import Processes
import Synchronization

/// What a fake container's command has: its argument list and its three streams.
package struct FakeCommand: Sendable {
  package let pod: String
  package let namespace: String
  package let container: String
  package let command: [String]
  /// What the client writes, until it ends its input.
  package let input: Handover<[UInt8]>
  package let output: Handover<[UInt8]>
  package let errors: Handover<[UInt8]>
}

/// A command of a fake container: a closure that runs until it returns its exit status.
final class FakeExec: ExecStream {
  let output = Handover<[UInt8]>()
  let errors = Handover<[UInt8]>()
  private let input: Handover<[UInt8]>
  private let running: Task<Result<Int32, KubernetesFailure>, Never>
  private let ended: OneShot<Bool>

  init(
    pod: String, namespace: String, container: String, command: [String],
    failure: KubernetesFailure?, run: @escaping @Sendable (FakeCommand) async -> Int32
  ) {
    let made = FakeCommand(
      pod: pod, namespace: namespace, container: container, command: command, input: Handover(),
      output: output, errors: errors)
    input = made.input
    let ended = OneShot<Bool>()
    self.ended = ended
    running = Task {
      let result: Result<Int32, KubernetesFailure> =
        if let failure { .failure(failure) } else { .success(await run(made)) }
      made.output.finish()
      made.errors.finish()
      made.input.discard()
      ended.set(true)
      return result
    }
  }

  deinit {
    running.cancel()
    input.finish()
  }

  func write(_ bytes: [UInt8]) async throws(KubernetesFailure) {
    guard ended.current == nil else {
      throw KubernetesFailure(.lost, "the command has ended and takes no input")
    }
    await input.send(bytes)
  }

  func finishInput() async { input.finish() }

  func exit() async throws(KubernetesFailure) -> Int32 { try await running.value.get() }

  func close() async {
    running.cancel()
    input.finish()
    output.discard()
    errors.discard()
  }
}
