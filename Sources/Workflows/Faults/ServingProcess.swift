import Clock
import Foundation
import Glibc
import Processes

/// The process of an app that answers: of those that listen the one that was started last, since a reloader
/// passes its socket on to the process that it starts anew.
enum ServingProcess {
  /// Among the processes of a group on this machine.
  ///
  /// - Parameter port: that it listens on.
  static func find(in group: ProcessGroup, port: Int) -> ProcessIdentity? {
    let descendants = Set(ProcessTable.descendants(of: group.id).map(\.process.pid))
    let own = (LoopbackPort.owners(of: port) ?? []).filter { pid in
      pid == group.id || descendants.contains(pid) || ProcessTable.label(of: pid) == group.label
    }
    return own.compactMap { ProcessIdentity(of: $0) }.max {
      ($0.startTime, $0.pid) < ($1.startTime, $1.pid)
    }
  }

  /// Kills a process of this machine, and waits until it is gone.
  ///
  /// - Returns: the clock just before the signal.
  static func kill(_ process: ProcessIdentity) async throws -> MonotonicInstant {
    let exit = ExitWatch(of: process.pid)
    guard process.isAlive else {
      throw FaultImpossible("the app's process has just ended by itself")
    }
    let at = MonotonicInstant.now()
    guard Glibc.kill(process.pid, SIGKILL) == 0 else {
      throw FaultImpossible(
        "process \(process.pid) can't be killed: \(String(cString: strerror(errno)))")
    }
    guard try await exit.end(limit: .seconds(10)) != nil else {
      throw FaultImpossible("process \(process.pid) outlives SIGKILL")
    }
    return at
  }

  /// Run in a container: says which process it is, waits for a line, and kills it, unless it is the container's
  /// first, which nothing inside can kill.
  ///
  /// Sockets that listen: /proc/net/tcp, columns 4 (0A is LISTEN) and 10 (inode); see proc_pid_net(5).
  static let script = #"""
    sockets=
    for table in /proc/net/tcp /proc/net/tcp6; do
      [ -r "$table" ] || continue
      while read -r _ _ _ state _ _ _ _ _ inode _; do
        [ "$state" = 0A ] && sockets="$sockets socket:[$inode] "
      done < "$table"
    done
    victim=0
    for link in /proc/[0-9]*/fd/*; do
      target=$(readlink "$link" 2>/dev/null) || continue
      case $sockets in
        *" $target "*)
          pid=${link#/proc/}
          pid=${pid%%/*}
          [ "$pid" -gt "$victim" ] && victim=$pid ;;
      esac
    done
    echo "devbench-victim $victim"
    [ "$victim" -gt 1 ] || exit 0
    read -r _
    kill -KILL "$victim" && echo devbench-killed
    """#

  /// What the script said.
  enum Answer: Sendable, Hashable {
    /// Nobody listens, or there is no `readlink` to tell.
    case nobody
    case first
    case killed(pid: Int32, at: MonotonicInstant)
  }

  /// Kills the process that answers by a command that runs the script in its container.
  static func kill(
    by command: [String], environment: [String: String], ledger: ProcessLedger
  ) async throws -> Answer {
    let process = try await PipedProcess.start(
      command: command, environment: environment, ledger: ledger)
    let (input, output) = (process.input, process.output)
    let answer: Result<Answer, any Error> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        // Reading holds up a thread, which mustn't be one of the cooperative pool's.
        DispatchQueue.global(qos: .userInitiated).async {
          continuation.resume(returning: Result { try talk(input: input, output: output) })
        }
      }
    } onCancel: {
      Task { await process.stop() }
    }
    await process.stop()
    try Task.checkCancellation()
    return try answer.get()
  }

  private static func talk(input: CInt, output: CInt) throws -> Answer {
    let deadline = MonotonicInstant.now() + .seconds(30)
    var text = ""
    func wait(for found: (String) -> Bool) -> Bool {
      while !found(text) {
        let left = (deadline - .now()).seconds * 1000
        var entry = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
        guard left > 0, poll(&entry, 1, Int32(left.rounded(.up))) > 0 else { return false }
        var chunk = [UInt8](repeating: 0, count: 4096)
        let count = read(output, &chunk, chunk.count)
        guard count > 0 else { return false }
        text += String(decoding: chunk[..<count], as: UTF8.self)
      }
      return true
    }
    guard wait(for: { victim(in: $0) != nil }), let victim = victim(in: text) else {
      let said = text.split(whereSeparator: \.isNewline).last.map { ": \($0)" } ?? ""
      throw FaultImpossible("its container has no shell to look for the process with\(said)")
    }
    switch victim {
    case ..<1: return .nobody
    case 1: return .first
    default: break
    }
    let at = MonotonicInstant.now()
    guard write(input, "\n", 1) == 1 else {
      throw FaultImpossible("its container doesn't listen any more")
    }
    // The container may end with it, and the shell in there too.
    _ = wait { $0.contains("devbench-killed") }
    return .killed(pid: victim, at: at)
  }

  static func victim(in text: String) -> Int32? {
    guard let match = text.firstMatch(of: /devbench-victim ([0-9]+)\s/) else { return nil }
    return Int32(match.1)
  }
}
