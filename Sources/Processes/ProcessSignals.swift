package import Glibc

/// What a process does about signals; see proc_pid_status(5).
package enum ProcessSignals {
  /// Whether the process has a handler for a signal, or blocks it: an init process takes its signals by
  /// sigwait(3) or signalfd(2). False if it can't be told.
  package static func catches(_ signal: Int32, pid: pid_t) -> Bool {
    guard pid > 0, (1...64).contains(signal),
      let bytes = ProcessTable.read("/proc/\(pid)/status", limit: 16 * 1024)
    else { return false }
    let text = String(decoding: bytes, as: UTF8.self)
    return text.split(separator: "\n").contains { line in
      guard let key = ["SigCgt:", "SigBlk:"].first(where: line.hasPrefix),
        let mask = UInt64(line.dropFirst(key.count).trimmingPrefix { $0.isWhitespace }, radix: 16)
      else { return false }
      return mask >> UInt64(signal - 1) & 1 == 1
    }
  }
}
