import Clock
import Link
import Measurement
import Processes
import Scenarios
import Workflows

/// How an app comes back after a fault, while the developer goes on saving.
///
/// The loop runs as in `devbench dev`. An edit is saved as soon as the fault is there; one that isn't served
/// within a limit is saved again, and then the session is started again, as a person would.
struct RecoveryExperiment: ExperimentProcedure {
  /// How long a fault lasts that has an end.
  static let lasting: Duration = .seconds(3)

  /// Within which something is to come back by itself, and again after a hand's help.
  static let patience: Duration = .seconds(20)

  func run(
    on subject: ExperimentSubject, at bench: ExperimentBench, trials: Int,
    keep: (ExperimentTrial) throws(RunFailure) -> Void
  ) async throws(RunFailure) {
    let faults = RecoveryFault.all(of: subject.workflow, path: subject.path)
    let wanted = faults.filter { $0 != .diskFull }.map(\.rawValue)
    let story = AppStory()
    try await bench.series(
      .recovery, on: subject, WantedTrial.all(wanted, times: trials),
      named: "recovery-\(subject.name)", story: story, keep: keep
    ) { app, next, trial in
      guard let fault = RecoveryFault(rawValue: next.condition) else { return }
      try await recover(&app, fault, subject, story, &trial) { session in
        try await Self.make(fault, on: session)
      }
    }
    guard faults.contains(.diskFull) else { return }
    try await fillDisk(of: subject, at: bench, trials: trials, keep: keep)
  }

  // MARK: One trial

  private static func make(
    _ fault: RecoveryFault, on session: any WorkflowSession
  ) async throws -> MadeFault {
    do {
      if let fault = fault.appFault { return try await session.make(fault) }
      guard await session.meter != nil else {
        throw FaultImpossible("no link of devbench's leads to the app")
      }
      let at = MonotonicInstant.now()
      try await session.use(LinkOutage.stall)
      return MadeFault(at: at, what: "the link was cut") {
        try await session.use(nil as LinkOutage?)
      }
    } catch let reason as FaultImpossible {
      throw ExperimentBench.NotPossible(reason.reason)
    }
  }

  private func recover(
    _ app: inout ExperimentBench.App, _ fault: RecoveryFault, _ subject: ExperimentSubject,
    _ story: AppStory, _ trial: inout ExperimentTrial,
    by make: (any WorkflowSession) async throws -> MadeFault
  ) async throws {
    try await app.settle(for: subject, story)
    try await app.prepare(subject.edit, limit: subject.limit)
    let session = app.session
    let made = try await make(session)
    trial.notes.append(made.what)
    // From here on there was a fault, whatever the trial comes to.
    trial.facts = Self.facts(hand: Self.untried, meanwhile: "lost")
    let limit = min(subject.limit, Self.patience)
    let token = ExperimentBench.App.makeToken()
    let watch = await AppWatch(.recovery(text: token), of: session, endsWithLoss: false)
    defer { watch.end() }
    async let ending = Self.end(made)
    let savedAt: MonotonicInstant
    var isSaved = true
    do {
      savedAt = try app.workspace.save(subject.edit, token: token)
      app.saved = token
    } catch {
      // On a full disk the developer is told, and saves once there is room.
      guard fault == .diskFull else {
        _ = try? await ending
        throw error
      }
      trial.notes.append("the edit could not be saved: \(error)")
      (savedAt, isSaved) = (.now(), false)
    }
    let observation =
      isSaved
      ? await watch.first(limit: made.end == nil ? limit : Self.lasting + limit).observation
      : ProbeObservation()
    let from = try await ending
    try Task.checkCancellation()
    guard observation.found == nil else {
      await trial.take(
        observation, from: from, spans: session.spans(from: savedAt, to: observation.found ?? from),
        traffic: session.meter)
      if let found = observation.found, made.end != nil, found <= from {
        trial.notes.append("the edit was served while the fault lasted")
      }
      trial.facts = Self.facts(hand: "none", meanwhile: "served")
      return
    }
    try await help(&app, from: from, subject, limit, couldSave: isSaved, &trial)
  }

  /// The hand of a trial that ended before any could help.
  static let untried = "not tried"
  /// The hand where the edit is only saved once it can be, as in any editor.
  static let couldNotSave = "none (it could not be saved)"

