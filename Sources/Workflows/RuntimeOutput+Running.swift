import Processes

extension RuntimeOutput {
  /// Runs a program to its end.
  init(of invocation: Invocation, limit: Duration) async throws(WorkflowFailure) {
    do {
      let result = try await invocation.run(limit: limit)
      let status: Int32 =
        switch result.exit {
        case .exited(let status): status
        case .signalled(let signal): 128 + signal
        }
      self.init(output: result.output, errorLines: result.errorTail, status: status)
    } catch {
      throw WorkflowFailure(error)
    }
  }
}
