import Clock
import Dispatch
import Glibc

/// Keeps images from being cleared away in the moment between a build and the name it gives: builds share the
/// lock, clearing away is alone. It holds between all devbenches of a user, whatever their state directories,
/// as they share the user's engine.
final class EngineLock: Sendable {
  private let descriptor: CInt

  private init(_ descriptor: CInt) {
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Waits for what clears away.
  ///
  /// - Returns: nil where there can be no lock.
  static func toBuild(at path: String = standardPath) async -> EngineLock? {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(returning: take(LOCK_SH, at: path))
      }
    }
  }

  /// Waits a while: who else clears away is soon done, who builds may not be, and clears away in its turn.
  ///
  /// - Returns: nil if somebody builds, or where there can be no lock.
  static func toClear(
    at path: String = standardPath, patience: Duration = .seconds(5)
  ) async -> EngineLock? {
    let deadline = MonotonicInstant.now() + patience
    while true {
      if let lock = take(LOCK_EX | LOCK_NB, at: path) { return lock }
      // The kernel wakes nobody who wants to wait for a while only.
      guard MonotonicInstant.now() < deadline,
        (try? await Task.sleep(for: .milliseconds(50), clock: .suspending)) != nil
      else { return nil }
    }
  }

  /// A file of the user's own, which nobody else may open. One that somebody else has put there is none.
  private static var standardPath: String { "/tmp/devbench-\(getuid())-engine.lock" }

  private static func take(_ operation: CInt, at path: String) -> EngineLock? {
    let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return nil }
    let lock = EngineLock(descriptor)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_uid == getuid(), status.st_mode & 0o077 == 0
    else { return nil }
    while flock(descriptor, operation) != 0 {
      guard errno == EINTR else { return nil }
    }
    return lock
  }
}
