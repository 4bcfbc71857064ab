#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A reading of `CLOCK_MONOTONIC`, the one clock that devbench measures with.
///
/// The clock counts from boot, is shared by all processes of a machine and isn't moved by changes
/// of the time of day; that is why a fixture process can record instants that devbench compares
/// with its own. Instants of different boots can't be compared. Source: clock_gettime(2).
package struct MonotonicInstant: Sendable, Hashable, Comparable {
  /// Nanoseconds since the clock's origin. Not negative on Linux.
  package let nanoseconds: Int64

  package init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// Reads the clock: a vDSO call of some 25 ns.
  package static func now() -> MonotonicInstant {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return MonotonicInstant(
      nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }

  package static func < (left: MonotonicInstant, right: MonotonicInstant) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  package static func - (later: MonotonicInstant, earlier: MonotonicInstant) -> Duration {
    .nanoseconds(later.nanoseconds - earlier.nanoseconds)
  }

  package static func + (instant: MonotonicInstant, duration: Duration) -> MonotonicInstant {
    MonotonicInstant(nanoseconds: instant.nanoseconds + duration.wholeNanoseconds)
  }
}
