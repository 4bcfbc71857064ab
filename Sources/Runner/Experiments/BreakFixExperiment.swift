import Clock
import Foundation
import Measurement
import Processes
import Scenarios
import Workflows

/// An edit with an error in it, until the developer can see it, and its correction, until that is served.
struct BreakFixExperiment: ExperimentProcedure {
  /// How long an error is looked out for, and its correction waited for before a hand helps.
  static let patience: Duration = .seconds(20)

  func run(
    on subject: ExperimentSubject, at bench: ExperimentBench, trials: Int,
    keep: (ExperimentTrial) throws(RunFailure) -> Void
  ) async throws(RunFailure) {
    let breaks = subject.scenario.breaks
    let story = AppStory()
    try await bench.series(
      .breakFix, on: subject,
      WantedTrial.all([Break.syntax] + breaks.map(\.name), times: trials),
      named: "break-fix-\(subject.name)", story: story, keep: keep
    ) { app, next, trial in
      try await app.settle(for: subject, story)
      let described = breaks.first { $0.name == next.condition }
      try await breakAndFix(&app, described, subject, story, &trial)
    }
  }

  private func breakAndFix(
    _ app: inout ExperimentBench.App, _ described: Break?, _ subject: ExperimentSubject,
    _ story: AppStory, _ trial: inout ExperimentTrial
  ) async throws {
    let token = ExperimentBench.App.makeToken()
    let planned: PlannedBreak
    if let described {
      planned = PlannedBreak(described, token: token)
    } else {
      planned = try PlannedBreak(syntaxOf: subject.edit, served: app.saved, token: token)
    }
    try await see(planned, in: app, subject, story, &trial)
    try await app.think(for: subject)
    try await fix(planned, in: &app, subject, &trial)
  }

  // MARK: The error

  private func see(
    _ planned: PlannedBreak, in app: ExperimentBench.App, _ subject: ExperimentSubject,
    _ story: AppStory, _ trial: inout ExperimentTrial
  ) async throws {
    let limit = min(subject.limit, Self.patience)
    let watch = await AppWatch(
      .failure(showing: planned.sign), of: app.session, endsWithLoss: false)
    defer { watch.end() }
    let lookOut = story.lookOut { planned.way(of: $0) != nil }
    let savedAt = try app.workspace.save(
      planned.file, style: planned.style, spoiltBy: planned.spoil)
    lookOut.count(from: savedAt)
    let (told, session) = (lookOut.first, app.session)
    let answered = OneShot<MonotonicInstant>()
    let seen = OneShot<Void>()
    let watching = [
      Task {
        var at = await watch.first(limit: limit).observation.found
        if let early = at, early < savedAt {
          // It failed by itself, before the error was there.
          let again = await AppWatch(
            .failure(showing: planned.sign), of: session, endsWithLoss: false)
          at = await again.first(limit: limit).observation.found
          again.end()
        }
        guard let at else { return }
        answered.set(at)
        seen.set(())
      },
      Task {
        _ = try await told.cancellableValue()
        seen.set(())
      },
    ]
    defer { for task in watching { task.cancel() } }
    _ = try await seen.cancellableValue(limit: limit)
    let sights = [
      told.current.map { sight in
        let way = planned.way(of: sight.text) ?? ""
        return ("log", sight.at, "the log that is streamed, as a line came \(way)")
      },
      answered.current.map { ("response", $0, "the probe's requests, as the response ended") },
    ].compactMap(\.self)
    guard let first = sights.min(by: { $0.1 < $1.1 }) else {
      trial.facts.append(TrialFact("seen in", "nothing"))
      trial.notes.append("the error wasn't seen within \(limit.inWords)")
      return
    }
    trial.facts.append(TrialFact("seen in", first.0))
    trial.figures.append(
      Figure(
        "until the error was seen", (first.1 - savedAt).seconds, .seconds, source: first.2))
  }

  // MARK: The correction

  private func fix(
    _ planned: PlannedBreak, in app: inout ExperimentBench.App, _ subject: ExperimentSubject,
    _ trial: inout ExperimentTrial
  ) async throws {
    let limit = min(subject.limit, Self.patience)
    try await app.prepare(subject.edit, limit: limit)
    let token = ExperimentBench.App.makeToken()
    let watch = await AppWatch(.recovery(text: token), of: app.session, endsWithLoss: false)
    defer { watch.end() }
    let savedAt = try app.workspace.save(
      subject.edit, token: token, correcting: planned.file, style: planned.style)
    app.saved = token
    var observation = await watch.first(limit: limit).observation
    try Task.checkCancellation()
    var stuck = "no"
    if observation.found == nil {
      stuck = "yes: the correction had to be saved again"
      let again = try await app.save(subject.edit, limit: limit)
      observation = again.observation
      if observation.found == nil {
        stuck = "yes: the session had to be started again"
        trial.facts.append(TrialFact("stuck", stuck))
        observation = try await app.startAgain(serving: again.token, of: subject)
      }
    }
    trial.facts.removeAll { $0.name == "stuck" }
    trial.facts.append(TrialFact("stuck", stuck))
    guard let found = observation.found else {
      throw ExperimentBench.NotReached(
        outcome: .timedOut,
        reason: "not even a session that was started again served the correction within "
          + "\(subject.limit.inWords)", duration: .now() - savedAt)
    }
    await trial.take(
      observation, from: savedAt, spans: app.session.spans(from: savedAt, to: found),
      traffic: app.session.meter)
  }
}
