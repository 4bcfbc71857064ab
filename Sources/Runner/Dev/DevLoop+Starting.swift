import Clock
import Measurement
import Scenarios
import Workflows

/// What comes of a start, and what is saved while there is no app that could serve it.
extension DevLoop {
  func started() async {
    guard running == .starting, let session else { return }
    if changes?.take() != nil {
      if cutStarts < Self.mostCutStarts { return await startAgain() }
      tellIgnored()
    }
    cutStarts = 0
    running = .up
    // From here on the session's own loop notices saves.
    noticing?.cancel()
    changes = nil
    if let link = choice.workflow.links.first {
      do {
        try await session.use(link.profile)
        tell(.note("it is reached over the link \(link.name): \(link.profile)"))
      } catch {
        tell(.note("\(error)"))
      }
    }
    let probe = await session.probe
    port = probe.endpoint.port
    let (life, continuation) = (life, continuation)
    let follower = SaveFollower(
      session: session, probe: probe, unchangedLimit: unchangedLimit,
      limit: scenario.app.probe.timeout, tell: tell,
      send: { continuation.yield((life, .saves($0))) })
    self.follower = follower
    await follower.begin()
    tell(
      .ready(url: "http://localhost:\(probe.endpoint.port)/", took: .now() - startedAt))
  }

  func notStarted(_ failure: WorkflowFailure) async {
    guard running == .starting, let session else { return }
    running = .down
    downSince = .now()
    tell(.notStarted(failure, output: await session.outputTail(20)))
    // What was saved in the meantime may be what it wants.
    if changes?.take() != nil { await startForChangeMeanwhile() }
  }

  /// Starts a failed app again for what changed while it was being started, unless it goes on so.
  private func startForChangeMeanwhile() async {
    guard cutStarts < Self.mostCutStarts else { return tellIgnored() }
    cutStarts += 1
    await session?.stop()
    await start()
  }

  private func tellIgnored() {
    tell(
      .note(
        "what changed while the app was being started is passed over, as it has been started "
          + "\(Self.mostCutStarts) times in a row for that; save again if it was you"))
  }

  func treeChanged() async {
    switch running {
    case .up: break
    case .down:
      guard let batch = changes?.take() else { return }
      if batch.at - downSince < Self.lateWrites { return await startForChangeMeanwhile() }
      cutStarts = 0
      await session?.stop()
      await start()
    case .starting:
      guard cutStarts < Self.mostCutStarts, changes?.take() != nil else { return }
      await startAgain()
    }
  }

  /// Starts from the tree as it is now: what was being started may have read it before.
  private func startAgain() async {
    cutStarts += 1
    tell(.note("a file was saved while the app was being started; it is started again"))
    await session?.stop()
    // A start that is cut short tidies up by itself, and must not tidy up the next one.
    await starting?.value
    await start()
  }
}
