package import Processes

/// kubectl's command line for one context.
package struct Kubectl: Sendable {
  package let program: String
  /// The kubeconfig's current one if nil.
  package let context: String?
  /// In place of KUBECONFIG and ~/.kube/config.
  package let kubeconfig: String?
  /// Where commands that run are recorded, so that a later start ends them.
  package let ledger: ProcessLedger?

  package init(
    context: String?, kubeconfig: String? = nil, program: String = "kubectl",
    ledger: ProcessLedger? = nil
  ) {
    self.context = context
    self.kubeconfig = kubeconfig
    self.program = program
    self.ledger = ledger
  }

  /// A user's defaults and aliases for kubectl's commands (kuberc, from 1.33 on) aren't for these calls.
  package static let environment = ["KUBECTL_KUBERC": "false", "KUBERC": "off"]

  /// The command line of a call, for who runs it by other means: `exec` over pipes.
  package func command(_ arguments: [String]) -> [String] {
    [program] + (kubeconfig.map { ["--kubeconfig", $0] } ?? [])
      + (context.map { ["--context", $0] } ?? []) + arguments
  }

  /// Runs a command to its end.
  ///
  /// - Returns: its standard output.
  func run(
    _ arguments: [String], input: [UInt8] = [], limit: Duration = .seconds(60)
  ) async throws(KubernetesFailure) -> [UInt8] {
    do throws(KubernetesFailure) {
      return try await result(of: command(arguments), input: input, limit: limit)
    } catch {
      throw await named(error)
    }
  }

  private enum Outcome: Sendable {
    case ended([UInt8], ProcessExit)
    case late
  }

  private func result(
    of command: [String], input: [UInt8], limit: Duration
  ) async throws(KubernetesFailure) -> [UInt8] {
    try await ended(
      try await start(command: command, keepsErrors: false), input: input, limit: limit)
  }

  /// Has a command that was started run to its end.
  ///
  /// - Returns: its standard output.
  func finish(
    _ process: StreamedProcess, input: [UInt8], limit: Duration
  ) async throws(KubernetesFailure) -> [UInt8] {
    do throws(KubernetesFailure) {
      return try await ended(process, input: input, limit: limit)
    } catch {
      throw await named(error)
    }
  }

  private func ended(
    _ process: StreamedProcess, input: [UInt8], limit: Duration
  ) async throws(KubernetesFailure) -> [UInt8] {
    // What kubectl doesn't read, having failed before it came to it, is no fault: its message says more.
    let writing = Task {
      _ = await process.write(input)
      await process.finishInput()
    }
    let outcome: Outcome
    do {
      outcome = try await withThrowingTaskGroup(of: Outcome.self) { group in
        group.addTask {
          var output: [UInt8] = []
          while let chunk = try await process.output.next() {
            output += chunk
            guard output.count <= Invocation.outputLimit else {
              throw KubernetesFailure(
                .unreadable, "kubectl printed more than \(Invocation.outputLimit) bytes")
            }
          }
          return .ended(output, await process.exit())
        }
        group.addTask {
          try await Task.sleep(for: limit, clock: .suspending)
          return .late
        }
        defer { group.cancelAll() }
        return try await group.next() ?? .late
      }
    } catch {
      await process.stop()
      await writing.value
      throw error as? KubernetesFailure
        ?? KubernetesFailure(
          .cancelled, "kubectl was stopped because its answer isn't wanted any more")
    }
    guard case .ended(let output, let exit) = outcome else {
      await process.stop()
      await writing.value
      throw KubernetesFailure(.timedOut, "the cluster gave no answer within \(limit)")
    }
    await writing.value
    guard exit == .exited(0) else {
      throw KubectlMessage.failure(process.errorTail, exit: exit)
    }
    return output
  }

  /// A failure for which the contexts are the next step has them.
  func named(_ failure: KubernetesFailure) async -> KubernetesFailure {
    if KubectlMessage.isMissingFile(failure) {
      return KubernetesFailure(
        .noContext, "the kubeconfig can't be read: \(failure.message); set KUBECONFIG")
    }
    guard let context, KubectlMessage.isMissingContext(failure, context) else { return failure }
    let names = (try? await contexts()) ?? []
    return KubernetesFailure(
      .noContext,
      "there is no context “\(context)” in the kubeconfig; "
        + (names.isEmpty
          ? "it has none: create a cluster (“kind create cluster”), or set KUBECONFIG"
          : "there is " + names.map { "“\($0)”" }.joined(separator: ", ")))
  }

  /// The names of all contexts.
  package func contexts() async throws(KubernetesFailure) -> [String] {
    let command =
      [program] + (kubeconfig.map { ["--kubeconfig", $0] } ?? [])
      + ["config", "get-contexts", "-o", "name"]
    let output = try await result(of: command, input: [], limit: .seconds(30))
    return String(decoding: output, as: UTF8.self).split(whereSeparator: \.isNewline)
      .map(String.init)
  }

  /// Starts a command whose output is read as it comes.
  func start(
    _ arguments: [String], keepsErrors: Bool = false
  ) async throws(KubernetesFailure) -> StreamedProcess {
    try await start(command: command(arguments), keepsErrors: keepsErrors)
  }

  private func start(
    command: [String], keepsErrors: Bool
  ) async throws(KubernetesFailure) -> StreamedProcess {
    do throws(ProcessFailure) {
      return try await StreamedProcess.start(
        command: command, environment: Self.environment, keepsErrors: keepsErrors, ledger: ledger)
    } catch {
      throw KubernetesFailure(error, program: program)
    }
  }
}

extension KubernetesFailure {
  init(_ failure: ProcessFailure, program: String) {
    switch failure {
    case .notFound:
      self.init(.noClient, "there is no program “\(program)” on the PATH")
    default: self.init(.notRun, "\(failure)")
    }
  }
}
