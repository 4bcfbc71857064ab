import Processes
import Synchronization

/// Whether a forward is up. Apart from it, so that what keeps it up doesn't keep it.
final class ForwardState: Sendable {
  private let state = Mutex(
    (up: OneShot<Result<Bool, KubernetesFailure>>(), losses: 0))

  private var up: OneShot<Result<Bool, KubernetesFailure>> { state.withLock(\.up) }
  var losses: Int { state.withLock(\.losses) }

  func ready() async throws(KubernetesFailure) {
    let result: Result<Bool, KubernetesFailure>
    do {
      result = try await up.cancellableValue()
    } catch {
      throw KubernetesFailure(.cancelled, "the port isn't wanted any more")
    }
    _ = try result.get()
  }

  func isUp() { up.set(.success(true)) }

  /// - Returns: whether it had been up.
  func lost() -> Bool {
    state.withLock { state in
      guard state.up.current != nil else { return false }
      state.up = OneShot()
      state.losses += 1
      return true
    }
  }

  func end(_ failure: KubernetesFailure) { up.set(.failure(failure)) }
}
