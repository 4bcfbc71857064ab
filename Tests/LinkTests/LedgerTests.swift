import Clock
import Testing

@testable import Link

@Suite struct LedgerTests {
  private func instant(_ microseconds: Int64) -> MonotonicInstant {
    MonotonicInstant(nanoseconds: microseconds * 1000)
  }

  @Test("an interval tells what moved in it, each way")
  func intervals() {
    let ledger = LinkLedger()
    ledger.moved(10, up: true, at: instant(1000))
    ledger.moved(5, up: false, at: instant(3000))
    ledger.moved(20, up: true, at: instant(5000))
    #expect(ledger.bytes(from: instant(0), to: instant(900)) == LinkBytes())
    #expect(ledger.bytes(from: instant(0), to: instant(1000)) == LinkBytes(up: 10))
    #expect(ledger.bytes(from: instant(1000), to: instant(4000)) == LinkBytes(down: 5))
    #expect(ledger.bytes(from: instant(0), to: instant(9000)) == LinkBytes(up: 30, down: 5))
    #expect(ledger.bytes(from: instant(9000), to: instant(0)) == LinkBytes())
    #expect(ledger.counts.bytes == LinkBytes(up: 30, down: 5))
  }

  @Test("a long history takes no more room, and intervals that follow each other add up exactly")
  func bounded() {
    let ledger = LinkLedger(capacity: 64)
    var total: Int64 = 0
    for number in 0..<100_000 {
      let size = Int64.random(in: 1...1500)
      total += size
      ledger.moved(Int(size), up: number % 3 != 0, at: instant(Int64(number) * 700))
    }
    #expect(ledger.entryCount <= 64)
    let end = instant(100_000 * 700)
    var sum: Int64 = 0
    var from = instant(-1)
    for _ in 0..<50 {
      let to = min(end, from + .microseconds(Int64.random(in: 0...3_000_000)))
      let bytes = ledger.bytes(from: from, to: to)
      sum += bytes.up + bytes.down
      from = to
    }
    let rest = ledger.bytes(from: from, to: end)
    #expect(sum + rest.up + rest.down == total)
  }

  @Test("what moved lately is told to the millisecond, however long the history")
  func recent() {
    let ledger = LinkLedger(capacity: 1024)
    for number in 0..<100_000 { ledger.moved(3, up: true, at: instant(Int64(number) * 1000)) }
    for back in [1, 10, 100, 400] as [Int64] {
      let bytes = ledger.bytes(from: instant((99_999 - back) * 1000), to: instant(99_999 * 1000))
      #expect(bytes.up == 3 * back)
    }
  }
}
