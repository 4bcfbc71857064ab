import Clock
import Synchronization

/// What a link has moved, and when; read from any thread.
///
/// The history is kept to the millisecond while there is room, which is a minute or more of uninterrupted
/// traffic. After that the older half is thinned out: its sums stay exact, its instants become coarser.
final class LinkLedger: Sendable {
  private struct Entry {
    var instant: MonotonicInstant
    /// All that moved until then.
    var total: LinkBytes
  }

  private struct State {
    var counts = LinkCounts()
    var entries: [Entry] = []
  }

  private let state = Mutex(State())
  private let capacity: Int
  private static let grain = Duration.milliseconds(1)

  /// - Parameter capacity: entries of 24 bytes.
  init(capacity: Int = 1 << 17) {
    self.capacity = max(capacity, 8)
  }

  var counts: LinkCounts { state.withLock { $0.counts } }

  var entryCount: Int { state.withLock { $0.entries.count } }

  func update(_ change: (inout LinkCounts) -> Void) {
    state.withLock { change(&$0.counts) }
  }

  func moved(_ bytes: Int, up isUp: Bool, at instant: MonotonicInstant) {
    state.withLock { state in
      if isUp {
        state.counts.bytes.up += Int64(bytes)
      } else {
        state.counts.bytes.down += Int64(bytes)
      }
      let total = state.counts.bytes
      if let last = state.entries.last, instant - last.instant < Self.grain {
        state.entries[state.entries.count - 1].total = total
        return
      }
      if state.entries.count >= capacity { Self.thin(&state.entries) }
      state.entries.append(Entry(instant: instant, total: total))
    }
  }

  /// What moved after `start` until `end`, to the grain of the history. Intervals that follow each other add
  /// up to the whole.
  func bytes(from start: MonotonicInstant, to end: MonotonicInstant) -> LinkBytes {
    state.withLock { state in
      let before = Self.total(in: state.entries, at: start)
      let after = Self.total(in: state.entries, at: end)
      return LinkBytes(up: max(0, after.up - before.up), down: max(0, after.down - before.down))
    }
  }

  private static func total(in entries: [Entry], at instant: MonotonicInstant) -> LinkBytes {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].instant <= instant { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? LinkBytes() : entries[low - 1].total
  }

  /// Every second entry of the older half goes; what it told is told by the one after it.
  private static func thin(_ entries: inout [Entry]) {
    let half = entries.count / 2
    let kept = entries[..<half].enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
    entries.replaceSubrange(..<half, with: kept)
  }
}
