import Clock
import Link
import Measurement
import Scenarios
import Workflows

/// An app that is kept running through a run, with its working tree: the place where one developer
/// measures all cells of one workflow, path and variant.
actor Seat {
  nonisolated let kind: WorkflowKind
  nonisolated let pathName: PathName
  /// Who of those that use a cluster at once, from 1.
  nonisolated let developer: Int
  /// Of which of several sides that are measured in turn, from 0.
  nonisolated let arm: Int
  nonisolated let session: any WorkflowSession
  var workspace: Workspace
  /// What the app answers with once it has settled: the token of the last edit that was served.
  var expected: ProbeGoal = .answer
  /// The probes of replicas that didn't serve that edit.
  var behind: Set<ObjectIdentifier> = []
  /// The edit whose token that is.
  var servedEdit: String?
  /// Failed attempts to start the app again, since it last answered.
  private var failedRecoveries = 0
  private var lastFailure: RunFailure?
  var isDown = false
  /// The link that leads to the app now.
  private var link: LinkProfile?

  /// - Parameter cell: any of those that are measured here.
  init(
    of cell: Cell, developer: Int, arm: Int = 0, session: any WorkflowSession, workspace: Workspace
  ) {
    kind = cell.workflow
    pathName = cell.pathName
    self.developer = developer
    self.arm = arm
    self.session = session
    self.workspace = workspace
  }

  nonisolated func serves(_ cell: Cell, of arm: Int) -> Bool {
    self.arm == arm && cell.workflow == kind && cell.pathName == pathName
      && developer <= cell.developers
  }

  /// Has the app reached over a link from now on.
  func use(_ link: LinkProfile) async throws(RunFailure) {
    guard self.link != link else { return }
    do {
      try await session.use(link)
    } catch {
      throw .workflow(kind, pathName, error, output: [])
    }
    self.link = link
  }

  func start() async throws(RunFailure) {
    link = nil
    do {
      try await session.start()
    } catch {
      throw .workflow(kind, pathName, error, output: await session.outputTail(20))
    }
  }

  /// Starts the app from its unedited sources, after an edit that it didn't get over.
  func recover() async throws(RunFailure) {
    isDown = true
    await session.stop()
    do throws(RunFailure) {
      try workspace.reset()
      expected = .answer
      behind = []
      servedEdit = nil
      try await start()
    } catch {
      failedRecoveries += 1
      lastFailure = error
      throw error
    }
    failedRecoveries = 0
    isDown = false
  }

  /// Why the app could not be started again the last time, if that was so often in a row.
  func hopeless(after attempts: Int) -> RunFailure? {
    failedRecoveries >= attempts ? lastFailure : nil
  }

  /// Readies the tree for an edit and waits until the app has taken that in and is quiet.
  ///
  /// - Returns: why the app didn't settle; nil if it did.
  func settle(
    for edit: Edit, limit: Duration
  ) async throws -> String? {
    let preparedAt = MonotonicInstant.now()
    if try workspace.prepare(edit) {
      // Only the edit's own token can have gone with what it created.
      if servedEdit == edit.name, case .text(let token) = expected,
        !workspace.keepsToken(of: edit)
      {
        expected = .absence(of: token)
      }
      // Else the old process could pass for the one that has taken the change in.
      try await session.waitUntilActedOn(changeAt: preparedAt, limit: Self.actingLimit)
    }
    let watch = await AppWatch(expected, of: session, but: behind)
    let (seen, failure) = await watch.all(limit: limit)
    watch.end()
    try Task.checkCancellation()
    if let failure { return "before the save, \(failure)" }
    let missing = seen.map(\.observation).filter { $0.found == nil }
    if let one = missing.first {
      let who = seen.count == 1 ? "the app" : "\(missing.count) of \(seen.count) replicas"
      return "before the save, \(who) did not answer with the previous edit within "
        + "\(limit.inWords): \(one.lastAnswer ?? "no request was answered")"
    }
    // An app that never falls silent is measured all the same.
    _ = try await session.waitUntilQuiet(for: Self.quiet, limit: Self.quietLimit)
    return nil
  }

  /// How long the app must have printed nothing before an edit is saved.
  static let quiet: Duration = .milliseconds(100)
  static let quietLimit: Duration = .seconds(3)
  static let actingLimit: Duration = .seconds(10)
}
