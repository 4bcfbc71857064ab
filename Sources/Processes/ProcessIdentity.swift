package import Glibc

/// A process that can't be mistaken for a later one with the same number.
///
/// Process numbers are reused; the number together with the start time and the boot isn't.
package struct ProcessIdentity: Sendable, Hashable, CustomStringConvertible {
  package let pid: pid_t
  /// Clock ticks from boot to the process's start: field 22 of proc_pid_stat(5).
  package let startTime: UInt64
  /// The kernel's random identifier of this boot.
  package let boot: String

  package init(pid: pid_t, startTime: UInt64, boot: String) {
    self.pid = pid
    self.startTime = startTime
    self.boot = boot
  }

  /// The identity of a process that exists, or nil.
  package init?(of pid: pid_t) {
    guard let stat = ProcessStat(pid: pid) else { return nil }
    self.init(pid: pid, startTime: stat.startTime, boot: Self.currentBoot)
  }

  /// Reads what `description` writes: `pid:start time:boot`.
  package init?(parsing text: some StringProtocol) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, let pid = pid_t(parts[0]), pid > 0, let start = UInt64(parts[1])
    else { return nil }
    self.init(pid: pid, startTime: start, boot: String(parts[2]))
  }

  package var description: String { "\(pid):\(startTime):\(boot)" }

  /// Whether this very process still runs. A zombie doesn't: it only waits to be reaped.
  package var isAlive: Bool {
    guard boot == Self.currentBoot, let stat = ProcessStat(pid: pid) else { return false }
    return stat.startTime == startTime && !stat.isZombie
  }

  /// Whether the process is in the table at all, be it as a zombie: its number can't be another's.
  package var exists: Bool {
    boot == Self.currentBoot && ProcessStat(pid: pid)?.startTime == startTime
  }

  /// The process that asks.
  package static let current =
    ProcessIdentity(of: getpid()) ?? ProcessIdentity(pid: getpid(), startTime: 0, boot: currentBoot)

  static let currentBoot: String = {
    let bytes = ProcessTable.read("/proc/sys/kernel/random/boot_id", limit: 64) ?? []
    let boot = String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
    return boot.isEmpty ? "unknown-boot" : boot
  }()
}