  /// Ends a fault once it has lasted, whatever becomes of the trial.
  ///
  /// - Returns: from when on the app can come back: the fault's end, or the fault itself.
  /// - Throws: `NotReached` if the fault can't be ended.
  static func end(_ made: MadeFault) async throws -> MonotonicInstant {
    guard let end = made.end else { return made.at }
    try? await Task.sleep(for: made.made + lasting - .now(), clock: .suspending)
    do {
      return try await Task {
        let at = MonotonicInstant.now()
        try await end()
        return at
      }.value
    } catch {
      throw ExperimentBench.NotReached(
        outcome: .failed, reason: "the fault could not be ended (\(made.what)): \(error)",
        duration: nil)
    }
  }

  /// Does what a person would when nothing comes back.
  ///
  /// - Parameter couldSave: whether the edit made meanwhile could be saved; saving it now is no help of a hand's
  ///   otherwise.
  private func help(
    _ app: inout ExperimentBench.App, from start: MonotonicInstant, _ subject: ExperimentSubject,
    _ limit: Duration, couldSave: Bool, _ trial: inout ExperimentTrial
  ) async throws {
    let meanwhile = couldSave ? "lost" : "not saved"
    trial.facts = Self.facts(hand: Self.untried, meanwhile: meanwhile)
    let again = try await app.save(subject.edit, limit: limit)
    var observation = again.observation
    trial.facts = Self.facts(
      hand: couldSave ? "saved again" : Self.couldNotSave, meanwhile: meanwhile)
    if observation.found == nil {
      trial.facts = Self.facts(hand: "session restarted", meanwhile: meanwhile)
      observation = try await app.startAgain(serving: again.token, of: subject)
    }
    guard let found = observation.found else {
      throw ExperimentBench.NotReached(
        outcome: .timedOut,
        reason: "not even a session that was started again served the edit within "
          + "\(subject.limit.inWords)", duration: .now() - start)
    }
    await trial.take(
      observation, from: start, spans: app.session.spans(from: again.savedAt, to: found),
      traffic: app.session.meter)
  }

  private static func facts(hand: String, meanwhile: String) -> [TrialFact] {
    [TrialFact("hand", hand), TrialFact("edit made meanwhile", meanwhile)]
  }

  // MARK: The full disk

  /// The app's working tree lies on a disk of its own.
  private func fillDisk(
    of subject: ExperimentSubject, at bench: ExperimentBench, trials: Int,
    keep: (ExperimentTrial) throws(RunFailure) -> Void
  ) async throws(RunFailure) {
    let name = "disk-\(subject.name)"
    let wanted = WantedTrial.all([RecoveryFault.diskFull.rawValue], times: trials)
    var mounted: SmallDisk?
    var obstacle: (any Error)?
    do {
      mounted = try await SmallDisk(
        in: bench.directory, named: name, holding: SmallDisk.size(of: subject.scenario.app.source),
        installs: !subject.path.install.isEmpty)
    } catch {
      if Task.isCancelled { throw .interrupted }
      obstacle = error
    }
    guard let disk = mounted else {
      for next in wanted {
        try keep(
          await bench.trial(
            .recovery, on: subject, condition: next.condition, number: next.number
          ) { _ in if let obstacle { throw obstacle } })
      }
      return
    }
    let result: Result<Void, RunFailure>
    do throws(RunFailure) {
      let story = AppStory()
      try await bench.series(
        .recovery, on: subject, wanted, named: "\(name)/tree", story: story,
        keep: { (trial) throws(RunFailure) in try keep(disk.judged(trial)) }
      ) { app, _, trial in
        try await recover(&app, .diskFull, subject, story, &trial) { _ in
          let at = MonotonicInstant.now()
          do {
            try disk.fill()
          } catch {
            disk.free()
            throw error
          }
          return MadeFault(at: at, what: "the disk that the sources lie on was filled") {
            disk.free()
          }
        }
      }
      result = .success(())
    } catch {
      result = .failure(error)
    }
    // Whoever ends the run may have been cancelled; what removes mustn't be.
    if let problem = await Task(operation: { await disk.remove() }).value {
      bench.tell(.leftBehind("\(subject.cell.name): \(problem)"))
    }
    try result.get()
  }
}
