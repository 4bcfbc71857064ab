import Glibc

/// Looks at what processes and containers take of the machine, again and again, and adds up what they use.
///
/// A look costs some milliseconds of processor time; they aren't part of what is told.
package struct FootprintMeter {
  /// What was there at a look.
  package struct Look: Sendable, Hashable {
    /// Bytes, of processes that are in none of the counted control groups.
    package var memoryOfProcesses: UInt64 = 0
    /// Bytes, of control groups, without files that weren't used lately.
    package var memoryOfContainers: UInt64 = 0
    /// Bytes that were left out of that.
    package var inactiveFiles: UInt64 = 0
    /// Of the first.
    package var memoryOfThisProcess: UInt64 = 0
    package var processes = 0
    package var groups = 0
    /// Containers of which nothing was found on this machine.
    package var unseenContainers = 0

    package var memory: UInt64 { memoryOfProcesses + memoryOfContainers }

    package init() {}
  }

  /// How figures were read so far; for `source`.
  private struct Ways: Sendable, Hashable {
    var memoryOfProcesses: Set<String> = []
    var memoryOfGroups: Set<String> = []
    var processor: Set<String> = []
    var written: Set<String> = []
  }

  private let files: ProcFiles
  private let mounts: ControlGroupMounts
  private let ticksPerSecond: Double
  /// Clock ticks from boot to the first look.
  private let begunAt: UInt64
  private var selection: ProcessSelection
  private var groups: [FootprintRoots.Container: ControlGroup] = [:]
  private var ticks = CounterLedger()
  private var writing = CounterLedger()
  private var nanosecondsOfGroups = GroupLedger()
  private var writingOfGroups = GroupLedger()
  private var ownTicks: (first: UInt64, last: UInt64)?
  private var ownIsCounted = false
  /// Nanoseconds that looking took between the first reading of this process and the last.
  private var lookingTime: Int64 = 0
  /// Of the last look, what came after that reading.
  private var lookingTimeAfter: Int64 = 0
  private var ways = Ways()
  /// What watches over containers whose group was found, also once that is gone: whether the group tells what is
  /// written.
  private var monitors: [CounterLedger.Key: Bool] = [:]
  /// Processes of which it couldn't be read how much they write.
  private var unreadable: Set<CounterLedger.Key> = []

  package init() { self.init(files: ProcFiles()) }

  init(files: ProcFiles) {
    self.files = files
    mounts = .current(files)
    ticksPerSecond = Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
    selection = ProcessSelection(files: files)
    var now = timespec()
    clock_gettime(CLOCK_BOOTTIME, &now)
    let seconds = Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    begunAt = UInt64(max(0, seconds * ticksPerSecond))
  }

  // MARK: What was used since the first look

  /// Seconds of processor time, without those that looking took.
  package var processorTime: Double {
    let looking = ownIsCounted ? Double(lookingTime) / 1e9 : 0
    return max(
      0,
      Double(ticks.total) / ticksPerSecond + Double(nanosecondsOfGroups.total) / 1e9 - looking)
  }

  /// Seconds of this process alone, whether it counts or not.
  package var processorTimeOfThisProcess: Double {
    guard let (first, last) = ownTicks else { return 0 }
    return max(0, Double(last - first) / ticksPerSecond - Double(lookingTime) / 1e9)
  }

  /// Whether this process is among those that count.
  package var countsThisProcess: Bool { ownIsCounted }

  /// Bytes that were caused to be written to disks.
  package var written: UInt64 { UInt64(max(0, writing.total + writingOfGroups.total)) }

  package var memorySource: String {
    Self.list(ways.memoryOfProcesses.union(ways.memoryOfGroups))
  }
  package var memoryOfProcessesSource: String { Self.list(ways.memoryOfProcesses) }
  package var memoryOfContainersSource: String { Self.list(ways.memoryOfGroups) }
  package var processorSource: String { Self.list(ways.processor) }
  package var writtenSource: String { Self.list(ways.written) }

  /// Processes that didn't tell what they write.
  package var silentWriters: Int { unreadable.count }

  private static func list(_ ways: Set<String>) -> String {
    ways.isEmpty ? "nothing was found" : ways.sorted().joined(separator: "; ")
  }

  // MARK: Looking

  /// Looks once. The first look is where counting begins.
  package mutating func look(at roots: FootprintRoots) -> Look {
    let begun = Self.threadTime()
    let isFirst = ownTicks == nil
    let processes = files.processes()
    let readAt = Self.threadTime()
    if !isFirst { lookingTime += lookingTimeAfter + readAt - begun }
    var look = Look()
    let unresolved = locate(roots.containers, among: processes)
    let groups = Set(groups.values)
    let chosen = selection.choose(
      roots, among: processes, unlocated: unresolved, kept: ticks.keys)
    look.unseenContainers = unresolved.count { !chosen.watched.contains($0.id) }
    account(for: chosen, of: processes, outside: groups, in: &look)
    account(for: groups, of: processes, in: &look)
    if let own = processes[getpid()] {
      let ticks = own.cpuTicks
      ownTicks = (ownTicks?.first ?? ticks, ticks)
    }
    lookingTimeAfter = Self.threadTime() - readAt
    return look
  }

  /// Finds the control groups of containers; of a pod's containers the pod's.
  ///
  /// - Returns: those that have none.
  private mutating func locate(
    _ containers: Set<FootprintRoots.Container>, among processes: [pid_t: ProcessStat]
  ) -> Set<FootprintRoots.Container> {
    for (container, group) in groups where group.memory() == nil || !containers.contains(container)
    {
      groups[container] = nil
    }
    let unknown = containers.filter { groups[$0] == nil }
    guard !unknown.isEmpty else { return [] }
    for pid in processes.keys {
      guard let text = files.text("\(pid)/cgroup") else { continue }
      let places = ControlGroupPlaces(parsing: text)
      for container in unknown where groups[container] == nil && text.contains(container.id) {
        groups[container] =
          container.pod.flatMap { ControlGroup(named: $0, of: places, in: mounts) }
          ?? ControlGroup(named: container.id, of: places, in: mounts)
      }
    }
    return unknown.filter { groups[$0] == nil }
  }

  private mutating func account(
    for chosen: ProcessSelection.Choice, of processes: [pid_t: ProcessStat],
    outside groups: Set<ControlGroup>, in look: inout Look
  ) {
    var readings: [CounterLedger.Key: CounterLedger.Reading] = [:]
    var writes: [CounterLedger.Key: CounterLedger.Reading] = [:]
    for pid in chosen.pids {
      guard let stat = processes[pid], !isInside(groups, pid) else { continue }
      let key = CounterLedger.Key(stat)
      if let group = chosen.monitors[pid].flatMap({ self.groups[$0] }) {
        monitors[key] = group.written() != nil
      }
      // A monitor waits for its container's first process, whose time the group has told already.
      readings[key] = CounterLedger.Reading(
        parent: stat.parent, own: stat.cpuTicks,
        reaped: monitors[key] == nil ? stat.reapedTicks : 0)
      // Of what is written the kernel adds both up; a monitor's own is but the container's log.
      if monitors[key] != true { take(writesOf: stat, into: &writes) }
      if pid == getpid() { ownIsCounted = true }
      guard !stat.isZombie, let memory = files.memory(of: pid) else { continue }
      look.processes += 1
      look.memoryOfProcesses += memory.bytes
      if pid == getpid() { look.memoryOfThisProcess = memory.bytes }
      switch memory {
      case .proportional: ways.memoryOfProcesses.insert("/proc/PID/smaps_rollup Pss of processes")
      case .resident:
        ways.memoryOfProcesses.insert("/proc/PID/status VmRSS of other users' processes")
      }
    }
    if !readings.isEmpty { ways.processor.insert("/proc/PID/stat of processes") }
    // What a container's processes write is told by its group, or else by them.
    for pid in Set(groups.filter { $0.written() == nil }.flatMap { $0.processes() }) {
      if let stat = processes[pid] { take(writesOf: stat, into: &writes) }
    }
    let begunAt = begunAt
    ticks.take(readings) { $0.startTime >= begunAt }
    writing.take(writes) { $0.startTime >= begunAt }
  }

  private mutating func take(
    writesOf stat: ProcessStat, into writes: inout [CounterLedger.Key: CounterLedger.Reading]
  ) {
    let key = CounterLedger.Key(stat)
    guard let bytes = files.written(by: stat.pid) else {
      // One that has ended since the table was read has nothing to hide.
      if !stat.isZombie, let now = files.process(stat.pid), !now.isZombie,
        now.startTime == stat.startTime
      {
        unreadable.insert(key)
      }
      return
    }
    ways.written.insert("/proc/PID/io write_bytes of processes")
    writes[key] = CounterLedger.Reading(parent: stat.parent, own: 0, reaped: bytes)
  }

  private func isInside(_ groups: Set<ControlGroup>, _ pid: pid_t) -> Bool {
    guard !groups.isEmpty, let text = files.text("\(pid)/cgroup"),
      let path = mounts.place(of: "memory", ControlGroupPlaces(parsing: text))?.path
    else { return false }
    return groups.contains { $0.contains(path: path) }
  }

  private mutating func account(
    for groups: Set<ControlGroup>, of processes: [pid_t: ProcessStat], in look: inout Look
  ) {
    var (times, writes): ([String: UInt64], [String: UInt64]) = ([:], [:])
    for group in groups {
      guard let memory = group.memory(), let time = group.processorTime() else { continue }
      look.groups += 1
      look.memoryOfContainers += memory.used
      look.inactiveFiles += memory.inactiveFiles
      times[group.path] = time
      let isOld = group.version == .v1
      ways.memoryOfGroups.insert(
        isOld
          ? "cgroup v1 memory.usage_in_bytes less total_inactive_file"
          : "cgroup v2 memory.current less inactive_file")
      ways.processor.insert(isOld ? "cgroup v1 cpuacct.usage" : "cgroup v2 cpu.stat usage_usec")
      if let bytes = group.written() {
        ways.written.insert("cgroup v2 io.stat wbytes")
        writes[group.path] = bytes
      }
    }
    nanosecondsOfGroups.take(times)
    writingOfGroups.take(writes)
  }

  /// Processor time of this thread: CLOCK_THREAD_CPUTIME_ID.
  private static func threadTime() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}

/// Adds up a counter of control groups, which keep what is used by processes that are gone.
struct GroupLedger {
  private var entries: [String: (base: UInt64, last: UInt64)] = [:]
  /// Of groups that are gone; what they counted after the last look is missing.
  private var retired: Int64 = 0
  private var isBegun = false

  /// Since the first look; groups that came later count from their making.
  var total: Int64 {
    entries.values.reduce(retired) { $0 + Int64(clamping: $1.last) - Int64(clamping: $1.base) }
  }

  mutating func take(_ values: [String: UInt64]) {
    for (name, entry) in entries {
      // One that counts from the beginning again is another one.
      guard let value = values[name], value >= entry.last else {
        retired += Int64(clamping: entry.last) - Int64(clamping: entry.base)
        entries[name] = nil
        continue
      }
      entries[name] = (entry.base, value)
    }
    for (name, value) in values where entries[name] == nil {
      entries[name] = (isBegun ? 0 : value, value)
    }
    isBegun = true
  }
}
