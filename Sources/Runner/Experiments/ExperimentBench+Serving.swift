import Clock
import Measurement
import Scenarios
import Workflows

/// An edit that was saved and watched for.
struct WatchedEdit: Sendable {
  let token: String
  let savedAt: MonotonicInstant
  let observation: ProbeObservation
}

extension ExperimentBench.App {
  static func makeToken() -> String {
    var generator = SystemRandomNumberGenerator()
    return Token.make(using: &generator)
  }

  /// Undoes what would keep an edit from being made again, and lets the loop see that.
  mutating func prepare(_ edit: Edit, limit: Duration) async throws {
    let preparedAt = MonotonicInstant.now()
    guard try workspace.prepare(edit) else { return }
    try await session.waitUntilActedOn(changeAt: preparedAt, limit: limit)
  }

  /// Saves an edit and watches until it is served or the time is up, whatever becomes of the app meanwhile.
  mutating func save(_ edit: Edit, limit: Duration) async throws -> WatchedEdit {
    try await prepare(edit, limit: limit)
    let token = Self.makeToken()
    let watch = await AppWatch(.recovery(text: token), of: session, endsWithLoss: false)
    defer { watch.end() }
    let savedAt = try workspace.save(edit, token: token)
    saved = token
    let (observation, _) = await watch.first(limit: limit)
    try Task.checkCancellation()
    return WatchedEdit(token: token, savedAt: savedAt, observation: observation)
  }

  /// Brings the app to where a trial can begin: what was saved last is served, the app has fallen silent, and a
  /// developer has thought for a while.
  ///
  /// - Parameter story: forgets what came of that.
  /// - Throws: `NotReached` if the app doesn't come to serve an edit.
  mutating func settle(for subject: ExperimentSubject, _ story: AppStory) async throws {
    if try await !serves() {
      let edit = try await save(subject.edit, limit: subject.limit)
      guard edit.observation.found != nil else {
        throw ExperimentBench.NotReached(
          outcome: .failed,
          reason: "before the trial an edit wasn't served within \(subject.limit.inWords): "
            + (edit.observation.lastAnswer ?? "no request was answered"),
          duration: nil)
      }
      try await session.waitUntilActedOn(changeAt: edit.savedAt, limit: subject.limit)
    }
    _ = try await session.waitUntilQuiet(for: .milliseconds(300), limit: .seconds(5))
    try await think(for: subject)
    story.begin()
  }

  /// Whether the app serves what was saved last, as an earlier trial left it.
  private func serves() async throws -> Bool {
    let goal: ProbeGoal = saved.isEmpty ? .answer : .text(saved)
    let observation = await session.probe.observe(goal, limit: .seconds(2))
    try Task.checkCancellation()
    return !saved.isEmpty && observation.found != nil
  }

  /// Pauses as before each save of a measurement.
  func think(for subject: ExperimentSubject) async throws {
    let range = subject.scenario.measure.thinkTime
    let pause = Int64.random(
      in: range.lowerBound.wholeNanoseconds...range.upperBound.wholeNanoseconds)
    try await Task.sleep(for: .nanoseconds(pause), clock: .suspending)
  }

  /// Starts the session anew, as a person does who doesn't know what else to do, and waits until it serves what
  /// was saved last.
  func startAgain(
    serving token: String, of subject: ExperimentSubject
  ) async throws -> ProbeObservation {
    await session.stop()
    try Task.checkCancellation()
    try await session.start()
    try await session.use(subject.link)
    let watch = await AppWatch(.recovery(text: token), of: session, endsWithLoss: false)
    defer { watch.end() }
    let (observation, _) = await watch.first(limit: subject.limit)
    try Task.checkCancellation()
    return observation
  }
}

extension ExperimentTrial {
  /// Notes when what was waited for was served.
  ///
  /// - Parameters:
  ///   - start: of what is timed; what is served before it took no time.
  ///   - spans: what explains the time.
  mutating func take(
    _ observation: ProbeObservation, from start: MonotonicInstant, spans: [PhaseSpan],
    traffic: ((MonotonicInstant, MonotonicInstant) -> Traffic)?
  ) {
    guard let found = observation.found else { return }
    let end = max(start, found)
    duration = end - start
    phases = Phase.timeline(from: start, to: end, spans: spans, traffic: traffic)
    bracket = Bracket(
      low: min(end - start, observation.lastAbsentSent.map { max(.zero, $0 - start) } ?? .zero),
      high: end - start,
      lastOld: observation.lastOld.flatMap { $0 > start && $0 < end ? $0 - start : nil })
  }
}
