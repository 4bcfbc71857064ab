import Foundation
import Glibc

/// Processor time of the whole machine and of devbench's share in it, in seconds since some origin.
struct MachineTime {
  var total: Double
  var busy: Double
  /// Time that the hypervisor gave to others.
  var steal: Double
  /// devbench and the processes that it started and that have ended.
  var own: Double

  /// Reads the first line of /proc/stat (proc_stat(5): user nice system idle iowait irq softirq steal)
  /// and getrusage(2).
  static func now() -> MachineTime {
    let bytes = FileManager.default.contents(atPath: "/proc/stat") ?? Data()
    let line = String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
    let ticks = line.split(separator: " ").dropFirst().compactMap { Double($0) }.map { $0 / 100 }
    guard ticks.count >= 8 else { return MachineTime(total: 0, busy: 0, steal: 0, own: 0) }
    let total = ticks[..<8].reduce(0, +)
    return MachineTime(
      total: total, busy: total - ticks[3] - ticks[4], steal: ticks[7],
      own: used(by: RUSAGE_SELF.rawValue) + used(by: RUSAGE_CHILDREN.rawValue))
  }

  private static func used(by who: Int32) -> Double {
    var usage = rusage()
    getrusage(who, &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }

  static func - (later: MachineTime, earlier: MachineTime) -> MachineTime {
    MachineTime(
      total: later.total - earlier.total, busy: later.busy - earlier.busy,
      steal: later.steal - earlier.steal, own: later.own - earlier.own)
  }

  /// The part of all processor time that went to neither devbench nor idleness, 0 to 1.
  var othersShare: Double { total > 0 ? max(0, busy - own) / total : 0 }
  var stealShare: Double { total > 0 ? steal / total : 0 }
}
