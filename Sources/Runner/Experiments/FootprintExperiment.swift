import Clock
import Measurement
import Processes
import Scenarios
import Statistics
import Workflows

/// Watches what a workflow takes of the workstation: while nobody edits, and while edits are saved one after
/// another.
struct FootprintExperiment: ExperimentProcedure {
  /// How long nobody edits.
  var idlePeriod: Duration = .seconds(10)
  /// How many edits are saved in a trial.
  var edits = 5

  static let idle = "idle"
  static let loop = "loop"

  /// Asking the app is no part of the workflow; it is asked no more often than this.
  private static let probeInterval: Duration = .milliseconds(100)
  /// How long the app must have printed nothing before it is idle.
  private static let quiet: Duration = .seconds(1)
  private static let quietLimit: Duration = .seconds(20)
  private static let actingLimit: Duration = .seconds(10)

  func run(
    on subject: ExperimentSubject, at bench: ExperimentBench, trials: Int,
    keep: (ExperimentTrial) throws(RunFailure) -> Void
  ) async throws(RunFailure) {
    var number = 1
    while number <= trials {
      do {
        // An app that has failed in a trial is started anew for the next.
        try await bench.withApp(
          of: subject, named: "footprint-\(subject.name)-\(number)",
          adjust: { $0.probe.interval = max($0.probe.interval, Self.probeInterval) }
        ) { app in
          _ = try await app.session.waitUntilQuiet(for: Self.quiet, limit: Self.quietLimit)
          var isSound = true
          while isSound, number <= trials {
            isSound = try await self.watch(&app, of: subject, at: bench, number, keep: keep)
            number += 1
          }
        }
      } catch {
        if Task.isCancelled { throw .interrupted }
        if let end = RunFailure(endingRun: error) { throw end }
        // What keeps the app from starting would keep it from that the next time.
        for condition in [Self.idle, Self.loop] {
          try keep(
            await bench.trial(.footprint, on: subject, condition: condition, number: number) { _ in
              throw error
            })
        }
        return
      }
    }
  }

  /// Makes one trial of each condition.
  ///
  /// - Returns: whether the app can be watched on.
  private func watch(
    _ app: inout ExperimentBench.App, of subject: ExperimentSubject, at bench: ExperimentBench,
    _ number: Int, keep: (ExperimentTrial) throws(RunFailure) -> Void
  ) async throws -> Bool {
    var pauses = SeededGenerator(seed: UInt64(number))
    let idle = try await bench.trial(
      .footprint, on: subject, condition: Self.idle, number: number
    ) { trial in
      try await self.watchIdle(app, of: subject, &trial)
    }
    try keep(idle)
    let loop = try await bench.trial(
      .footprint, on: subject, condition: Self.loop, number: number
    ) { trial in
      try await self.watchLoop(&app, of: subject, &pauses, &trial)
    }
    try keep(loop)
    return idle.outcome == .completed && loop.outcome == .completed
  }

  // MARK: Idle

  private func watchIdle(
    _ app: ExperimentBench.App, of subject: ExperimentSubject, _ trial: inout ExperimentTrial
  ) async throws {
    let seen = try await FootprintObservation(of: app.session).observe { _ in
      try await Task.sleep(for: idlePeriod, clock: .suspending)
    }
    let minutes = seen.duration.seconds / 60
    trial.duration = seen.duration
    trial.figures = seen.memoryFigures
    trial.figures += [
      Figure(
        "CPU", seen.processorTime / minutes, .secondsPerMinute, source: seen.processorSource),
      Figure(
        "CPU of devbench", seen.processorTimeOfDevbench / minutes, .secondsPerMinute,
        source: seen.devbenchSource),
      Figure(
        "disk written", Double(seen.written) / minutes, .bytes,
        source: "\(seen.writtenSource), a minute"),
    ]
    trial.notes = app.remarks.take() + seen.notes
    await addSpace(of: app, to: &trial)
    await addRequests(of: app, to: &trial)
  }

  // MARK: Loop

