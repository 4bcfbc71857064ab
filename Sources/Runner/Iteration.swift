import Clock
import Foundation
import Measurement
import Scenarios
import Workflows

/// One edit, saved, until served or given up on.
struct Iteration {
  let step: Plan.Step
  let edit: Edit
  /// From the save on.
  let limit: Duration
  let thinkTime: Duration
  /// Between the probe's start and the save, as a share of its raster: without it every save would fall on the
  /// same spot.
  let rasterShare: Double

  /// Measures once, on a seat.
  ///
  /// - Throws: `RunFailure` if the tree can't be written, `CancellationError` if the run is cancelled.
  func measure(on seat: isolated Seat) async throws -> (sample: Sample, cost: HarnessCost) {
    var cost = HarnessCost()
    var generator = SystemRandomNumberGenerator()
    let token = Token.make(using: &generator)
    if seat.isDown {
      return (
        unsaved(
          token, by: seat.developer,
          reason: "the app was not running: it could not be started again"), cost
      )
    }
    if let reason = try await seat.settle(for: edit, limit: limit) {
      let output = await seat.session.outputTail(10)
      return (
        unsaved(token, by: seat.developer, reason: reason + RunFailure.quote(output)), cost
      )
    }
    let (waitingFrom, cpuBefore) = (MonotonicInstant.now(), HarnessCost.processCPU())
    try await Task.sleep(for: thinkTime, clock: .suspending)
    cost.waitingCPU = HarnessCost.processCPU() - cpuBefore
    cost.waiting = .now() - waitingFrom

    let session = seat.session
    let watch = await AppWatch(.text(token), of: session)
    defer { watch.end() }
    try await Task.sleep(for: session.probe.raster * rasterShare, clock: .suspending)

    let savedOn = Date()
    let savedAt = try seat.workspace.save(edit, token: token)
    let (observation, failure) = await watch.first(limit: savedAt + limit - .now())
    let givenUpAt = MonotonicInstant.now()
    try Task.checkCancellation()

    let end = observation.found ?? givenUpAt
    // The app may serve before the loop knows that all has landed, or has told other containers.
    if observation.found != nil {
      try await session.waitUntilActedOn(changeAt: savedAt, limit: limit)
    }
    var sample = Sample(
      cell: step.cell, developer: seat.developer, iteration: step.iteration,
      isWarmup: step.isWarmup, block: step.block, token: token, savedAt: savedAt, savedOn: savedOn,
      outcome: .served,
      duration: end - savedAt,
      phases: Phase.timeline(
        from: savedAt, to: end, spans: await session.spans(from: savedAt, to: end),
        traffic: await session.meter),
      probes: 0)
    let (seen, loss) = await watch.all(limit: max(.zero, savedAt + limit - .now()))
    try Task.checkCancellation()
    take(seen, into: &sample)
    cost.probingCPU = seen.reduce(.zero) { $0 + $1.observation.cpu }
    cost.probing = seen.map(\.observation.elapsed).max() ?? .zero
    if observation.found != nil {
      sample.bracket = Self.bracket(observation, savedAt: savedAt, end: end)
      seat.expected = .text(token)
      seat.servedEdit = edit.name
      let behind = seen.filter { $0.observation.found == nil }
      seat.behind = Set(behind.map { ObjectIdentifier($0.probe) })
      sample.reason = missing(behind.map(\.observation), of: seen.count, loss)
      do {
        if let difference = try await session.verify() {
          (sample.outcome, sample.reason) = (.wrong, difference)
        }
      } catch let failure as WorkflowFailure {
        (sample.outcome, sample.reason) = (.failed, "\(failure)")
      }
    } else {
      (sample.outcome, sample.reason) = explain(observation, failure)
      sample.reason? += RunFailure.quote(await session.outputTail(10))
    }
    return (sample, cost)
  }

  /// Notes how many replicas served, and when the last did.
  private func take(_ seen: [AppWatch.Seen], into sample: inout Sample) {
    sample.probes = seen.reduce(0) { $0 + $1.observation.requests }
    guard seen.count > 1 else { return }
    let found = seen.compactMap(\.observation.found)
    (sample.replicas, sample.replicasServed) = (seen.count, found.count)
    if found.count == seen.count { sample.allServed = found.max().map { $0 - sample.savedAt } }
  }

  /// Why not every replica served; nil if each did.
  private func missing(
    _ behind: [ProbeObservation], of replicas: Int, _ failure: WorkflowFailure?
  ) -> String? {
    guard let one = behind.first else { return nil }
    let why = failure.map { "\($0)" } ?? one.lastAnswer ?? "no request was answered"
    return "\(replicas - behind.count) of \(replicas) replicas served within \(limit.inWords); "
      + "of the others: \(why)"
  }

  private static func bracket(
    _ observation: ProbeObservation, savedAt: MonotonicInstant, end: MonotonicInstant
  ) -> Bracket {
    let low = observation.lastAbsentSent.map { max(.zero, $0 - savedAt) } ?? .zero
    let lastOld = observation.lastOld.flatMap { $0 > savedAt ? $0 - savedAt : nil }
    return Bracket(low: low, high: end - savedAt, lastOld: lastOld)
  }

  private func explain(
    _ observation: ProbeObservation, _ failure: WorkflowFailure?
  ) -> (Outcome, String) {
    if let failure { return (.failed, "\(failure)") }
    if let status = observation.failingStatus, observation.lastWasResponse {
      return (.failed, "the app answered HTTP \(status) until the limit of \(limit.inWords)")
    }
    let last = observation.lastAnswer ?? "no request was answered"
    return (.timedOut, "not served within \(limit.inWords): \(last)")
  }

  /// An iteration whose edit could not even be saved.
  private func unsaved(_ token: String, by developer: Int, reason: String) -> Sample {
    Sample(
      cell: step.cell, developer: developer, iteration: step.iteration, isWarmup: step.isWarmup,
      block: step.block,
      token: token, savedAt: .now(), savedOn: Date(), outcome: .failed, reason: reason,
      duration: .zero, phases: [], probes: 0)
  }
}
