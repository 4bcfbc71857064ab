import TestSupport
import Testing

@testable import Processes

@Suite("A counter over processes that come and go")
struct CounterLedgerTests {
  typealias Key = CounterLedger.Key
  typealias Reading = CounterLedger.Reading

  private static let app = Key(pid: 10, startTime: 5)
  private static let child = Key(pid: 11, startTime: 6)
  private static let late = Key(pid: 12, startTime: 60)

  private func total(_ looks: [[Key: Reading]], begun: UInt64 = 50) -> [Int64] {
    var ledger = CounterLedger()
    return looks.map { readings in
      ledger.take(readings) { $0.startTime >= begun }
      return ledger.total
    }
  }

  @Test("what was used before the first look doesn't count")
  func base() {
    #expect(
      total([
        [Self.app: Reading(parent: 1, own: 100, reaped: 30)],
        [Self.app: Reading(parent: 1, own: 104, reaped: 31)],
      ]) == [0, 5])
  }

  @Test(
    "a process that is started later counts from its beginning, one that comes along from there on")
  func arrivals() {
    let app = Reading(parent: 1, own: 0, reaped: 0)
    #expect(
      total([
        [Self.app: app], [Self.app: app, Self.late: Reading(parent: 10, own: 7, reaped: 0)],
      ]) == [0, 7])
    #expect(
      total([
        [Self.app: app], [Self.app: app, Self.child: Reading(parent: 10, own: 7, reaped: 0)],
        [Self.app: app, Self.child: Reading(parent: 10, own: 9, reaped: 0)],
      ]) == [0, 0, 2])
  }

  @Test(
    "a child that was waited for counts once, and what it used before the first look not at all")
  func reaped() {
    #expect(
      total([
        [
          Self.app: Reading(parent: 1, own: 0, reaped: 0),
          Self.child: Reading(parent: 10, own: 300, reaped: 0),
        ],
        [Self.app: Reading(parent: 1, own: 0, reaped: 304)],
      ]) == [0, 4])
  }

  @Test("a child that was never seen counts through its parent")
  func unseen() {
    #expect(
      total([
        [Self.app: Reading(parent: 1, own: 0, reaped: 0)],
        [Self.app: Reading(parent: 1, own: 0, reaped: 25)],
      ]) == [0, 25])
  }

  @Test("a child that nobody waits for counts up to the last look at it")
  func ignored() {
    let app = Reading(parent: 1, own: 0, reaped: 0)
    #expect(
      total([
        [Self.app: app, Self.late: Reading(parent: 10, own: 8, reaped: 0)], [Self.app: app],
        [Self.app: app],
      ]) == [0, 0, 0])
    #expect(
      total([
        [Self.app: app], [Self.app: app, Self.late: Reading(parent: 10, own: 8, reaped: 0)],
        [Self.app: app], [Self.app: app],
      ]) == [0, 8, 8, 8])
  }

  @Test("a child whose end is handed on only at the next look counts once")
  func handedOnLater() {
    let app = Reading(parent: 1, own: 0, reaped: 0)
    #expect(
      total([
        [Self.app: app], [Self.app: app, Self.late: Reading(parent: 10, own: 8, reaped: 0)],
        [Self.app: app], [Self.app: Reading(parent: 1, own: 0, reaped: 8)],
      ]) == [0, 8, 8, 8])
  }

  @Test("with a parent that is gone too, it is the next above that has been told")
  func generations() {
    let grandchild = Key(pid: 13, startTime: 61)
    #expect(
      total([
        [Self.app: Reading(parent: 1, own: 0, reaped: 0)],
        [
          Self.app: Reading(parent: 1, own: 0, reaped: 0),
          Self.late: Reading(parent: 10, own: 2, reaped: 1),
          grandchild: Reading(parent: 12, own: 5, reaped: 0),
        ],
        [Self.app: Reading(parent: 1, own: 0, reaped: 9)],
      ]) == [0, 8, 9])
  }

  @Test("what the root had used stays counted when it ends")
  func rootEnds() {
    #expect(
      total([
        [Self.app: Reading(parent: 1, own: 10, reaped: 0)],
        [Self.app: Reading(parent: 1, own: 14, reaped: 0)], [:], [:],
      ]) == [0, 4, 4, 4])
  }

  @Test("a number that is used again is another process")
  func reusedNumber() {
    let again = Key(pid: 10, startTime: 70)
    #expect(
      total([
        [Self.app: Reading(parent: 1, own: 10, reaped: 0)],
        [again: Reading(parent: 1, own: 3, reaped: 0)],
      ]) == [0, 3])
  }

  @Test("parents that seem to go round in a circle are looked through once")
  func circle() {
    let other = Key(pid: 12, startTime: 6)
    #expect(
      total([
        [
          Self.app: Reading(parent: 12, own: 1, reaped: 0),
          other: Reading(parent: 10, own: 1, reaped: 0),
        ], [:],
      ]) == [0, 0])
  }

  /// A tree of processes whose every parent waits: whatever is seen of it, the sum is what was used.
  @Test("whenever it is looked at, a tree that waits for its children adds up", arguments: 0..<100)
  func conservation(seed: Int) {
    struct Process { var parent: Int32, own: UInt64 = 0, reaped: UInt64 = 0, start: UInt64 }
    var numbers = RandomNumbers(seed: UInt64(seed))
    var living: [Int32: Process] = [1: Process(parent: 0, start: 1)]
    var (nextPid, used, ledger): (Int32, Int64, CounterLedger) = (2, 0, CounterLedger())
    var isBegun = false
    for step in 0..<300 {
      let pid = living.keys.sorted()[numbers.below(living.count)]
      switch numbers.below(4) {
      case 0:
        living[nextPid] = Process(parent: pid, start: UInt64(step + 2) + (isBegun ? 1000 : 0))
        nextPid += 1
      case 1:
        let amount = numbers.below(50)
        living[pid]?.own += UInt64(amount)
        if isBegun { used += Int64(amount) }
      case 2:
        guard pid != 1, !living.values.contains(where: { $0.parent == pid }),
          let ended = living.removeValue(forKey: pid)
        else { continue }
        living[ended.parent]?.reaped += ended.own + ended.reaped
      default:
        guard isBegun || step > 100 else { continue }
        isBegun = true
        ledger.take(
          Dictionary(
            uniqueKeysWithValues: living.map {
              (
                Key(pid: $0.key, startTime: $0.value.start),
                Reading(parent: $0.value.parent, own: $0.value.own, reaped: $0.value.reaped)
              )
            })
        ) { $0.startTime >= 1000 }
        #expect(ledger.total == used, "seed \(seed), step \(step)")
      }
    }
  }

  @Test("groups that come later count from their making, and stay counted when they go")
  func groups() {
    var ledger = GroupLedger()
    var totals: [Int64] = []
    for values in [["a": 5], ["a": 7, "b": 3], ["b": 4], ["b": 1], [:]] as [[String: UInt64]] {
      ledger.take(values)
      totals.append(ledger.total)
    }
    #expect(totals == [0, 5, 6, 7, 7])
  }
}
