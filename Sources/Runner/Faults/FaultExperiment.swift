import Clock
import Link
import Measurement
import Scenarios
import Statistics
import Workflows

/// Edits that are saved on one app, one after another, while the link to its remote fails and comes back.
///
/// The loop runs as in `devbench dev`: what fails is told, and is done with the next save. A developer whose
/// edit isn't served goes on after a while.
struct FaultExperiment {
  let cell: Cell
  let edit: Edit
  let faults: [LinkFault]
  /// Before, between and after the faults.
  let link: LinkProfile
  /// How long the last edit may take.
  let limit: Duration
  /// The range of the pause between an edit that was served, or given up waiting for, and the next.
  let thinkTime: ClosedRange<Duration>
  /// Whether the edit under way when a fault ends is waited for until it is served.
  var waitsForReturn = false

  /// How long an edit is waited for before the developer goes on.
  static let patience: Duration = .seconds(2)

  /// - Throws: `WorkflowFailure` if the link can't be changed, `RunFailure` if the tree can't be written,
  ///   `CancellationError`.
  func measure(
    on session: any WorkflowSession, in workspace: inout Workspace,
    using generator: inout SeededGenerator
  ) async throws -> FaultTrial {
    try await session.use(link)
    let clock = FaultClock(begunAt: .now())
    let failing = Task { [faults, link] in
      try await clock.run(faults, of: session, otherwise: link)
    }
    var edits: [FaultEdit] = []
    do {
      var isLast = false
      while !isLast {
        isLast = clock.isOver
        edits.append(
          try await save(
            on: session, in: &workspace, limit: isLast ? limit : nil, clock, &generator))
      }
    } catch {
      failing.cancel()
      _ = await failing.result
      throw error
    }
    try await failing.value
    return FaultTrial(
      cell: cell, spans: clock.spans, edits: Self.judged(edits),
      difference: try await difference(on: session))
  }

  /// Saves one edit and follows it.
  ///
  /// - Parameter limit: nil waits as long as a developer does.
  private func save(
    on session: any WorkflowSession, in workspace: inout Workspace, limit: Duration?,
    _ clock: FaultClock, _ generator: inout SeededGenerator
  ) async throws -> FaultEdit {
    let range = thinkTime.lowerBound.wholeNanoseconds...thinkTime.upperBound.wholeNanoseconds
    let pause = Duration.nanoseconds(generator.uniform(in: range))
    var tokens = SystemRandomNumberGenerator()
    let token = Token.make(using: &tokens)
    let preparedAt = MonotonicInstant.now()
    if try workspace.prepare(edit) {
      try await session.waitUntilActedOn(changeAt: preparedAt, limit: Self.patience)
    }
    let watch = await AppWatch(.text(token), of: session, endsWithLoss: false)
    defer { watch.end() }
    let savedAt = try workspace.save(edit, token: token)
    let (observation, _) = await watch.first(
      limit: limit ?? waiting(from: savedAt - clock.begunAt, usually: Self.patience + pause))
    try Task.checkCancellation()
    if observation.found != nil, limit == nil {
      try await Task.sleep(for: pause, clock: .suspending)
    }
    return FaultEdit(
      token: token, savedAt: savedAt - clock.begunAt, outcome: .lost,
      servedAt: observation.found.map { $0 - clock.begunAt })
  }

  /// How long an edit that was saved at an offset is waited for.
  private func waiting(from offset: Duration, usually usual: Duration) -> Duration {
    guard waitsForReturn,
      let fault = faults.first(where: { $0.at <= offset && offset < $0.end }),
      fault.end <= offset + usual
    else { return usual }
    return fault.end - offset + limit
  }

  /// The edits with what became of them, once all is over.
  static func judged(_ edits: [FaultEdit]) -> [FaultEdit] {
    let lastServed = edits.lastIndex { $0.servedAt != nil }
    return edits.enumerated().map { index, edit in
      var edit = edit
      edit.outcome =
        edit.servedAt != nil
        ? .served : lastServed.map { index < $0 } ?? false ? .superseded : .lost
      return edit
    }
  }

  private func difference(on session: any WorkflowSession) async throws -> String? {
    do {
      return try await session.verify()
    } catch let failure as WorkflowFailure {
      return "\(failure)"
    }
  }
}
