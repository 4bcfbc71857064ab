package import Clock

/// What a session's own loop does, told as it happens.
package enum LoopEvent: Sendable {
  /// Changed files, relative to the tree, were noticed.
  case noticed(files: [String], at: MonotonicInstant)
  /// What is done about them, and for a rebuild or redeploy the file that made it necessary.
  case acting(LoopAction, cause: String?)
  /// Files landed in the container, acknowledged; `from` is when the first of them was sent.
  case landed(
    copied: [String], deleted: [String], bytes: Int, from: MonotonicInstant, at: MonotonicInstant)
  /// The new image was built.
  case built(builder: String, at: MonotonicInstant)
  /// The new pod or process runs.
  case deployed(at: MonotonicInstant)
  /// The change couldn't be acted on; the old code goes on running.
  case failed(String, output: [String], at: MonotonicInstant)
  /// The app serves no more; the loop starts it again at the next change.
  case lost(WorkflowFailure, at: MonotonicInstant)
  /// The loop has done what it does about these changes (the app's own reload may still be to come).
  case settled(at: MonotonicInstant)
  /// A line of the app's output; source is the container's name, empty natively.
  case output(source: String, line: String)

  /// The source of what devbench itself has to say.
  package static let ownSource = "devbench"
}

/// What a loop does about changed files.
package enum LoopAction: String, Sendable {
  case sync, restart, rebuild, redeploy, reload
}
