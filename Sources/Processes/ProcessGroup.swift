import CProcesses
package import Clock
import Dispatch
package import Glibc

/// A process group that devbench started, with whatever its members started.
package struct ProcessGroup: Sendable, Hashable {
  /// The process that the group is named after; it may have ended before the others.
  package let leader: ProcessIdentity
  /// The label of its processes; finds those that left the group.
  package let label: String

  package init(leader: ProcessIdentity, label: String) {
    self.leader = leader
    self.label = label
  }

  /// The group's number.
  package var id: pid_t { leader.pid }

  /// Sends SIGTERM, then SIGKILL to what is left after the grace period, and returns once nothing is.
  ///
  /// The wait is for the exits themselves (pidfd_open(2)), not a poll of the process table.
  ///
  /// - Parameter grace: how long the processes may take to end by themselves; zero kills at once.
  /// - Returns: when the last process was seen to be gone, and whether SIGKILL was needed.
  package func terminate(grace: Duration) async -> (gone: MonotonicInstant, killed: Bool) {
    await withCheckedContinuation { continuation in
      // The exits are awaited in poll(2), which would hold up a thread of the cooperative pool.
      DispatchQueue.global(qos: .userInitiated).async {
        continuation.resume(returning: terminateBlocking(grace: grace))
      }
    }
  }

  private func terminateBlocking(grace: Duration) -> (gone: MonotonicInstant, killed: Bool) {
    let deadline = MonotonicInstant.now() + grace
    if grace > .zero {
      // Nobody is asked twice: some programs take a second SIGTERM for “at once”.
      var asked: Set<ProcessIdentity> = []
      while MonotonicInstant.now() < deadline {
        let members = living()
        if members.isEmpty { return (.now(), false) }
        var isGroupAsked = false
        if asked.isEmpty && leader.exists { isGroupAsked = kill(-id, SIGTERM) == 0 }
        for member in members where asked.insert(member.process).inserted {
          if !(isGroupAsked && member.group == id) { kill(member.process.pid, SIGTERM) }
        }
        waitForExit(of: members, until: deadline)
      }
    }
    // A process may fork between the look and the signal; it is then found by the next look. Each
    // round kills all it sees, so only a fork bomb that outruns it could keep this loop going.
    var killed = false
    while true {
      let members = living()
      if members.isEmpty { return (.now(), killed) }
      killed = true
      if leader.exists { kill(-id, SIGKILL) }
      for member in members where member.process.isAlive { kill(member.process.pid, SIGKILL) }
      waitForExit(of: members, until: MonotonicInstant.now() + .seconds(1))
    }
  }

  /// Ends what the leader started in sessions of their own, again and again until the leader has
  /// seen them fail and ended by itself; past the limit all of them are killed.
  package func endChildrenFirst(limit: Duration) async {
    await withCheckedContinuation { continuation in
      DispatchQueue.global(qos: .userInitiated).async {
        let deadline = MonotonicInstant.now() + limit
        while leader.isAlive, MonotonicInstant.now() < deadline {
          for child in ProcessTable.descendants(of: leader.pid) where child.group != id {
            kill(child.process.pid, SIGKILL)
          }
          let entry = ProcessTable.Entry(process: leader, group: id, label: nil)
          waitForExit(of: [entry], until: min(deadline, MonotonicInstant.now() + .milliseconds(50)))
        }
        _ = terminateBlocking(grace: .zero)
        continuation.resume()
      }
    }
  }

  /// Whether anything is left to end.
  var isLiving: Bool { !living().isEmpty }

  /// What is left of the group.
  ///
  /// Once the leader and all members are gone the kernel may give the number to a stranger. It can't
  /// while the leader exists, if only as a zombie, or while a member does that carries the label.
  private func living() -> [ProcessTable.Entry] {
    let table = ProcessTable.Snapshot()
    let entries = table.entries.filter { $0.group == id || $0.label == label }
    let isOurs = leader.exists || entries.contains { $0.group == id && $0.label == label }
    let ours = entries.filter { isOurs || $0.label == label }
    // What they started may be in a session of its own and without the label: a build's RUN step.
    let descendants = table.descendants(of: ours.map(\.process.pid))
    return ours + descendants.filter { !ours.contains($0) }
  }

  /// Returns when every process has exited or the time is up.
  private func waitForExit(of members: [ProcessTable.Entry], until deadline: MonotonicInstant) {
    var watched = members.compactMap { member -> pollfd? in
      let descriptor = devbench_pidfd_open(member.process.pid)
      return descriptor < 0 ? nil : pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    }
    defer { for entry in watched { close(max(entry.fd, ~entry.fd)) } }
    // Without a descriptor to wait on (an old kernel, or none left) the table is looked at again soon.
    if watched.isEmpty { poll(nil, 0, 10) }
    var left = watched.count
    while left > 0 {
      let milliseconds = (deadline - .now()).seconds * 1000
      guard milliseconds > 0 else { return }
      let ready = poll(
        &watched, nfds_t(watched.count), Int32(min(milliseconds.rounded(.up), 60_000)))
      if ready < 0 && errno != EINTR { return }
      for index in watched.indices where watched[index].fd >= 0 && watched[index].revents != 0 {
        // poll(2) passes over negative descriptors; the complement also remembers which to close.
        watched[index].fd = ~watched[index].fd
        left -= 1
      }
    }
  }
}
