import Parity
import Testing

@Suite struct ClockOffsetTests {
  private static func facts(_ start: String?, _ end: String?) -> ParityFacts {
    let times = [("clock-start", start), ("clock-end", end)]
    return ParityFacts(
      facts: times.compactMap { name, value in
        value.map { Fact(group: .time, name: name, value: $0) }
      })
  }

  // Sent at 1000 s, received at 1001 s; the probe ran for 0.4 s between 0.2 and 0.4 s of way.
  @Test(
    "the interval holds the offset, whatever the ways took",
    arguments: [
      ("1000.200000000", "1000.600000000", -400, 200, "within"),
      ("1010.200000000", "1010.600000000", 9600, 10200, "beyond"),
      ("990.200000000", "990.600000000", -10400, -9800, "beyond"),
      ("1001.000000000", "1001.400000000", 400, 1000, "within"),
      ("1001.200000000", "1001.600000000", 600, 1200, "undecided"),
      ("1000", "1000", -1000, 1000, "within"), ("1001", "1001", 0, 2000, "undecided"),
    ])
  func interval(start: String, end: String, low: Int64, high: Int64, verdict: String) throws {
    let offset = try #require(
      ClockOffset(
        of: Self.facts(start, end), sent: 1_000_000_000_000, received: 1_001_000_000_000))
    // A reading in whole seconds ends a nanosecond before the next.
    #expect(offset.low == low * 1_000_000)
    #expect(abs(offset.high - high * 1_000_000) <= 1)
    #expect(abs(offset.estimate - (low + high) * 500_000) <= 1)
    #expect(abs(offset.uncertainty - (high - low) * 500_000) <= 1)
    #expect(offset.verdict().rawValue == verdict)
  }

  @Test(
    "without two readings, or with a clock that was set between them, there is none",
    arguments: [
      (nil, "1000"), ("1000", nil), ("1000.5", "1000.6"), ("", "1000"), ("-5", "1000"),
      ("1000.+00000001", "1000.600000000"), ("99999999999999999999", "1000"),
      ("1000.200000000", "1003.600000000"),
    ] as [(String?, String?)])
  func none(start: String?, end: String?) {
    #expect(
      ClockOffset(of: Self.facts(start, end), sent: 1_000_000_000_000, received: 1_001_000_000_000)
        == nil)
  }

  @Test("no caller's times overflow", arguments: [Int64.min, -1, 0, Int64.max])
  func extremes(time: Int64) {
    let facts = Self.facts("1000", "1001")
    for other in [Int64.min, 0, Int64.max] {
      if let offset = ClockOffset(of: facts, sent: time, received: other) {
        #expect(offset.low <= offset.high)
        _ = (offset.estimate, offset.uncertainty, offset.verdict())
      }
    }
  }
}
