import Clock
import Measurement
import Scenarios
import Workflows

/// Times an app's set-up from nothing to its first answer, the same with images, caches and dependencies there, and
/// the way back to nothing.
struct SetUpExperiment: ExperimentProcedure {
  static let cold = "cold"
  static let warm = "warm"
  static let tearDown = "tear-down"

  func run(
    on subject: ExperimentSubject, at bench: ExperimentBench, trials: Int,
    keep: (ExperimentTrial) throws(RunFailure) -> Void
  ) async throws(RunFailure) {
    let tools = await RequiredTools.of(subject.workflow, source: subject.scenario.app.source)
      .map { TrialFact($0.name, $0.finding, group: $0.isRemotes ? "tools of the remote" : "tools") }
    try await tryCold(on: subject, at: bench, trials: trials, tools: tools, keep: keep)
    try await tryWarm(on: subject, at: bench, trials: trials, tools: tools, keep: keep)
  }

  /// Why nothing can be made anew; nil if it can.
  static func obstacle(to subject: ExperimentSubject) -> ExperimentBench.NotPossible? {
    guard let kubernetes = subject.path.cluster?.kubernetes else { return nil }
    return .init(
      "devbench didn't start the cluster of the context “\(kubernetes.context)”, so it can't begin from "
        + "nothing there; “\(warm)” can be tried")
  }

  // MARK: From nothing, and back

  private func tryCold(
    on subject: ExperimentSubject, at bench: ExperimentBench, trials: Int, tools: [TrialFact],
    keep: (ExperimentTrial) throws(RunFailure) -> Void
  ) async throws(RunFailure) {
    for number in 1...max(1, trials) {
      var stage: SetUpStage?
      do throws(RunFailure) {
        let trial = try await bench.trial(
          .setUp, on: subject, condition: Self.cold, number: number
        ) { trial in
          trial.facts = tools
          if let obstacle = Self.obstacle(to: subject) { throw obstacle }
          let new = try await Self.stage(of: subject, at: bench, isEmpty: true)
          stage = new
          trial.notes = await new.notes
          try await Self.start(on: new, of: subject, &trial)
        }
        try keep(trial)
        if let stage, trial.outcome == .completed {
          try keep(
            try await bench.trial(
              .setUp, on: subject, condition: Self.tearDown, number: number
            ) { try await Self.takeDown(stage, &$0) })
        }
        _ = await stage?.takeDown()
        // What is wanting now will be wanting the next time.
        if trial.outcome == .notPossible { return }
      } catch {
        _ = await stage?.takeDown()
        throw error
      }
    }
  }

  private static func takeDown(_ stage: SetUpStage, _ trial: inout ExperimentTrial) async throws {
    let (spans, left) = await stage.takeDown()
    guard let from = spans.first?.start, let to = spans.last?.end else { return }
    trial.duration = to - from
    trial.phases = Phase.timeline(from: from, to: to, spans: spans)
    try expectNothing(left, after: trial.duration)
  }

  /// - Parameter left: what couldn't be removed, as sentences.
  static func expectNothing(
    _ left: [String], after duration: Duration?
  ) throws(ExperimentBench.NotReached) {
    guard !left.isEmpty else { return }
    throw ExperimentBench.NotReached(
      outcome: .failed, reason: "something is left: " + left.joined(separator: "; "),
      duration: duration)
  }

  // MARK: With what is there

