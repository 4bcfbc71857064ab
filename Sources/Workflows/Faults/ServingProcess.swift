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
  /// first, which nothing inside can kill. Its argument is the port, as four hexadecimal digits.
  ///
  /// Sockets that listen: /proc/net/tcp, columns 2 (address and port), 4 (0A is LISTEN) and 10 (inode); see
  /// proc_pid_net(5). Containers of a pod may see each other's processes; a shell that is run in one has its mount
  /// namespace, and the other's processes haven't.
  static let script = #"""
    sockets=
    for table in /proc/net/tcp /proc/net/tcp6; do
      [ -r "$table" ] || continue
      while read -r _ place _ state _ _ _ _ _ inode _; do
        [ "$state" = 0A ] || continue
        case $place in *":$1") sockets="$sockets socket:[$inode] " ;; esac
      done < "$table"
    done
    own=$(readlink "/proc/$$/ns/mnt" 2>/dev/null)
    victim=0
    for link in /proc/[0-9]*/fd/*; do
      target=$(readlink "$link" 2>/dev/null) || continue
      case $sockets in
        *" $target "*)
          pid=${link#/proc/}
          pid=${pid%%/*}
          [ "$(readlink "/proc/$pid/ns/mnt" 2>/dev/null)" = "$own" ] || continue
          [ "$pid" -gt "$victim" ] && victim=$pid ;;
      esac
    done
    echo "devbench-victim $victim"
    [ "$victim" -gt 1 ] || exit 0
    read -r _ || exit 0
    if kill -KILL "$victim" 2>/dev/null; then echo devbench-killed; else echo devbench-alive; fi
    """#

  /// The command that runs the script in a container.
  ///
  /// - Parameter port: that the app listens on in there.
  static func command(port: Int) -> [String] {
    let digits = String(port, radix: 16, uppercase: true)
    return [
      "sh", "-c", script, "sh", String(repeating: "0", count: max(0, 4 - digits.count)) + digits,
    ]
  }

  /// What the script said.
  enum Answer: Sendable, Hashable {
    /// Nobody listens, or there is no `readlink` to tell.
    case nobody
    case first
    /// `at` is the clock just before the shell was asked: the way to it is in what is timed from there.
    case killed(pid: Int32, at: MonotonicInstant)
    /// It was asked, and ended without a word: as when the container ends with that process.
    case silent(pid: Int32, at: MonotonicInstant)
  }

  private enum Waited { case found, ended, late }

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
    func wait(for found: (String) -> Bool) -> Waited {
      while !found(text) {
        let left = (deadline - .now()).seconds * 1000
        var entry = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
        guard left > 0, poll(&entry, 1, Int32(left.rounded(.up))) > 0 else { return .late }
        var chunk = [UInt8](repeating: 0, count: 4096)
        let count = read(output, &chunk, chunk.count)
        guard count > 0 else { return .ended }
        text += String(decoding: chunk[..<count], as: UTF8.self)
      }
      return .found
    }
    _ = wait { victim(in: $0) != nil }
    guard let victim = victim(in: text) else {
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
    switch wait(for: { $0.contains("devbench-killed") || $0.contains("devbench-alive") }) {
    case .found where text.contains("devbench-killed"): return .killed(pid: victim, at: at)
    case .found:
      throw FaultImpossible(
        "process \(victim) of its container can't be killed from in there, or has just ended by itself"
      )
    case .ended: return .silent(pid: victim, at: at)
    case .late:
      throw FaultImpossible("its container doesn't say whether process \(victim) was killed")
    }
  }

  static func victim(in text: String) -> Int32? {
    guard let match = text.firstMatch(of: /devbench-victim ([0-9]+)\s/) else { return nil }
    return Int32(match.1)
  }
}
