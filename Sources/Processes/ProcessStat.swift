package import Glibc

/// What devbench needs of a process's line in /proc/PID/stat; see proc_pid_stat(5).
package struct ProcessStat: Sendable, Hashable {
  package let pid: pid_t
  package let name: String
  package let state: Character
  package let parent: pid_t
  package let processGroup: pid_t
  /// User and system time in clock ticks of 1/100 s.
  package let cpuTicks: UInt64
  /// The same of children that have ended and were waited for, and of theirs.
  package let reapedTicks: UInt64
  /// Clock ticks from boot to the process's start.
  package let startTime: UInt64

  /// Dead, and kept only until its parent asks for its status.
  package var isZombie: Bool { state == "Z" || state == "X" }

  /// Reads the file; nil if there is no such process.
  package init?(pid: pid_t) {
    guard let bytes = ProcessTable.read("/proc/\(pid)/stat", limit: 4096) else { return nil }
    self.init(parsing: String(decoding: bytes, as: UTF8.self))
  }

  /// Parses a line of the file. The name stands in parentheses and may itself contain any character,
  /// parentheses and spaces included, so the fields are counted from the last parenthesis on.
  package init?(parsing line: String) {
    guard let open = line.firstIndex(of: "("), let close = line.lastIndex(of: ")"), open < close,
      let pid = pid_t(
        line[..<open].trimmingPrefix(while: \.isWhitespace).split(separator: " ").first ?? "")
    else { return nil }
    let fields = line[line.index(after: close)...].split(whereSeparator: \.isWhitespace)
    guard fields.count >= 20, let state = fields[0].first, let parent = pid_t(fields[1]),
      let group = pid_t(fields[2]), let user = UInt64(fields[11]), let system = UInt64(fields[12]),
      let reapedUser = Int64(fields[13]), let reapedSystem = Int64(fields[14]),
      let start = UInt64(fields[19])
    else { return nil }
    self.pid = pid
    self.name = String(line[line.index(after: open)..<close])
    self.state = state
    self.parent = parent
    self.processGroup = group
    (cpuTicks, reapedTicks) = (user &+ system, UInt64(max(0, reapedUser &+ reapedSystem)))
    self.startTime = start
  }
}