  private func tryWarm(
    on subject: ExperimentSubject, at bench: ExperimentBench, trials: Int, tools: [TrialFact],
    keep: (ExperimentTrial) throws(RunFailure) -> Void
  ) async throws(RunFailure) {
    var stage: SetUpStage?
    var isPrimed = false
    do throws(RunFailure) {
      for number in 1...max(1, trials) {
        let trial = try await bench.trial(
          .setUp, on: subject, condition: Self.warm, number: number
        ) { trial in
          trial.facts = tools
          let new: SetUpStage
          if let stage {
            new = stage
          } else {
            new = try await Self.stage(of: subject, at: bench, isEmpty: false)
            stage = new
          }
          if !isPrimed {
            // One that isn't timed leaves what a warm one finds.
            try await Self.prime(new, of: subject)
            isPrimed = true
          }
          trial.notes = await new.notes
          try await Self.start(on: new, of: subject, &trial)
        }
        try keep(trial)
        if Self.obstacle(to: subject) != nil, trial.outcome == .completed {
          try keep(
            try await bench.trial(
              .setUp, on: subject, condition: Self.tearDown, number: number
            ) { trial in
              trial.notes.append(
                "the app is removed from the cluster; the cluster and what its nodes keep stay")
              let from = MonotonicInstant.now()
              let left = await stage?.stop() ?? []
              let to = MonotonicInstant.now()
              trial.duration = to - from
              trial.phases = Phase.timeline(
                from: from, to: to, spans: [PhaseSpan(name: "stop", start: from, end: to)])
              try Self.expectNothing(left, after: to - from)
            })
        }
        await stage?.stop()
        if trial.outcome == .notPossible { break }
      }
    } catch {
      _ = await stage?.takeDown()
      throw error
    }
    _ = await stage?.takeDown()
  }

  /// Sets the app up and ends it, so that what can be kept is there.
  private static func prime(_ stage: SetUpStage, of subject: ExperimentSubject) async throws {
    // With a journal its end waits until all is gone, as the next begins by then.
    let session = try await stage.session(telling: SetUpJournal(), isShaped: false)
    do throws(WorkflowFailure) {
      try await session.start()
    } catch {
      throw await reason(error, session, subject, after: nil)
    }
    await stage.stop()
    _ = stage.takeRemarks()
  }

  // MARK: One start

  /// - Throws: `NotPossible` if this machine lacks what it needs, else what keeps the stage from being made.
  static func stage(
    of subject: ExperimentSubject, at bench: ExperimentBench, isEmpty: Bool,
    named name: String = "set-up"
  ) async throws -> SetUpStage {
    do {
      return try await SetUpStage(
        of: subject, at: bench, named: "\(name)-\(subject.name)", isEmpty: isEmpty)
    } catch let failure as WorkflowFailure where failure.isLackOfMeans {
      throw ExperimentBench.NotPossible("\(failure)")
    }
  }

  /// Starts the app and fills in its time, from now to its first answer.
  ///
  /// - Returns: the session, whose app runs.
  @discardableResult
  static func start(
    on stage: SetUpStage, of subject: ExperimentSubject, _ trial: inout ExperimentTrial
  ) async throws -> any WorkflowSession {
    let journal = SetUpJournal()
    let session = try await stage.session(telling: journal)
    let began = MonotonicInstant.now()
    do throws(WorkflowFailure) {
      try await session.start()
    } catch {
      let end = MonotonicInstant.now()
      trial.notes += stage.takeRemarks()
      guard !error.isLackOfMeans else { throw ExperimentBench.NotPossible("\(error)") }
      trial.phases = Phase.timeline(from: began, to: end, spans: journal.spans)
      throw await reason(error, session, subject, after: end - began)
    }
    let end = journal.answer?.at ?? .now()
    trial.notes += stage.takeRemarks()
    if journal.installedCount == 0, await stage.beginsFromNothing {
      trial.notes.append(
        "“install” brought nothing into the working copy: what it installs was there already or lies "
          + "elsewhere, so that its time isn't that of an installation from nothing")
    }
    trial.duration = end - began
    trial.phases = Phase.timeline(
      from: began, to: end, spans: journal.spans, traffic: await session.meter)
    trial.bracket = journal.answer.map { answer in
      Bracket(
        low: answer.notBefore.map { max(.zero, $0 - began) } ?? .zero, high: end - began,
        lastOld: nil)
    }
    return session
  }

  private static func reason(
    _ failure: WorkflowFailure, _ session: any WorkflowSession, _ subject: ExperimentSubject,
    after duration: Duration?
  ) async -> any Error {
    if failure.isLackOfMeans { return ExperimentBench.NotPossible("\(failure)") }
    let outcome: TrialOutcome = if case .notAnswering = failure { .timedOut } else { .failed }
    let told = RunFailure.workflow(
      subject.cell.workflow, subject.cell.pathName, failure,
      output: await session.outputTail(20))
    return ExperimentBench.NotReached(outcome: outcome, reason: "\(told)", duration: duration)
  }
}
