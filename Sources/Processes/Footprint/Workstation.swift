import Glibc

/// What this machine has to give to the processes of this user.
package struct Workstation: Sendable, Hashable {
  /// Bytes.
  package var memory: UInt64
  /// May be a fraction where a control group grants a share of one.
  package var processors: Double
  /// Where the two were read.
  package var memorySource: String
  package var processorsSource: String

  /// The least of what the machine has, what this process may use of it, and what its control groups grant;
  /// nil where /proc doesn't tell.
  package init?() { self.init(files: ProcFiles()) }

  init?(files: ProcFiles) {
    guard let total = files.text("meminfo").flatMap({ KernelText.kilobytes("MemTotal", in: $0) })
    else { return nil }
    (memory, memorySource) = (total, "/proc/meminfo MemTotal")
    (processors, processorsSource) = (
      Double(Self.allowedProcessors(files)), "/proc/self/status Cpus_allowed_list"
    )
    let mounts = ControlGroupMounts.current(files)
    guard let places = files.text("self/cgroup").map(ControlGroupPlaces.init(parsing:)) else {
      return
    }
    for directory in Self.directories(of: "memory", places, mounts) {
      for name in ["memory.max", "memory.limit_in_bytes"] {
        guard let text = ProcFiles.text(at: "\(directory)/\(name)"),
          let limit = KernelText.number(text), limit < memory
        else { continue }
        (memory, memorySource) = (limit, "cgroup \(name)")
      }
    }
    for directory in Self.directories(of: "cpu", places, mounts) {
      if let text = ProcFiles.text(at: "\(directory)/cpu.max"),
        let share = Self.processors(parsingMax: text), share < processors
      {
        (processors, processorsSource) = (share, "cgroup cpu.max")
      }
      if let quota = ProcFiles.text(at: "\(directory)/cpu.cfs_quota_us"),
        let period = ProcFiles.text(at: "\(directory)/cpu.cfs_period_us"),
        let share = Self.processors(quota: quota, period: period), share < processors
      {
        (processors, processorsSource) = (share, "cgroup cpu.cfs_quota_us")
      }
    }
  }

  /// `200000 100000`; nil for `max 100000`, which limits nothing.
  static func processors(parsingMax text: String) -> Double? {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard words.count == 2 else { return nil }
    return processors(quota: String(words[0]), period: String(words[1]))
  }

  /// Nil for a quota of -1, which is none.
  static func processors(quota: String, period: String) -> Double? {
    guard let quota = KernelText.number(quota), let period = KernelText.number(period), quota > 0,
      period > 0
    else { return nil }
    return Double(quota) / Double(period)
  }

  /// Of the process's group and of those above, which limit it as well.
  private static func directories(
    of controller: String, _ places: ControlGroupPlaces, _ mounts: ControlGroupMounts
  ) -> [String] {
    guard let (version, path) = mounts.place(of: controller, places) else { return [] }
    let names = path.split(separator: "/")
    return (0...names.count).compactMap { count in
      mounts.directory(
        of: controller, version, path: "/" + names.prefix(count).joined(separator: "/"))
    }
  }

  /// How many processors a list like `0-3,8` names; nil if it isn't one.
  static func processors(parsingList text: Substring) -> Int? {
    var count = 0
    for range in text.split(separator: ",") {
      let ends = range.split(separator: "-", omittingEmptySubsequences: false).map { UInt32($0) }
      guard let first = ends[0], let last = ends.count == 2 ? ends[1] : first, ends.count <= 2,
        last >= first
      else { return nil }
      count += Int(last - first) + 1
    }
    return count > 0 ? count : nil
  }

  /// Source: proc_pid_status(5), `Cpus_allowed_list`.
  private static func allowedProcessors(_ files: ProcFiles) -> Int {
    for line in (files.text("self/status") ?? "").split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, parts[0] == "Cpus_allowed_list" else { continue }
      if let count = processors(parsingList: KernelText.trimmed(parts[1])) { return count }
    }
    return max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }
}