  private func watchLoop(
    _ app: inout ExperimentBench.App, of subject: ExperimentSubject,
    _ pauses: inout SeededGenerator, _ trial: inout ExperimentTrial
  ) async throws {
    let begunAt = MonotonicInstant.now()
    let seen = try await FootprintObservation(of: app.session).observe { observation in
      for _ in 0..<edits {
        let probing = try await save(on: &app, of: subject, since: begunAt, &pauses)
        await observation.leaveOut(probing)
      }
      _ = try await app.session.waitUntilQuiet(for: Self.quiet, limit: Self.quietLimit)
    }
    trial.duration = seen.duration
    trial.figures = seen.memoryFigures
    trial.figures += [
      Figure(
        "CPU per edit", seen.processorTime / Double(edits), .seconds,
        source: "\(seen.processorSource); think time and idling included"),
      Figure(
        "CPU of devbench per edit", seen.processorTimeOfDevbench / Double(edits), .seconds,
        source: seen.devbenchSource),
      Figure(
        "disk written per edit", Double(seen.written) / Double(edits), .bytes,
        source: seen.writtenSource),
      Figure("edits", Double(edits), .count, source: "saved, and served before the next"),
    ]
    trial.notes = app.remarks.take() + seen.notes
    await addSpace(of: app, to: &trial)
  }

  /// Saves the edit after a pause and waits until it is served and done with.
  ///
  /// - Returns: the processor time that asking the app took here.
  private func save(
    on app: inout ExperimentBench.App, of subject: ExperimentSubject,
    since begunAt: MonotonicInstant,
    _ pauses: inout SeededGenerator
  ) async throws -> Duration {
    let session = app.session
    let range = subject.scenario.measure.thinkTime
    let pause = Duration.nanoseconds(
      pauses.uniform(in: range.lowerBound.wholeNanoseconds...range.upperBound.wholeNanoseconds))
    let preparedAt = MonotonicInstant.now()
    if try app.workspace.prepare(subject.edit) {
      try await session.waitUntilActedOn(changeAt: preparedAt, limit: Self.actingLimit)
    }
    try await Task.sleep(for: pause, clock: .suspending)
    var tokens = SystemRandomNumberGenerator()
    let token = Token.make(using: &tokens)
    let watch = await AppWatch(.text(token), of: session)
    defer { watch.end() }
    let savedAt = try app.workspace.save(subject.edit, token: token)
    let (observation, failure) = await watch.first(limit: subject.limit)
    try Task.checkCancellation()
    guard observation.found != nil else {
      let duration = MonotonicInstant.now() - begunAt
      if let failure {
        throw ExperimentBench.NotReached(
          outcome: .failed, reason: "an edit wasn't served: \(failure)", duration: duration)
      }
      throw ExperimentBench.NotReached(
        outcome: .timedOut,
        reason: "an edit wasn't served within \(subject.limit.inWords): "
          + (observation.lastAnswer ?? "no request was answered"), duration: duration)
    }
    try await session.waitUntilActedOn(changeAt: savedAt, limit: Self.actingLimit)
    return observation.cpu
  }

  // MARK: Disk and requests

  /// What was seen of the app holds without it.
  private func addSpace(of app: ExperimentBench.App, to trial: inout ExperimentTrial) async {
    var spaces = [
      OccupiedSpace(
        "working copy", bytes: DiskSpace.occupied(by: app.workspace.root), source: "lstat(2)")
    ]
    do {
      spaces += try await app.session.occupiedSpace()
    } catch {
      trial.notes.append("what the session occupies of the disk isn't known: \(error)")
      return
    }
    trial.figures.append(
      Figure(
        "disk occupied", Double(spaces.reduce(0) { $0 + $1.bytes }), .bytes,
        source: spaces.map { "\($0.what) (\($0.source))" }.joined(separator: ", ")))
    for space in spaces where spaces.count > 1 {
      trial.figures.append(
        Figure(
          "disk occupied by \(space.what)", Double(space.bytes), .bytes, source: space.source))
    }
  }

  private func addRequests(of app: ExperimentBench.App, to trial: inout ExperimentTrial) async {
    let requested: RequestedResources
    do {
      guard let stated = try await app.session.requestedResources() else { return }
      requested = stated
    } catch {
      trial.notes.append("what the manifests request isn't known: \(error)")
      return
    }
    let source = "the manifests, pods: \(requested.pods)"
    trial.figures += [
      Figure("memory requested", requested.memory, .bytes, source: source),
      Figure("processors requested", requested.processors, .count, source: source),
    ]
    if requested.silentPods > 0 {
      trial.notes.append(
        "\(requested.silentPods) of \(requested.pods) pods request nothing, and may take more")
    }
    guard let station = Workstation() else {
      trial.notes.append("what the workstation has isn't known: /proc/meminfo can't be read")
      return
    }
    trial.figures += [
      Figure(
        "memory of the workstation", Double(station.memory), .bytes, source: station.memorySource),
      Figure(
        "processors of the workstation", station.processors, .count,
        source: station.processorsSource),
    ]
    trial.facts.append(
      TrialFact("requests fit", RequestFit.sentence(of: requested, on: station)))
  }
}
