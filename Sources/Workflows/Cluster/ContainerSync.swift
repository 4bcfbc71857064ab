import Clock
import Containers
import FileSync
import Foundation
import Kubernetes
import Processes

/// Brings batches into one container: over a stream into a shell of its own, or, where its image has
/// none, by the engine's copy.
actor ContainerSync {
  /// Why only a new image can bring a change into the container.
  struct Unsyncable: Error, CustomStringConvertible {
    let description: String
  }

  static let sharedProcesses =
    "the app can't be restarted inside its container, whose pod says shareProcessNamespace"

  nonisolated let target: AppContainer
  private let place: any ClusterPlace
  private let root: TreePath
  private let mapping: SyncMapping
  private let scratch: String
  private let stream: SyncStream
  /// Whether the engine copies, since no shell answers.
  private(set) var isByEngine = false
  /// What the image lacks for files to get into the container at all; nil if they can.
  private var lack: String?
  /// What is to follow once everything has landed.
  private var owed: [FollowUp] = []

  init(
    _ target: AppContainer, in place: any ClusterPlace, root: TreePath, mapping: SyncMapping,
    scratch: String, ledger: ProcessLedger
  ) {
    self.target = target
    self.place = place
    self.root = root
    self.mapping = mapping
    self.scratch = scratch
    stream = SyncStream(
      root: root, mapping: mapping, environment: place.environment, ledger: ledger
    ) { arguments in
      place.command(["sh"] + arguments, in: target)
    } comeBack: {
      await place.waitUntilInReach()
    }
  }

  /// Makes ready, so that the first save needn't wait.
  ///
  /// - Returns: what a user should know.
  func open() async throws(SyncFailure) -> String? {
    do throws(SyncFailure) {
      let tools = try await stream.open()
      return tools.hasTar
        ? nil
        : "the image of the container “\(target.name)” has no tar: files are copied one by one"
    } catch {
      guard case .noShell(let said) = error else { throw error }
      let lack = said.contains(ReceiverScript.takesNothing) ? ReceiverScript.takesNothing : "no sh"
      guard place.copies else {
        self.lack = lack
        return "the image of the container “\(target.name)” has \(lack): each change is rebuilt"
      }
      isByEngine = true
      return
        "the image of the container “\(target.name)” has \(lack): the engine copies changed files "
        + "into it, and what was removed rebuilds it"
    }
  }

  func close() async { await stream.close() }

  /// Brings a batch into the container, and runs what follows once all that is dirty has landed.
  ///
  /// - Throws: `SyncFailure` if the container can't be reached, `Unsyncable`, `EngineFailure`; `WorkflowFailure`
  ///   if its engine can't be reached either, and so nothing else can bring the batch there.
  func land(_ batch: SyncBatch) async throws -> Landing {
    // The signal would go to the pod's own first process.
    if target.spec.sharesProcesses, restarts(after: batch) {
      throw Unsyncable(description: Self.sharedProcesses)
    }
    if let lack { throw Unsyncable(description: "its image has \(lack)") }
    owed += mapping.followUps(of: batch).filter { !owed.contains($0) }
    let followUps = owed.filter { $0 != .restart } + owed.filter { $0 == .restart }
    let commands = followUps.compactMap(\.command)
    let landing: Landing
    do {
      landing =
        isByEngine
        ? try await copy(batch, then: commands) : try await stream.land(batch, then: commands)
    } catch let failure as SyncFailure {
      guard !Task.isCancelled, await !place.isInReach() else { throw failure }
      throw WorkflowFailure.sync("\(failure); the container's engine doesn't answer")
    }
    if landing.unlanded.isEmpty { owed = [] }
    return landing
  }

  /// Whether a restart follows what is landed next.
  func restarts(after batch: SyncBatch) -> Bool {
    owed.contains(.restart) || mapping.followUps(of: batch).contains(.restart)
  }

  private func copy(_ batch: SyncBatch, then commands: [[String]]) async throws -> Landing {
    var landing = Landing()
    let archive: WholeArchive
    do {
      archive = try WholeArchive(batch, mapping: mapping, root: root)
    } catch {
      throw Unsyncable(description: "\(error)")
    }
    landing.packedAt = .now()
    try await place.unpack(archive: archive.bytes, in: target)
    landing.landedAt = .now()
    landing.bytes = archive.size
    landing.torn = archive.torn
    guard landing.unlanded.isEmpty else { return landing }
    for command in commands {
      let output = try await place.run(command, in: target, limit: .seconds(600))
      landing.commands.append(
        CommandResult(
          command: command, status: Int(output.status), output: output.errorLines, endedAt: .now()))
    }
    return landing
  }

  /// The container's files that differ from the host's.
  func differing(_ paths: [TreePath]) async throws -> [TreePath] {
    var (byEngine, differing) = (paths, [TreePath]())
    if !isByEngine {
      // Where the image has no program for digests, files' content is compared by the engine.
      let hasDigest = try await stream.open().digest != .none
      let scan = try TreeScan(root: root.description)
      byEngine = try hasDigest ? [] : paths.filter { try scan.entry(at: $0)?.kind == .file }
      let others = hasDigest ? paths : paths.filter { !byEngine.contains($0) }
      differing = try await stream.differing(others)
    }
    for path in byEngine {
      for place in mapping.targets(of: path) {
        if try await !isEqual(path, at: place) { differing.append(place) }
      }
    }
    return differing
  }

  /// Compares one path by having the engine copy it out.
  private func isEqual(_ path: TreePath, at place: TreePath) async throws -> Bool {
    let entry = try TreeScan(root: root.description).entry(at: path)
    let copy = "\(scratch)/compared"
    let files = FileManager.default
    if files.fileExists(atPath: copy) { try files.removeItem(atPath: copy) }
    guard try await self.place.copy("\(place)", of: target, to: copy) else { return entry == nil }
    switch entry {
    case .file:
      return files.contentsEqual(atPath: "\(root)/\(path)", andPath: copy)
    case .directory, .link: return true
    case nil: return false
    }
  }
}
