/// How long a stream may take for what.
package struct SyncLimits: Sendable, Hashable {
  /// From the start of the process to the receiver's first word.
  package var opening: Duration
  /// From the last byte of a frame to its acknowledgement, where it brings next to nothing; also how long
  /// no byte may be taken.
  package var acknowledgement: Duration
  /// From the last byte of a frame to the end of the command that it runs.
  package var command: Duration
  /// Between two heartbeats. Middlemen cut streams that are idle for 20 s.
  package var heartbeat: Duration
  /// How often a stream is opened for one batch.
  package var attempts: Int
  /// Seconds between two looks of the receiver's watchdog, and how many without a frame end it.
  package var watchdog: (tick: Int, ticks: Int) {
    get { (watchdogTick, watchdogTicks) }
    set { (watchdogTick, watchdogTicks) = newValue }
  }
  /// Bytes a second that the slowest container reads, writes and digests; what was handed over may still
  /// be on its way.
  static let slowest: Int64 = 256 << 10

  /// How long the answer to a frame may take.
  ///
  /// - Parameter size: bytes of content that the container has to deal with.
  func acknowledgement(of size: Int64) -> Duration {
    acknowledgement + .milliseconds(size * 1000 / Self.slowest)
  }

  private var watchdogTick = 5
  private var watchdogTicks = 6

  package init(
    opening: Duration = .seconds(20), acknowledgement: Duration = .seconds(30),
    command: Duration = .seconds(60), heartbeat: Duration = .seconds(8), attempts: Int = 3
  ) {
    self.opening = opening
    self.acknowledgement = acknowledgement
    self.command = command
    self.heartbeat = heartbeat
    self.attempts = attempts
  }
}
