import Processes

extension ProcessIdentity {
  /// A process that can't live: this one's number with another start time.
  static let dead = ProcessIdentity(
    pid: current.pid, startTime: current.startTime + 1, boot: current.boot)
}
