import Glibc

/// The files in which the kernel tells of processes; see proc(5).
///
/// The texts are parsed apart from where they come from. A text that isn't as expected gives nil, never a figure.
struct ProcFiles: Sendable {
  /// Where the file system is mounted.
  var root = "/proc"

  /// Larger than any file of these that is of use.
  private static let limit = 1 << 20

  func text(_ name: String) -> String? {
    Self.text(at: "\(root)/\(name)")
  }

  static func text(at path: String) -> String? {
    ProcessTable.read(path, limit: limit).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The processes as they are, zombies and the one that asks among them.
  func processes() -> [pid_t: ProcessStat] {
    var found: [pid_t: ProcessStat] = [:]
    for pid in ProcessTable.pids(in: root) {
      if let stat = process(pid) { found[pid] = stat }
    }
    return found
  }

  func process(_ pid: pid_t) -> ProcessStat? {
    text("\(pid)/stat").flatMap { ProcessStat(parsing: $0) }
  }

  /// Memory in bytes, and whether what processes share was divided among them.
  ///
  /// Another user's process tells only how much is resident.
  func memory(of pid: pid_t) -> ProcessMemory? {
    if let bytes = text("\(pid)/smaps_rollup").flatMap(ProcessMemory.proportional(parsing:)) {
      return .proportional(bytes)
    }
    if let bytes = text("\(pid)/status").flatMap(ProcessMemory.resident(parsing:)) {
      return .resident(bytes)
    }
    return nil
  }

  /// Bytes that a process caused to be written to a disk, with those of children that it waited for; nil if it
  /// isn't told.
  func written(by pid: pid_t) -> UInt64? {
    text("\(pid)/io").flatMap(Self.written(parsing:))
  }

  /// `write_bytes` counts pages as they become dirty; `cancelled_write_bytes` those of them that were truncated
  /// before they reached the disk. Of a process that truncates another's file the latter is the larger one.
  ///
  /// Source: proc_pid_io(5); that children are included: Linux, kernel/exit.c, wait_task_zombie().
  static func written(parsing text: String) -> UInt64? {
    let fields = KernelText.fields(text, separator: ":")
    guard let written = fields["write_bytes"] else { return nil }
    let cancelled = fields["cancelled_write_bytes"] ?? 0
    return written > cancelled ? written - cancelled : 0
  }
}

/// What a process has of the memory.
enum ProcessMemory: Sendable, Hashable {
  /// Pages that several processes share are divided among them: `Pss` of /proc/PID/smaps_rollup.
  case proportional(UInt64)
  /// Each has them whole: `VmRSS` of /proc/PID/status.
  case resident(UInt64)

  var bytes: UInt64 {
    switch self {
    case .proportional(let bytes), .resident(let bytes): bytes
    }
  }

  static func proportional(parsing text: String) -> UInt64? {
    KernelText.kilobytes("Pss", in: text)
  }

  /// A process without memory of its own, a zombie or the kernel's, has no such line.
  static func resident(parsing text: String) -> UInt64? {
    KernelText.kilobytes("VmRSS", in: text)
  }
}

/// Lines of a name and a number, as the kernel writes them.
enum KernelText {
  /// By name; lines of another kind are passed over.
  static func fields(_ text: String, separator: Character = " ") -> [Substring: UInt64] {
    var fields: [Substring: UInt64] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(
        separator: separator, maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, let value = UInt64(trimmed(parts[1])) else { continue }
      fields[trimmed(parts[0])] = value
    }
    return fields
  }

  /// A file that holds one number.
  static func number(_ text: String) -> UInt64? {
    UInt64(trimmed(text[...]))
  }

  /// A line like `VmRSS:     1712 kB`, in bytes.
  static func kilobytes(_ name: String, in text: String) -> UInt64? {
    for line in text.split(separator: "\n") where line.hasPrefix("\(name):") {
      let words = line.dropFirst(name.count + 1).split(whereSeparator: \.isWhitespace)
      guard words.count == 2, words[1] == "kB", let value = UInt64(words[0]) else { return nil }
      let (bytes, isTooMuch) = value.multipliedReportingOverflow(by: 1024)
      return isTooMuch ? nil : bytes
    }
    return nil
  }

  static func trimmed(_ text: Substring) -> Substring {
    let start = text.drop(while: \.isWhitespace)
    return start.prefix(
      upTo: start.lastIndex { !$0.isWhitespace }.map(start.index(after:)) ?? start.startIndex)
  }
}
