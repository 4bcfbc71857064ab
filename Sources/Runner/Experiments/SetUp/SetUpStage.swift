import Clock
import Foundation
import Measurement
import Processes
import Scenarios
import Synchronization
import Workflows

/// Where an app is set up and taken down again: a copy of its sources, and for a set-up from nothing an empty store
/// of the engine's, a remote of its own and empty caches.
actor SetUpStage {
  private let subject: ExperimentSubject
  private let bench: ExperimentBench
  /// All of it on the disk, but for the store and the remote.
  private let root: String
  private let store: ScratchStore?
  /// That of the run where images and caches are to be there.
  private let remote: RunRemote
  private let isEmpty: Bool
  /// What the copy of the sources lacks, since “install” is to make it.
  private let leftOut: [String]
  /// Records of processes that aren't the stage's.
  private let othersProcesses: Set<String>
  private let said = Mutex<[SessionNote]>([])
  private var running: (any WorkflowSession)?
  private var isGone = false

  private var tree: String { Self.tree(in: root) }
  private static func tree(in root: String) -> String { "\(root)/app" }

  /// The variables that name the caches of tools that install.
  ///
  /// Source: the manuals of pip (“Configuration”), npm (“config”, `cache`), Yarn (`YARN_CACHE_FOLDER`), uv
  /// (“Environment variables”), and the XDG Base Directory Specification, which others follow.
  private static let cacheVariables = [
    "PIP_CACHE_DIR", "npm_config_cache", "YARN_CACHE_FOLDER", "UV_CACHE_DIR", "XDG_CACHE_HOME",
  ]

  /// - Parameters:
  ///   - name: of the directory, unique in the run while the stage is there. The same name is the same path.
  ///   - isEmpty: whether it begins from nothing; else with what is there.
  /// - Throws: `RunFailure`, `WorkflowFailure`.
  init(
    of subject: ExperimentSubject, at bench: ExperimentBench, named name: String, isEmpty: Bool
  ) async throws {
    self.subject = subject
    self.bench = bench
    self.isEmpty = isEmpty
    othersProcesses = try Self.processes(of: bench.directory)
    do {
      root = try bench.directory.makeDirectory(name)
      for inner in ["app", "caches"] { _ = try bench.directory.makeDirectory("\(name)/\(inner)") }
    } catch {
      throw RunFailure.workspace("a working tree can't be made: \(error.localizedDescription)")
    }
    do {
      let tree = Self.tree(in: root)
      let source = subject.scenario.app.source
      leftOut =
        subject.path.install.isEmpty
        ? [] : await InstalledBefore.directories(in: source, ledger: bench.directory.ledger)
      _ = try await Workspace(
        copying: source, to: tree, edits: subject.scenario.edits, leavingOut: leftOut)
      let isOnEngine = subject.path.cluster.map { $0.kubernetes == nil } ?? false
      store =
        isEmpty && isOnEngine
        ? try await ScratchStore(
          for: subject.path, tree: tree, directory: bench.directory, beside: bench.remote) : nil
      for line in store?.removed ?? [] { bench.tell(.note(line)) }
      remote = isEmpty ? bench.remote.another() : bench.remote
    } catch {
      try? FileManager.default.removeItem(atPath: root)
      throw error
    }
  }

  var beginsFromNothing: Bool { isEmpty }

  /// So many directories that are left out are named.
  private static let mostNamed = 5

  /// What is known before the set-up about what bears on its figures.
  var notes: [String] {
    get async {
      var notes = await store?.notes ?? []
      if subject.path.cluster == nil, subject.path.install.isEmpty {
        notes.append(
          "the scenario says nothing under “install”: the dependencies are this machine's, and their "
            + "installation isn't part of the time")
      }
      if !leftOut.isEmpty {
        let names = leftOut.prefix(Self.mostNamed).joined(separator: ", ")
        let rest = leftOut.count - Self.mostNamed
        notes.append(
          "left out of the copy of the sources, since installing or building makes them: \(names)"
            + (rest > 0 ? ", and \(rest) more" : ""))
      }
      return notes
    }
  }

  /// A session that sets the app up; nothing is started. The one before has to be stopped.
  ///
  /// - Parameters:
  ///   - journal: told of the parts of its start.
  ///   - isShaped: whether the app is brought to a remote over the subject's link; else as near as can be.
  func session(
    telling journal: SetUpJournal? = nil, isShaped: Bool = true
  ) throws(WorkflowFailure) -> any WorkflowSession {
    var setup = SessionSetup(
      workflow: subject.workflow, path: subject.path, probe: subject.scenario.app.probe,
      tree: tree, directory: bench.directory,
      note: { [weak self] note in self?.take(note) })
    setup.remote = remote
    setup.store = store
    setup.journal = journal
    if isShaped, subject.workflow.kind == .remoteCluster { setup.firstLink = subject.link }
    if isEmpty {
      setup.caches = Dictionary(
        uniqueKeysWithValues: Self.cacheVariables.map { ($0, "\(root)/caches/\($0)") })
    }
    let session = try bench.makeSession(setup)
    running = session
    return session
  }

  private nonisolated func take(_ note: SessionNote) { said.withLock { $0.append(note) } }

  /// What the sessions have said since the last time that bears on the figures.
  nonisolated func takeRemarks() -> [String] {
    said.withLock { said in
      defer { said.removeAll { if case .remark = $0 { true } else { false } } }
      return said.compactMap { if case .remark(let text) = $0 { text } else { nil } }
    }
  }

  /// Ends the session that is there.
  ///
  /// - Returns: what it couldn't remove, as sentences; `takeDown` tells of them, too.
  @discardableResult
  func stop() async -> [String] {
    guard let session = running else { return [] }
    running = nil
    let before = leftBehind.count
    await session.stop()
    await session.endProbes()
    return Array(leftBehind.dropFirst(before))
  }

  private nonisolated var leftBehind: [String] {
    said.withLock { said in
      said.compactMap { if case .leftBehind(let text) = $0 { text } else { nil } }
    }
  }

  /// Ends the session, and removes everything that the stage made. Once; then it does nothing.
  ///
  /// - Returns: when the parts of that took place, and what is left, as sentences.
  func takeDown() async -> (spans: [PhaseSpan], left: [String]) {
    guard !isGone else { return ([], []) }
    isGone = true
    let from = MonotonicInstant.now()
    await stop()
    let stopped = MonotonicInstant.now()
    var left: [String?] = []
    // Neither knows of the other, and both have thousands of files.
    async let remoteProblem = isEmpty ? remote.remove() : nil
    async let storeProblem = store?.remove()
    left += await [remoteProblem, storeProblem]
    do {
      try FileManager.default.removeItem(atPath: root)
    } catch {
      left.append("\(root) could not be removed: \(error.localizedDescription)")
    }
    let end = MonotonicInstant.now()
    left += leftBehind.map(Optional.some)
    // The run's remote lives on where it isn't the stage's own.
    if isEmpty {
      do {
        let processes = try Self.processes(of: bench.directory).subtracting(othersProcesses)
        left += processes.sorted().map { "process \($0) still runs" }
      } catch {
        left.append(
          "what still runs can't be told: \(bench.directory.ledger.directory) can't be read: "
            + error.localizedDescription)
      }
    }
    let told = left.compactMap { $0 }
    for problem in told { bench.tell(.leftBehind("\(subject.cell.name): \(problem)")) }
    return (
      [
        PhaseSpan(name: "stop", start: from, end: stopped),
        PhaseSpan(name: "remove", start: stopped, end: end),
      ], told
    )
  }

  /// Those that are recorded: each is forgotten when it has ended.
  private static func processes(of directory: RunDirectory) throws -> Set<String> {
    Set(try FileManager.default.contentsOfDirectory(atPath: directory.ledger.directory))
  }
}
