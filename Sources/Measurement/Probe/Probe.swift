import NIOCore
import NIOPosix
import Synchronization

/// Asks the app, again and again, until it answers as wanted: the only judge of "served".
///
/// Every request opens a connection of its own, as a reloaded page does: a kept one could go on
/// talking to old code. The app has one request at a time; one that stays unanswered for 50 ms and
/// for four times the app's last answer is joined by another, up to eight, so that a lost packet
/// (retried by TCP after a second) or a connection that an ending process took along can't stretch
/// the figure, while an app that is merely slow isn't made slower. Over a link others are on their way
/// meanwhile; see `ProbeWay`.
package final class Probe: Sendable {
  package static let shortestHedgeDelay: Duration = .milliseconds(50)
  package static let mostUnderWay = 8
  /// How long all of them may stay unanswered before the oldest is given up for a new one.
  package static let patience: Duration = .seconds(1)

  package let endpoint: ProbeEndpoint
  package let interval: Duration
  private let group: MultiThreadedEventLoopGroup
  private let known = Mutex(Known())

  /// What earlier answers have taught.
  private struct Known {
    /// The address that answers.
    var address: String?
    /// How long the last answer took, from the request on.
    var answerTime: Duration = .zero
    var requests = 0
    var way = ProbeWay.none
  }

  /// - Parameter interval: from one request to the next, if the way allows.
  package init(endpoint: ProbeEndpoint, interval: Duration) {
    self.endpoint = endpoint
    self.interval = interval
    // A thread of its own, so that nothing else devbench does delays a reading of the clock.
    self.group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  }

  /// Requests that got a connection so far: as many lines of an access log may be of devbench's making.
  package var requestsSent: Int { known.withLock(\.requests) }

  /// Has watches that begin from now on know what their requests go over.
  package func use(_ way: ProbeWay) {
    known.withLock { $0.way = way }
  }

  /// From one request to the next of a watch that begins now, while the app answers: `interval`, or more over a
  /// way that doesn't allow for that many.
  package var raster: Duration { known.withLock { $0.way.interval(interval) } }

  /// Starts asking at once.
  ///
  /// - Parameter idleInterval: in place of `interval` until the app was replaced; nil asks alike all the
  ///   time.
  package func begin(_ goal: ProbeGoal, idleInterval: Duration? = nil) -> ProbeWatch {
    let known = known.withLock { $0 }
    let appTime = known.way.appTime(of: known.answerTime)
    let watch = ProbeWatch(
      loop: group.next(), endpoint: endpoint,
      addresses: known.address.map { [$0] } ?? endpoint.addresses,
      interval: known.way.interval(interval),
      idleInterval: known.way.interval(idleInterval ?? interval),
      hedgeDelay: max(Self.shortestHedgeDelay, appTime * 4), way: known.way,
      entrance: { [weak self] in self?.known.withLock { $0.way.entrance } ?? .app },
      appTime: appTime, goal: goal,
      onSend: { [weak self] in self?.known.withLock { $0.requests += 1 } },
      onAnswer: { [weak self] address, time in
        self?.known.withLock { known in
          known.address = address
          known.answerTime = time
        }
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
