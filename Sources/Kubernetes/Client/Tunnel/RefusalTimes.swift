/// How long a node takes to say that nothing listens at a port.
///
/// While an app is down, a connection's bytes are held back that long: some nodes stop reading a whole tunnel
/// once anything was sent on a stream whose connection is refused, and a new tunnel takes longer than the wait.
struct RefusalTimes {
  private var average: Duration?
  /// An app's port was refused last, and not yet answered.
  private(set) var isRefusing = false

  private static let shortestHold = Duration.milliseconds(3)
  private static let longestHold = Duration.seconds(1)

  /// How long a new connection's bytes are held back; nil if they needn't be.
  var hold: Duration? {
    guard isRefusing else { return nil }
    let usual = (average ?? .zero) * 5 / 4 + .milliseconds(2)
    return min(max(usual, Self.shortestHold), Self.longestHold)
  }

  mutating func refused(after time: Duration) {
    isRefusing = true
    average = average.map { ($0 * 3 + time) / 4 } ?? time
  }

  mutating func answered() { isRefusing = false }
}
