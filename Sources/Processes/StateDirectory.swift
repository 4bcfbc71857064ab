import Foundation
import Glibc
import Synchronization

/// Where devbench keeps what must outlive its own death: records of processes and scratch workspaces.
///
/// `$XDG_STATE_HOME/devbench`, by default `~/.local/state/devbench`; see the XDG Base Directory
/// Specification. Everything in it is the user's alone (mode 0700).
package struct StateDirectory: Sendable, Hashable {
  package let path: String

  package init(path: String) {
    self.path = path
  }

  /// The user's own, from the environment.
  package static func standard(
    _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> StateDirectory {
    if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") {
      return StateDirectory(path: "\(state)/devbench")
    }
    if let home = environment["HOME"], home.hasPrefix("/") {
      return StateDirectory(path: "\(home)/.local/state/devbench")
    }
    return StateDirectory(path: "/tmp/devbench-\(getuid())")
  }

  /// The one that a run's directory lies in.
  package init(of run: RunDirectory) {
    path = ((run.path as NSString).deletingLastPathComponent as NSString).deletingLastPathComponent
  }

  var runs: String { "\(path)/runs" }

  /// Makes a directory for this process's run, recorded as such from its first moment on.
  package func makeRunDirectory(_ name: String) throws(ProcessFailure) -> RunDirectory {
    do {
      // The place is looked at before anything is made in it: it may be another's.
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      try own(path)
      try FileManager.default.createDirectory(
        atPath: runs, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      // Made under a name that says whose it is, then moved to the short one (socket paths have
      // room for 103 bytes): at no moment does the directory lie there without an owner.
      let own = ProcessIdentity.current
      let new = "\(runs)/\(Self.mark(own))"
      try FileManager.default.createDirectory(
        atPath: "\(new)/processes", withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
      try Data("\(own)\n".utf8).write(to: URL(fileURLWithPath: "\(new)/owner"))
      try FileManager.default.moveItem(atPath: new, toPath: "\(runs)/\(name)")
      return RunDirectory(path: "\(runs)/\(name)")
    } catch let failure as ProcessFailure {
      throw failure
    } catch {
      throw .unusableState(path: path, reason: error.localizedDescription)
    }
  }

  /// Makes a directory for what outlives runs, or takes the one that is there; the user's alone.
  ///
  /// - Returns: its path.
  package func makePrivateDirectory(_ name: String) throws(ProcessFailure) -> String {
    let directory = "\(path)/\(name)"
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      try own(path)
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700]
      )
      return directory
    } catch let failure as ProcessFailure {
      throw failure
    } catch {
      throw .unusableState(path: directory, reason: error.localizedDescription)
    }
  }

  /// A directory that somebody else prepared, under /tmp say, is not to be trusted.
  private func own(_ path: String) throws(ProcessFailure) {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      throw ProcessFailure.unusableState(path: path, reason: String(cString: strerror(errno)))
    }
    guard status.st_uid == getuid(), status.st_mode & S_IFMT == S_IFDIR else {
      throw ProcessFailure.unusableState(path: path, reason: "it isn't a directory of this user's")
    }
    guard chmod(path, 0o700) == 0 else {
      throw ProcessFailure.unusableState(path: path, reason: String(cString: strerror(errno)))
    }
  }

  private static let markSequence = Atomic<Int>(0)

  /// A hidden name that says which process the directory belongs to.
  private static func mark(_ owner: ProcessIdentity) -> String {
    ".\(owner).\(markSequence.add(1, ordering: .relaxed).newValue)"
  }

  private func owner(of name: String) -> ProcessIdentity? {
    if name.hasPrefix("."), let end = name.lastIndex(of: ".") {
      return ProcessIdentity(parsing: name.dropFirst()[..<end])
    }
    guard let text = try? String(contentsOfFile: "\(runs)/\(name)/owner", encoding: .utf8) else {
      return nil
    }
    return ProcessIdentity(parsing: text.prefix { $0 != "\n" })
  }

  /// Removes processes and workspaces of runs whose devbench died, and says what it removed.
  ///
  /// A process is removed only if it belongs to a recorded group with the recorded start time, or
  /// carries the label of a dead owner. A run whose owner lives is left alone, and so is one without
  /// a readable owner, which is a problem to be told.
  package func removeLeftovers() async -> Leftovers {
    var leftovers = Leftovers()
    let names: [String]
    do {
      guard FileManager.default.fileExists(atPath: runs) else { return leftovers }
      // Records that somebody else prepared would name processes that aren't devbench's.
      try own(path)
      names = try FileManager.default.contentsOfDirectory(atPath: runs)
    } catch {
      leftovers.problems.append("\(error)")
      return leftovers
    }
    for name in names.sorted() {
      let directory = RunDirectory(path: "\(runs)/\(name)")
      guard let owner = owner(of: name) else {
        // One that is gone by now was removed by another start.
        if FileManager.default.fileExists(atPath: directory.path) {
          leftovers.problems.append(
            "\(directory.path) doesn't say whose it is; remove it if no devbench runs")
        }
        continue
      }
      guard !owner.isAlive else { continue }
      leftovers.processes += await directory.ledger.endAll(of: owner)
      // Two starts may clean up at once: who can move the directory away removes it.
      let claimed = RunDirectory(path: "\(runs)/\(Self.mark(.current))")
      guard rename(directory.path, claimed.path) == 0 else { continue }
      do {
        try claimed.remove()
        leftovers.directories.append(directory.path)
      } catch {
        leftovers.problems.append("\(claimed.path): \(error.localizedDescription)")
      }
    }
    return leftovers
  }
}

extension StateDirectory {
  /// A run's directory, and the process it belongs to; nil if it doesn't say.
  package struct Run: Sendable, Hashable {
    package let path: String
    package let owner: ProcessIdentity?
  }

  /// The directories of runs, of living and dead ones. Removes nothing.
  package func listRuns() throws(ProcessFailure) -> [Run] {
    guard FileManager.default.fileExists(atPath: runs) else { return [] }
    do {
      return try FileManager.default.contentsOfDirectory(atPath: runs).sorted().map {
        Run(path: "\(runs)/\($0)", owner: owner(of: $0))
      }
    } catch {
      throw .unusableState(path: runs, reason: error.localizedDescription)
    }
  }

  /// Running processes that a devbench started which is gone.
  package static func strays() -> [ProcessTable.Entry] {
    ProcessTable.living { label in
      guard let owner = ProcessLedger.owner(of: label) else { return false }
      return !owner.isAlive
    }
  }

  /// Ends a stray with everything of the same start.
  package static func end(_ stray: ProcessTable.Entry) async {
    guard let label = stray.label, stray.process.isAlive else { return }
    _ = await ProcessGroup(leader: stray.process, label: label).terminate(grace: .zero)
  }
}

/// What a start of devbench found of dead runs and removed.
package struct Leftovers: Sendable, Hashable {
  /// Process groups and strays that were ended.
  package var processes = 0
  package var directories: [String] = []
  /// What could not be removed, and why.
  package var problems: [String] = []

  package var isEmpty: Bool { processes == 0 && directories.isEmpty && problems.isEmpty }
}
