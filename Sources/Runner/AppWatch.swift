import Measurement
import Workflows

/// A probe's watch that ends when the app is lost: nothing more will come then, and waiting for the
/// limit would tell nothing.
struct AppWatch {
  private let watch: ProbeWatch
  private let loss: Task<WorkflowFailure, any Error>

  /// Starts asking at once.
  init(_ goal: ProbeGoal, of session: any WorkflowSession) async {
    let watch = await session.probe.begin(goal)
    self.watch = watch
    loss = Task {
      let failure = try await session.loss()
      watch.stop()
      return failure
    }
  }

  /// Waits until the goal is seen, the time is up, the app is lost or the task is cancelled.
  func result(limit: Duration) async -> (observation: ProbeObservation, failure: WorkflowFailure?) {
    let observation = await watch.result(limit: limit)
    loss.cancel()
    guard observation.found == nil else { return (observation, nil) }
    return (observation, try? await loss.value)
  }

  func end() {
    watch.stop()
    loss.cancel()
  }
}
