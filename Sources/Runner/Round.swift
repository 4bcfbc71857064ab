import Clock
import Link
import Measurement
import Scenarios
import Statistics
import Workflows

/// One step of a plan: every developer of its cell saves the edit once, and all do at the same time.
struct Round {
  let step: Plan.Step
  let edit: Edit
  /// One a developer.
  let seats: [Seat]
  let link: LinkProfile
  /// From the save on.
  let limit: Duration
  /// The range of the pause before each save.
  let thinkTime: ClosedRange<Duration>
  /// Of the probe.
  let interval: Duration

  /// Attempts to start an app again after which the run gives up on it.
  private static let mostFailedRecoveries = 3

  private enum Result: Sendable {
    case measured(Sample, HarnessCost)
    case failed(RunFailure)
    case cancelled
  }

  /// Measures, and starts what was lost again; one developer's failure leaves the others alone.
  ///
  /// - Parameters:
  ///   - generator: draws the pauses, in the order of the seats.
  ///   - keep: takes each sample as soon as it exists.
  ///   - isNeeded: whether an app that didn't serve has to be there for later steps.
  ///   - tell: takes what is no failure of the run.
  func measure(
    using generator: inout SeededGenerator,
    keep: (Sample, HarnessCost) throws(RunFailure) -> Void,
    recover isNeeded: (Seat) -> Bool, tell: (String) -> Void
  ) async throws(RunFailure) {
    let iterations = seats.map { _ in iteration(using: &generator) }
    for seat in seats { try await seat.use(link) }
    var failure: RunFailure?
    var last: RunFailure?
    var lost: [Seat] = []
    await withTaskGroup(of: (Int, Result).self) { group in
      for (index, iteration) in iterations.enumerated() {
        let seat = seats[index]
        group.addTask { (index, await Self.result(of: iteration, on: seat)) }
      }
      for await (index, result) in group {
        switch result {
        case .measured(let sample, let cost):
          do throws(RunFailure) {
            try keep(sample, cost)
          } catch {
            failure = failure ?? error
            group.cancelAll()
          }
          let seat = seats[index]
          if sample.outcome != .served, await seat.hopeless(after: Self.mostFailedRecoveries) == nil
          {
            lost.append(seat)
          }
        case .failed(let reason):
          failure = failure ?? reason
          group.cancelAll()
        case .cancelled:
          if failure == nil { failure = .interrupted }
        }
      }
    }
    if let failure { throw failure }
    for seat in lost where isNeeded(seat) { try await recover(seat, tell: tell) }
    // Those whose apps run are measured on.
    for seat in seats {
      guard let failure = await seat.hopeless(after: Self.mostFailedRecoveries) else { return }
      last = failure
    }
    if let last { throw last }
  }

  private static func result(of iteration: Iteration, on seat: Seat) async -> Result {
    do {
      let (sample, cost) = try await iteration.measure(on: seat)
      return .measured(sample, cost)
    } catch let failure as RunFailure {
      return .failed(failure)
    } catch {
      return .cancelled
    }
  }

  private func iteration(using generator: inout SeededGenerator) -> Iteration {
    let think = Duration.nanoseconds(
      generator.uniform(
        in: thinkTime.lowerBound.wholeNanoseconds...thinkTime.upperBound.wholeNanoseconds))
    let nanoseconds = interval.wholeNanoseconds
    let share = Double(generator.uniform(in: 0...nanoseconds)) / Double(max(1, nanoseconds))
    return Iteration(step: step, edit: edit, limit: limit, thinkTime: think, rasterShare: share)
  }

  private func recover(_ seat: Seat, tell: (String) -> Void) async throws(RunFailure) {
    do throws(RunFailure) {
      try await seat.recover()
    } catch {
      if Task.isCancelled { throw error.afterCancellation }
      tell("the app could not be started again: \(error)")
    }
  }
}
