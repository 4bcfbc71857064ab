import NIOCore
import NIOPosix
import Synchronization

/// Asks the app, again and again, until it answers as wanted: the only judge of "served".
///
/// Every request opens a connection of its own, as a reloaded page does: a kept one could go on
/// talking to old code. One request is under way at a time; one that stays unanswered for 50 ms is
/// joined by another, up to eight, so that a lost packet (retried by TCP after a second) or a
/// connection that an ending process took along can't stretch the figure.
package final class Probe: Sendable {
  package static let hedgeDelay: Duration = .milliseconds(50)
  package static let mostUnderWay = 8

  package let endpoint: ProbeEndpoint
  package let interval: Duration
  private let group: MultiThreadedEventLoopGroup
  private let answeringAddress = Mutex<String?>(nil)

  /// - Parameter interval: from one request to the next.
  package init(endpoint: ProbeEndpoint, interval: Duration) {
    self.endpoint = endpoint
    self.interval = interval
    // A thread of its own, so that nothing else devbench does delays a reading of the clock.
    self.group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  }

  /// Starts asking at once.
  package func begin(_ goal: ProbeGoal) -> ProbeWatch {
    let addresses = answeringAddress.withLock { $0 }.map { [$0] } ?? endpoint.addresses
    let watch = ProbeWatch(
      loop: group.next(), endpoint: endpoint, addresses: addresses, interval: interval, goal: goal,
      onAnswer: { [weak self] address in
        self?.answeringAddress.withLock { if $0 == nil { $0 = address } }
      })
    watch.start()
    return watch
  }

  /// Asks until the answer is as wanted or the time is up.
  package func observe(_ goal: ProbeGoal, limit: Duration) async -> ProbeObservation {
    await begin(goal).result(limit: limit)
  }

  /// Ends the probe's thread. Call it once, when no watch is under way.
  package func shutdown() async {
    await withCheckedContinuation { continuation in
      // The only error is a second call's.
      group.shutdownGracefully { _ in continuation.resume() }
    }
  }
}
