/// The way that a probe's requests take, where it is known to be a long one.
///
/// What is on it loads the app with nothing yet, so more than one request may be: as many as keep the raster
/// on a new connection's round trip and the request's own, within bounds. What the app takes to answer adds
/// none.
package struct ProbeWay: Sendable, Hashable {
  package static let none = ProbeWay(roundTrip: .zero)

  /// How many may be on their way at once.
  static let mostRequests = 32
  /// The part of a narrow link that may be the probe's.
  private static let share = 0.05
  /// Of a request, or an answer that is a small page, in bits.
  private static let size = 8.0 * 512

  /// From a request to its answer, did the app take no time.
  let time: Duration
  private let shortestInterval: Duration

  /// - Parameters:
  ///   - jitter: how far a round trip may be from that.
  ///   - bandwidth: of the narrower direction, in bits a second; nil if it is wide.
  package init(roundTrip: Duration, jitter: Duration = .zero, bandwidth: Double? = nil) {
    time = (roundTrip + jitter) * 2
    let narrow = bandwidth.map { Duration.seconds(Self.size / ($0 * Self.share)) } ?? .zero
    shortestInterval = max(time / Self.mostRequests, narrow)
  }

  /// The raster in place of the wanted one.
  func interval(_ wanted: Duration) -> Duration {
    time > .zero ? max(wanted, shortestInterval) : wanted
  }

  /// Whether a request that isn't answered waits for the app, and not for the way alone.
  ///
  /// - Parameters:
  ///   - age: since it was sent.
  ///   - interval: an answer is looked for at the raster's next point.
  func isOver(at age: Duration, interval: Duration) -> Bool {
    time == .zero || age >= time + interval
  }

  /// What the app itself took.
  func appTime(of answerTime: Duration) -> Duration { max(.zero, answerTime - time) }
}
