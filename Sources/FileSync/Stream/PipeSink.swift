import Clock
import Glibc

/// Writes into a pipe that may be full, until a deadline.
struct PipeSink: ByteSink {
  private let descriptor: CInt
  private let limit: Duration
  private var deadline: MonotonicInstant

  /// - Parameters:
  ///   - descriptor: a pipe that doesn't block.
  ///   - limit: how long no byte may be taken from it.
  init(_ descriptor: CInt, limit: Duration) {
    self.descriptor = descriptor
    self.limit = limit
    deadline = .now() + limit
    // The reader's death is told by EPIPE. Nothing else on this thread wants the signal.
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Glibc.write(
        descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count > 0 {
        rest = rest.dropFirst(count)
        deadline = .now() + limit
        continue
      }
      if errno == EINTR { continue }
      guard errno == EAGAIN else { throw SyncFailure.ended(said: String(cString: strerror(errno))) }
      let left = (deadline - .now()).seconds * 1000
      guard left > 0 else { throw SyncFailure.late(seconds: limit.seconds) }
      var polled = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      _ = poll(&polled, 1, Int32(min(left.rounded(.up), 60_000)))
    }
  }
}
