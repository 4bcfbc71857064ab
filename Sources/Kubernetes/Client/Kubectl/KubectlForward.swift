import Processes
import Synchronization

/// A port over `kubectl port-forward`, started again whenever it ends or loses its pod.
///
/// kubectl ends after some resets of a connection (“lost connection to pod”), and in some releases goes on
/// without forwarding anything.
final class KubectlForward: PortForward {
  let localPort: Int
  /// kubectl ends with the first of them.
  var tellsRefusals: Bool { false }
  private let state: ForwardState
  private let running: Task<Void, Never>

  init(_ kubectl: Kubectl, pod: String, namespace: String, port: Int, localPort: Int) {
    self.localPort = localPort
    let state = ForwardState()
    self.state = state
    var invocation = Invocation(
      command: kubectl.command([
        "port-forward", "--namespace", namespace, "--address", "127.0.0.1", "pod/\(pod)",
        "\(localPort):\(port)",
      ]))
    invocation.environment = Kubectl.environment
    invocation.ledger = kubectl.ledger
    invocation.keepsOutput = false
    running = Task { [invocation] in await Self.keepUp(invocation, kubectl, state) }
  }

  deinit { running.cancel() }

  var losses: Int { state.losses }

  func ready() async throws(KubernetesFailure) { try await state.ready() }

  func close() async {
    running.cancel()
    await running.value
  }

  /// Nobody waits longer for a way that had been there than it takes to open.
  private static let shortestPause = Duration.milliseconds(5)

  /// How long kubectl has for ending after a connection was refused.
  private static let lastWords = Duration.seconds(3)

  private static func keepUp(
    _ invocation: Invocation, _ kubectl: Kubectl, _ state: ForwardState
  ) async {
    var pause = Self.shortestPause
    while !Task.isCancelled {
      let failure = await run(invocation, kubectl, state)
      if Task.isCancelled { break }
      if state.lost() { pause = Self.shortestPause }
      if isFinal(failure.reason) { return state.end(failure) }
      do { try await Task.sleep(for: pause, clock: .suspending) } catch { break }
      pause = min(pause * 2, .seconds(2))
    }
    state.end(KubernetesFailure(.cancelled, "the port is closed"))
  }

  /// Forwards until it doesn't any more.
  private static func run(
    _ invocation: Invocation, _ kubectl: Kubectl, _ state: ForwardState
  ) async -> KubernetesFailure {
    let broken = OneShot<String>()
    // Some nodes then leave kubectl waiting for half a minute, in which it forwards nothing.
    let refused = OneShot<String>()
    let failure = await withTaskGroup(of: KubernetesFailure.self) { group in
      group.addTask {
        do {
          let result = try await invocation.run(limit: nil) { stream, line in
            if stream == .output, line.hasPrefix("Forwarding from ") { state.isUp() }
            if stream == .error, isBroken(line) { broken.set(line) }
            if stream == .error, line.contains("error occurred forwarding") { refused.set(line) }
          }
          return KubectlMessage.failure(result.errorTail, exit: result.exit)
        } catch let failure as ProcessFailure {
          return KubernetesFailure(failure, program: kubectl.program)
        } catch {
          return KubernetesFailure(.cancelled, "the port is closed")
        }
      }
      group.addTask {
        KubernetesFailure(.lost, (try? await broken.cancellableValue()) ?? "the port is closed")
      }
      group.addTask {
        do {
          let line = try await refused.cancellableValue()
          try await Task.sleep(for: Self.lastWords, clock: .suspending)
          return KubernetesFailure(.lost, line)
        } catch {
          return KubernetesFailure(.cancelled, "the port is closed")
        }
      }
      defer { group.cancelAll() }
      return await group.next() ?? KubernetesFailure(.lost, "the port is closed")
    }
    return await kubectl.named(failure)
  }

  /// Said by a kubectl that goes on and whose connections all fail from now on. A connection that the app
  /// refuses is another matter.
  private static func isBroken(_ line: String) -> Bool {
    PodTunnel.isWayGone(line)
      || [
        "lost connection to pod", "error creating error stream", "error creating forwarding stream",
      ].contains { line.contains($0) }
  }

  /// Whether trying again would only say the same.
  static func isFinal(_ reason: KubernetesFailure.Reason) -> Bool {
    switch reason {
    case .notFound, .forbidden, .unauthorized, .noClient, .noContext, .invalid, .badRequest,
      .notRun:
      true
    default: false
    }
  }
}
