/// How long a node takes to say that nothing listens at a port.
///
/// While an app is down, a connection's bytes are held back that long: some nodes stop reading a whole tunnel
/// once anything was sent on a stream whose connection is refused, and a new tunnel takes longer than the wait.
struct RefusalTimes {
  private var recent: [Duration] = []
  /// The app's port was refused last, or a connection to it broke, and it hasn't answered since.
  private(set) var isRefusing = false

  private static let kept = 5
  private static let shortestHold = Duration.milliseconds(3)
  /// What the first answer may come later by; who is refused after that costs a tunnel.
  private static let longestHold = Duration.milliseconds(500)

  /// How long a new connection's bytes are held back; nil if they needn't be.
  var hold: Duration? {
    guard isRefusing else { return nil }
    guard !recent.isEmpty else { return Self.shortestHold }
    // One slow answer says nothing of the others.
    let usual = recent.sorted()[recent.count / 2]
    return min(max(usual * 5 / 4 + .milliseconds(2), Self.shortestHold), Self.longestHold)
  }

  mutating func refused(after time: Duration) {
    isRefusing = true
    recent = recent.suffix(Self.kept - 1) + [time]
  }

  /// A connection broke: the app may be about to go, and the next to be refused.
  mutating func broke() { isRefusing = true }

  mutating func answered() { isRefusing = false }
}
