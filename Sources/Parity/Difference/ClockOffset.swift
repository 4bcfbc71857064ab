/// How far a runtime's clock is ahead of the caller's, as an interval that surely holds it.
///
/// The probe reads the runtime's clock when it begins and when it ends, between the caller's sending and
/// receiving: the four times of NTP (RFC 5905, section 8). An offset θ satisfies
/// `end − received ≤ θ ≤ begin − sent`, whatever the ways there and back took; the middle is NTP's
/// estimate. A clock that is read in whole seconds may have been up to a second further.
package struct ClockOffset: Sendable, Equatable {
  package enum Verdict: String, Sendable, Codable {
    case within, beyond
    /// The interval has both: the way is too slow for this tolerance.
    case undecided
  }

  /// Nanoseconds; positive where the runtime's clock is ahead.
  package let low: Int64
  package let high: Int64

  package var estimate: Int64 { low + (high - low) / 2 }
  /// Half of the interval, in nanoseconds.
  package var uncertainty: Int64 { (high - low) / 2 }

  /// - Parameters:
  ///   - sent: just before the probe was given to a shell, in nanoseconds of Unix time by the caller's clock.
  ///   - received: just after its last line was read.
  /// - Returns: nil if the runtime has no clock to tell, or if a clock was set meanwhile.
  package init?(of facts: ParityFacts, sent: Int64, received: Int64) {
    guard let begin = facts[.time, "clock-start"].flatMap(Reading.init),
      let end = facts[.time, "clock-end"].flatMap(Reading.init)
    else { return nil }
    let (low, isLow) = end.nanoseconds.subtractingReportingOverflow(received)
    let (high, isHigh) = (begin.nanoseconds + begin.resolution - 1).subtractingReportingOverflow(
      sent)
    guard !isLow, !isHigh, low <= high, !high.subtractingReportingOverflow(low).overflow else {
      return nil
    }
    self.low = low
    self.high = high
  }

  /// - Parameter tolerance: in nanoseconds; a second by default, our choice.
  package func verdict(tolerance: Int64 = 1_000_000_000) -> Verdict {
    if low > tolerance || high < -tolerance { return .beyond }
    return low >= -tolerance && high <= tolerance ? .within : .undecided
  }

  /// `date +%s.%N`, or `%s` where it has no finer one.
  private struct Reading {
    let nanoseconds: Int64
    let resolution: Int64

    init?(_ text: String) {
      let parts = text.split(separator: ".", omittingEmptySubsequences: false)
      // Up to the year 2255: no sum of these overflows.
      guard (1...2).contains(parts.count), parts[0].count <= 11,
        parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
        let seconds = Int64(parts[0]), seconds < 9_000_000_000
      else { return nil }
      guard parts.count == 2 else {
        (nanoseconds, resolution) = (seconds * 1_000_000_000, 1_000_000_000)
        return
      }
      guard parts[1].count == 9, let fraction = Int64(parts[1]) else { return nil }
      (nanoseconds, resolution) = (seconds * 1_000_000_000 + fraction, 1)
    }
  }
}
