import Glibc

/// Adds up a counter that only grows, over processes that come and go.
///
/// What a process has used is handed to its parent when that waits for its end. So the sum over the living stays
/// right, whether a child is seen or not, as long as its parent is among those that are counted.
struct CounterLedger {
  struct Key: Hashable, Sendable {
    let pid: pid_t
    let startTime: UInt64

    init(_ stat: ProcessStat) { (pid, startTime) = (stat.pid, stat.startTime) }

    init(pid: pid_t, startTime: UInt64) { (self.pid, self.startTime) = (pid, startTime) }
  }

  /// What a process has used so far.
  struct Reading: Hashable, Sendable {
    var parent: pid_t
    /// By itself.
    var own: UInt64
    /// By children that it has waited for; with its own where the kernel adds them up.
    var reaped: UInt64

    var total: UInt64 { own &+ reaped }
  }

  private struct Entry {
    var last: Reading
    /// What doesn't count: it was used before the ledger began.
    var base: Int64
    /// What children had used that are gone, and that it hasn't got from the kernel so far.
    var owed: Int64 = 0
  }

  private var entries: [Key: Entry] = [:]
  /// What those had used that are gone, and that no counted process waited for.
  private var retired: Int64 = 0
  private var isBegun = false

  /// Those that were there at the last look.
  var keys: Set<Key> { Set(entries.keys) }

  /// What was used since the first look.
  ///
  /// Of a child that ends without being waited for by a counted process, what it used after the last look is
  /// missing; and a process that was never seen counts only through its parent.
  var total: Int64 {
    entries.values.reduce(retired) {
      $0 + Int64(clamping: $1.last.total) - $1.base + $1.owed
    }
  }

  /// - Parameters:
  ///   - readings: of all processes that count now.
  ///   - isNew: whether a process that wasn't there before was started since the ledger began; what others have
  ///     used so far doesn't count.
  mutating func take(_ readings: [Key: Reading], isNew: (Key) -> Bool) {
    let gone = entries.filter { readings[$0.key] == nil }
    var inherited: [Key: (value: Int64, base: Int64)] = [:]
    if !gone.isEmpty {
      let byPid = Dictionary(
        entries.keys.map { ($0.pid, $0) },
        uniquingKeysWith: { $0.startTime > $1.startTime ? $0 : $1 })
      for entry in gone.values {
        let value = Int64(clamping: entry.last.total) + entry.owed
        if let heir = heir(of: entry, among: byPid, gone: gone) {
          inherited[heir, default: (0, 0)].value += value
          inherited[heir, default: (0, 0)].base += entry.base
        } else {
          retired += value - entry.base
        }
      }
    }
    for key in gone.keys { entries[key] = nil }
    for (key, reading) in readings {
      guard var entry = entries[key] else {
        let isOld = !isBegun || !isNew(key)
        entries[key] = Entry(
          last: reading, base: isOld ? Int64(clamping: reading.total) : 0)
        continue
      }
      let grown = Int64(clamping: reading.reaped) - Int64(clamping: entry.last.reaped)
      let (value, base) = inherited[key] ?? (0, 0)
      entry.owed = max(0, entry.owed + value - max(0, grown))
      entry.base += base
      entry.last = reading
      entries[key] = entry
    }
    isBegun = true
  }

  /// The nearest of those above a process that is still there: what it had used is told there once it was waited
  /// for.
  private func heir(of entry: Entry, among byPid: [pid_t: Key], gone: [Key: Entry]) -> Key? {
    var (parent, left) = (entry.last.parent, entries.count)
    while let key = byPid[parent], left > 0 {
      guard let above = gone[key] else { return key }
      (parent, left) = (above.last.parent, left - 1)
    }
    return nil
  }
}
