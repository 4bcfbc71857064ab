package import Link
package import Processes
package import Scenarios

/// What a session is made from.
package struct SessionSetup: Sendable {
  package var workflow: WorkflowSpec
  /// One of the workflow's paths.
  package var path: PathSpec
  package var probe: Scenario.Probe
  /// The working tree that the app runs from and that is watched.
  package var tree: String
  /// Where processes are recorded and scratch files may be made.
  package var directory: RunDirectory
  /// Told of what the session's loop does, when a person follows it: the loop then also starts an app
  /// again that was lost. Nil where saves are measured, and a lost app stays lost.
  package var tell: (@Sendable (LoopEvent) -> Void)?
  /// Told where saves are measured, and without changing what the loop does: of what bears on the figures,
  /// from any task.
  package var note: (@Sendable (SessionNote) -> Void)?
  /// A file of the tree whose saves are somebody else's to follow.
  package var unwatched: String?
  /// The remote of the run, where the workflow is one of a remote.
  package var remote: RunRemote?
  /// Of this machine, to reach the app in a cluster by; nil takes a free one.
  package var hostPort: Int?
  /// Whether the app's dependencies may be installed into the tree, where the path says how.
  package var installs = true
  /// Laid over the environment of what installs: where its tools keep their caches.
  package var caches: [String: String] = [:]
  /// Told of the parts of the session's start.
  package var journal: SetUpJournal?
  /// In which this machine's engine works for the session; nil for the user's own.
  package var store: ScratchStore?
  /// Over which the app is brought to the remote already; nil sets it up as near as can be.
  package var firstLink: LinkProfile?

  package init(
    workflow: WorkflowSpec, path: PathSpec, probe: Scenario.Probe, tree: String,
    directory: RunDirectory, tell: (@Sendable (LoopEvent) -> Void)? = nil,
    note: (@Sendable (SessionNote) -> Void)? = nil
  ) {
    self.workflow = workflow
    self.path = path
    self.probe = probe
    self.tree = tree
    self.directory = directory
    self.tell = tell
    self.note = note
  }

  /// Takes what the loop says itself: to whoever follows it, else as a note.
  var listener: @Sendable (LoopEvent) -> Void {
    if let tell { return tell }
    guard let note else { return { _ in } }
    return { event in
      switch event {
      case .output(LoopEvent.ownSource, let line): note(.remark(line))
      case .failed(let reason, _, _): note(.leftBehind(reason))
      default: break
      }
    }
  }

  /// The session of the workflow.
  package func session() throws(WorkflowFailure) -> any WorkflowSession {
    if path.cluster != nil { return try ClusterSession(setup: self) }
    return try LocalNativeSession(
      spec: path, settings: probe, tree: tree, ledger: directory.ledger, tell: tell,
      unwatched: unwatched,
      warn: { [listener] in listener(.output(source: LoopEvent.ownSource, line: $0)) },
      installs: installs, caches: caches, journal: journal)
  }
}
