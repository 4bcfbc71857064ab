import Glibc

/// Chooses the processes that belong to something, by its roots.
struct ProcessSelection {
  /// What a process is known by that takes reading more than its line of the table.
  private struct Marks {
    var label: String?
    var isElsewhere: Bool
    /// The arguments of what watches over a container.
    var watches: String?
  }

  struct Choice {
    var pids: Set<pid_t> = []
    /// Containers, by id, that have been found by what watches over them.
    var watched: Set<String> = []
    /// What watches over a container that was located: the group tells what the container's processes use.
    var monitors: [pid_t: FootprintRoots.Container] = [:]
  }

  private let files: ProcFiles
  private var known: [CounterLedger.Key: Marks] = [:]

  /// A process's environment is the one of what it was started by until it has become another program: marks
  /// are read again while it is younger than this, in clock ticks.
  private static let youth: UInt64 = 100

  init(files: ProcFiles) { self.files = files }

  /// - Parameters:
  ///   - unlocated: containers whose processes are looked for, as no control group tells of them.
  ///   - kept: processes that were chosen before; they stay it, whoever their parent is by now.
  mutating func choose(
    _ roots: FootprintRoots, among processes: [pid_t: ProcessStat],
    unlocated: Set<FootprintRoots.Container>, kept: Set<CounterLedger.Key>
  ) -> Choice {
    let newest = processes.values.map(\.startTime).max() ?? 0
    var marks: [pid_t: Marks] = [:]
    for (pid, stat) in processes { marks[pid] = self.marks(of: stat, newest: newest) }
    let living = Set(processes.values.map { CounterLedger.Key($0) })
    known = known.filter { living.contains($0.key) }

    var choice = Choice()
    var next: [pid_t] = roots.trees.compactMap { tree in
      processes[tree.pid]?.startTime == tree.startTime ? tree.pid : nil
    }
    next += kept.compactMap { processes[$0.pid]?.startTime == $0.startTime ? $0.pid : nil }
    for (pid, stat) in processes {
      if roots.groups.contains(stat.processGroup) { next.append(pid) }
      if let label = marks[pid]?.label, roots.labels.contains(label) { next.append(pid) }
      guard let arguments = marks[pid]?.watches else { continue }
      // One that watches over a container whose group is known belongs to it, in whatever group it is itself.
      for container in roots.containers where arguments.contains(container.id) {
        next.append(pid)
        if unlocated.contains(container) {
          choice.watched.insert(container.id)
        } else {
          choice.monitors[pid] = container
        }
      }
    }
    var children: [pid_t: [pid_t]] = [:]
    for (pid, stat) in processes { children[stat.parent, default: []].append(pid) }
    while let pid = next.popLast() {
      guard marks[pid]?.isElsewhere != true, choice.pids.insert(pid).inserted else { continue }
      next += children[pid] ?? []
    }
    return choice
  }

  private mutating func marks(of stat: ProcessStat, newest: UInt64) -> Marks {
    let key = CounterLedger.Key(stat)
    if let marks = known[key] { return marks }
    let environment = files.text("\(stat.pid)/environ") ?? ""
    var marks = Marks(isElsewhere: false)
    for variable in environment.split(separator: "\0") {
      if variable.hasPrefix("\(ProcessTable.label)=") {
        marks.label = String(variable.dropFirst(ProcessTable.label.count + 1))
      } else if variable.hasPrefix("\(ProcessTable.elsewhere)=") {
        marks.isElsewhere = true
      }
    }
    if stat.name == "conmon" { marks.watches = files.text("\(stat.pid)/cmdline") }
    if newest >= Self.youth, stat.startTime <= newest - Self.youth { known[key] = marks }
    return marks
  }
}
