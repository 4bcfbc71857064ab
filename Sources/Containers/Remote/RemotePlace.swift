import Clock
import Foundation
import Glibc
package import Processes

/// The directory of an embedded remote: the store of its engine and what its registry holds.
///
/// It isn't a part of a run's directory, because it can be removed only with the engine's help: its
/// containers outlive the engine, its layers belong to subordinate users, and mounts hold it.
package struct RemotePlace: Sendable, Hashable {
  package let path: String
  /// For the engine's run root and its socket, whose paths must be short: podman takes 50 bytes, a
  /// socket's has room for 103. The user's alone.
  let short: String

  var runRoot: String { "\(short)/run" }
  var socket: String { "\(short)/podman.sock" }

  /// The network of its pods.
  var network: String { "devbench-\((path as NSString).lastPathComponent)" }
  var bridge: String { "devb\((path as NSString).lastPathComponent)" }

  private static let directory = "remotes"

  /// Makes a new one that says whose it is.
  init(in state: StateDirectory, owner: ProcessIdentity) throws(ProcessFailure) {
    let parent = try state.makePrivateDirectory(Self.directory)
    let number = String(UInt32.random(in: 0 ... .max), radix: 16)
    path = "\(parent)/\(number)"
    short = Self.short(number)
    let new = "\(parent)/.\(number)"
    do {
      func make(_ directory: String) throws {
        try FileManager.default.createDirectory(
          atPath: directory, withIntermediateDirectories: false,
          attributes: [.posixPermissions: 0o700])
      }
      for part in ["", "/root", "/networks", "/tmp"] { try make(new + part) }
      try Data("\(owner)\n".utf8).write(to: URL(fileURLWithPath: "\(new)/owner"))
      // At no moment does the directory lie there without an owner.
      try FileManager.default.moveItem(atPath: new, toPath: path)
      // Where the directory's number says that it is looked for. Nobody can have made it before: that
      // would be an error.
      for directory in [short, runRoot] { try make(directory) }
    } catch {
      throw .unusableState(path: path, reason: error.localizedDescription)
    }
  }

  private init(path: String) {
    self.path = path
    short = Self.short((path as NSString).lastPathComponent)
  }

  private static func short(_ number: String) -> String { "/tmp/devbench-\(getuid())-\(number)" }

  /// This machine's engine with its store in here.
  func engine(_ podman: Podman) -> Podman { podman.storing(in: path, runRoot: runRoot) }

  /// The process it belongs to; nil if it doesn't say.
  package var owner: ProcessIdentity? {
    guard let text = try? String(contentsOfFile: "\(path)/owner", encoding: .utf8) else {
      return nil
    }
    return ProcessIdentity(parsing: text.prefix { $0 != "\n" })
  }

  /// Those whose making was finished.
  package static func all(in state: StateDirectory) throws -> [RemotePlace] {
    let parent = "\(state.path)/\(directory)"
    guard FileManager.default.fileExists(atPath: parent) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: parent).sorted()
      .filter { !$0.hasPrefix(".") }.map { RemotePlace(path: "\(parent)/\($0)") }
  }

  /// The descriptor of a lock that goes with the directory; nil if another process has it.
  fileprivate func lock() -> CInt? {
    let descriptor = open("\(path)/owner", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      return nil
    }
    return descriptor
  }

  /// Ends the containers, and removes the directory with all in it.
  ///
  /// - Returns: why something is left; nil if nothing is.
  package func remove(with podman: Podman) async -> String? {
    let podman = engine(podman)
    do {
      // Podman 4.3's “pod rm” alone gives what runs its own grace period.
      _ = try? await podman.run(["pod", "stop", "--all", "--time", "0"], limit: .seconds(60))
      for command in [
        ["pod", "rm", "--all", "--force", "--time", "0"],
        ["rm", "--all", "--force", "--time", "0"], ["network", "prune", "--force"],
      ] {
        _ = try await podman.run(command, limit: .seconds(120))
      }
      try await endHelpers()
      try await unmountAndRemove(podman)
      // “podman unshare” opens the store once more when it ends; that much of it is the user's own.
      for directory in [path, short] where FileManager.default.fileExists(atPath: directory) {
        try FileManager.default.removeItem(atPath: directory)
      }
      return nil
    } catch {
      return "\(path) could not be removed: \(error)"
    }
  }

  /// A monitor starts podman once more when it ends, which would make the store anew: one of what was
  /// executed over the service minutes after that. Name servers outlive their networks.
  private func endHelpers() async throws {
    let helpers = ProcessTable.pids().filter(isHelper).compactMap { ProcessIdentity(of: $0) }
    let limit = MonotonicInstant.now() + .seconds(2)
    for helper in helpers {
      let exit = ExitWatch(of: helper.pid)
      if try await exit.end(limit: max(limit - .now(), .zero)) != nil { continue }
      // Its number may be another's by now.
      guard helper.isAlive, isHelper(helper.pid) else { continue }
      kill(helper.pid, SIGKILL)
      _ = try await exit.end(limit: .seconds(10))
    }
  }

  /// Whether a process works for this place: its random number is in no other's command.
  private func isHelper(_ pid: pid_t) -> Bool {
    guard pid != getpid(), let command = ProcessTable.command(of: pid) else { return false }
    return ["conmon", "aardvark-dns", "podman"].contains {
      command.prefix { $0 != " " }.hasSuffix($0)
    }
      && (command.contains("\(path)/") || command.contains("\(short)/"))
  }

  private func unmountAndRemove(_ podman: Podman) async throws {
    var status = stat()
    let isOwn = lstat(short, &status) == 0 && status.st_uid == getuid()
    // The paths are arguments of the script, no part of it.
    let script = #"umount "$1/root/overlay" 2>/dev/null; rm -rf -- "$@""#
    let shell = ["sh", "-c", script, "sh", path] + (isOwn ? [short] : [])
    var invocation = Invocation(
      command: getuid() == 0 ? shell : podman.command(["unshare"] + shell))
    invocation.environment = podman.environment
    let result = try await invocation.run(limit: .seconds(120))
    guard result.exit == .exited(0) else {
      throw EngineFailure.failed(
        command: invocation.command, exit: result.exit, lastLines: result.errorTail)
    }
  }
}

extension EmbeddedRemote {
  /// Removes the remotes of processes that are gone.
  ///
  /// - Returns: the directories that were removed, and a sentence for each that couldn't be.
  package static func removeLeftovers(
    in state: StateDirectory, podman: Podman
  ) async -> (removed: [String], problems: [String]) {
    var removed: [String] = []
    var problems: [String] = []
    do {
      for place in try RemotePlace.all(in: state) {
        guard let owner = place.owner else {
          problems.append(
            "\(place.path) doesn't say whose it is; remove it if no devbench runs")
          continue
        }
        guard !owner.isAlive else { continue }
        // Two starts may clean up at once: who can lock it removes it.
        guard let lock = place.lock() else { continue }
        defer { close(lock) }
        if let problem = await place.remove(with: podman) {
          problems.append(problem)
        } else {
          removed.append(place.path)
        }
      }
    } catch {
      problems.append("\(error)")
    }
    return (removed, problems)
  }
}
