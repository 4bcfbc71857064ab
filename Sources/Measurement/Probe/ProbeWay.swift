/// The way that a probe's requests take, where it is known to be a long one.
///
/// What is on it loads the app with nothing yet, so more than one request may be: as many as keep the raster
/// on the round trips of a new connection and of the request, within bounds. What the app takes to answer adds
/// none.
package struct ProbeWay: Sendable, Hashable {
  package static let none = ProbeWay(roundTrip: .zero)

  /// What takes the probe's connections.
  package enum Entrance: Sendable, Hashable {
    /// The app, or what passes on each connection as it comes: a round trip for it, and one for the answer.
    case app
    /// `kubectl port-forward`, which takes a connection at once, and then waits for two streams that it opens
    /// for it one after the other. It ends when the app refuses one, and what is refused
    /// until it runs again says nothing of the app.
    ///
    /// Source: client-go, `tools/portforward/portforward.go` (`handleConnection`); apimachinery,
    /// `pkg/util/httpstream/spdy/connection.go` (`CreateStream`).
    case portForward
    /// A forward that opens both streams at once, and resets what the app refuses. The first answer after that
    /// comes later by about as long as a refusal takes.
    case relay

    /// A cluster's programs take about 4 ms of processor time to pass on a request and its answer, or to refuse
    /// it (kubectl, the API server, kubelet, the containers' runtime); on a cluster of this machine that would
    /// slow down what is measured. A fifth of a processor is the probe's.
    var shortestInterval: Duration {
      switch self {
      case .app: .zero
      case .portForward, .relay: .milliseconds(20)
      }
    }

    /// Round trips of a request with its connection.
    var turns: Int {
      switch self {
      case .app, .relay: 2
      case .portForward: 3
      }
    }
  }

  /// How many may be on their way at once.
  static let mostRequests = 32
  /// The part of a narrow link that may be the probe's.
  private static let share = 0.05
  /// Of a request, or an answer that is a small page, in bits.
  private static let size = 8.0 * 512

  package private(set) var entrance: Entrance
  private let roundTrip: Duration
  private let narrow: Duration

  /// - Parameters:
  ///   - jitter: how far a round trip may be from that.
  ///   - bandwidth: of the narrower direction, in bits a second; nil if it is wide.
  package init(
    roundTrip: Duration, jitter: Duration = .zero, over entrance: Entrance = .app,
    bandwidth: Double? = nil
  ) {
    self.entrance = entrance
    self.roundTrip = roundTrip + jitter
    narrow = bandwidth.map { Duration.seconds(Self.size / ($0 * Self.share)) } ?? .zero
  }

  /// The same way, with something else that takes the connections.
  package func over(_ entrance: Entrance) -> ProbeWay {
    var way = self
    way.entrance = entrance
    return way
  }

  /// From a request to its answer, did the app take no time.
  var time: Duration { roundTrip * entrance.turns }
  private var shortestInterval: Duration {
    time > .zero ? max(time / Self.mostRequests, narrow) : .zero
  }

  /// The raster in place of the wanted one.
  func interval(_ wanted: Duration) -> Duration {
    max(wanted, entrance.shortestInterval, shortestInterval)
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
