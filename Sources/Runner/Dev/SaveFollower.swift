import Clock
import Measurement
import Workflows

/// Follows the saves of a running app: what its loop does about each, and when the app answers with it.
actor SaveFollower {
  /// What is heard of the app, with the number of the save that it was asked for.
  enum Input: Sendable {
    case idleAnswer(ProbeAnswer)
    case probed(ProbeObservation, save: Int)
    case look(save: Int)
  }

  /// From one request to the next while no answer can be news: until an app that failed was replaced, say.
  private static let idleInterval: Duration = .milliseconds(500)

  /// Until the first idle request; it outlasts a clock that counts in seconds.
  private static let firstPause: Duration = .milliseconds(1100)

  /// How long a request may go unanswered until the app counts as not answering.
  private static let mostSilence: Duration = .milliseconds(1500)

  private let session: any WorkflowSession
  private let probe: Probe
  private let unchangedLimit: Duration
  private let limit: Duration
  private let tell: @Sendable (DevEvent) -> Void
  private let send: @Sendable (Input) -> Void

  private var baseline = AnswerBaseline()
  private var save: SaveInProgress?
  private var saves = 0
  private var idle: Task<Void, Never>?

  /// - Parameters:
  ///   - unchangedLimit: how long an app may go on answering as before.
  ///   - limit: how long it may go without an answer.
  ///   - send: passes on what is to be handed to `take` in its turn.
  init(
    session: any WorkflowSession, probe: Probe, unchangedLimit: Duration, limit: Duration,
    tell: @escaping @Sendable (DevEvent) -> Void, send: @escaping @Sendable (Input) -> Void
  ) {
    self.session = session
    self.probe = probe
    self.unchangedLimit = unchangedLimit
    self.limit = limit
    self.tell = tell
    self.send = send
  }

  /// Requests that reached the app so far.
  nonisolated var requestsSent: Int { probe.requestsSent }

  /// Learns what the app answers before the first save.
  func begin() async {
    if let answer = await probe.observe(.response, limit: .seconds(1)).foundAnswer {
      baseline.add(answer)
    }
    watchIdle(after: baseline.status == nil ? .zero : Self.firstPause)
  }

  /// Ends all asking.
  func end() async {
    await stopAsking()
  }

  func take(_ input: Input) async {
    switch input {
    case .idleAnswer(let answer):
      guard save == nil else { return }
      baseline.add(answer)
      if baseline.isFailing { idle?.cancel() }
    case .probed(let observation, let id): await probed(observation, save: id)
    case .look(let id): await look(save: id)
    }
  }

  /// Takes what the session's loop tells.
  func follow(_ event: LoopEvent) async {
    switch event {
    case .noticed(let files, let at):
      if save?.settledAt == nil, save != nil {
        save?.add(files, at: at)
        await reconsider()
      } else {
        await beginSave(files, at: at)
      }
    case .acting(let action, let cause):
      if save == nil || save?.settledAt != nil { await beginSave([], at: .now()) }
      save?.action = action
      if action == .rebuild || action == .redeploy {
        tell(.acting(files: save?.files ?? [], action, cause: cause))
      } else {
        ask()
      }
    case .landed(let copied, let deleted, let bytes, let from, let at):
      save?.land(copied: copied, deleted: deleted, bytes: bytes, from: from, at: at)
    case .built:
      ask()
    case .deployed(let at):
      save?.replaceApp(at: at)
      ask()
    case .failed(let reason, let output, _):
      let (files, action) = (save?.files ?? [], save?.action)
      let hasLanded = save?.hasLanded ?? false
      await stopAsking()
      tell(.failed(files: files, action, reason, output: output, hasLanded: hasLanded))
      watchIdle()
    case .lost(let failure, _):
      let files = save?.files ?? []
      await stopAsking()
      baseline.begin(with: nil)
      tell(.lost(files: files, failure))
    case .settled(let at):
      guard save != nil, save?.settledAt == nil else { return }
      save?.settledAt = at
      ask()
      lookFromTimeToTime()
      await finishIfServed()
    case .output:
      break
    }
  }

  private func stopAsking() async {
    idle?.cancel()
    await idle?.value
    idle = nil
    await save?.endTasks()
    save = nil
  }

  // MARK: Saves

  private func beginSave(_ files: [String], at instant: MonotonicInstant) async {
    let earlier = save
    if let earlier { tell(.saved(earlier.report(.superseded))) }
    await stopAsking()
    saves += 1
    save = SaveInProgress(id: saves, files: files, at: instant, after: earlier)
  }

  /// Starts asking the app, unless it is asked already.
  private func ask() {
    guard save?.watch == nil, save?.observation == nil else { return }
    askAnew()
  }

  private func askAnew() {
    guard let save else { return }
    let (id, send) = (save.id, send)
    self.save?.observation = nil
    let goal = save.goal(baseline)
    let isPatient = goal == .replacement || baseline.isFailing
    self.save?.ask(probe, goal, idleInterval: isPatient ? Self.idleInterval : nil) {
      send(.probed($0, save: id))
    }
  }

  private func lookFromTimeToTime() {
    guard let id = save?.id else { return }
    let send = send
    save?.keep(
      Task {
        while !Task.isCancelled {
          do { try await Task.sleep(for: .seconds(1), clock: .suspending) } catch { return }
          send(.look(save: id))
        }
      })
  }

  /// Gives up on an app that goes on answering as before, or doesn't answer at all.
  private func look(save id: Int) async {
    guard let save, save.id == id, let settledAt = save.settledAt, let watch = save.watch else {
      return
    }
    let observation = await watch.observation()
    let now = MonotonicInstant.now()
    // An app that is being replaced behind an open port answers nothing at all.
    let isAnswering = observation.lastResponse.map { now - $0 < Self.mostSilence } ?? false
    let patience =
      observation.lastWasResponse && isAnswering ? min(unchangedLimit, limit) : limit
    if now - max(settledAt, save.doubtfulChange ?? settledAt) >= patience { watch.stop() }
  }

  private func probed(_ observation: ProbeObservation, save id: Int) async {
    guard save?.id == id else { return }
    if let found = observation.found, let save, save.settledAt != nil || save.hasLanded,
      !save.mayHaveCaused(answerAt: found)
    {
      return askAnewAfterForeignChange()
    }
    save?.observation = observation
    await reconsider()
    await finishIfServed()
  }

  /// It changed before anything had been done: nobody's doing but its own.
  private func askAnewAfterForeignChange() {
    // A restart, or another failure, doesn't say that answers vary.
    if case .change = save?.watchedGoal { baseline.varyByThemselves() }
    askAnew()
  }

  /// Goes on asking if what was found may be the doing of an earlier save.
  private func reconsider() async {
    guard let save, let observation = save.observation, let found = observation.found,
      save.mayHaveCaused(answerAt: found), save.mayBeOfAnEarlierSave(changeAt: found)
    else { return }
    self.save?.attributeToEarlierSave(changeAt: found)
    baseline.begin(with: observation.foundAnswer)
    askAnew()
  }

  /// Ends a save once its loop has done its part and the app has answered, or was given up on.
  private func finishIfServed() async {
    guard let save, save.settledAt != nil, let observation = save.observation else {
      return
    }
    let end = observation.found ?? .now()
    let after = end - save.noticedAt
    let ending: SaveReport.Ending
    var phases: [Phase] = []
    if let answer = observation.foundAnswer {
      guard save.mayHaveCaused(answerAt: end) else { return askAnewAfterForeignChange() }
      ending = .served(after: after, status: answer.status)
      phases = Phase.timeline(
        from: save.noticedAt, to: end, spans: await session.spans(from: save.noticedAt, to: end))
    } else if !observation.lastWasResponse {
      ending = .unanswered(
        after: after, lastAnswer: observation.lastAnswer ?? "no request was answered")
    } else if let change = save.doubtfulChange {
      let changedAfter = max(.zero, change - save.noticedAt)
      ending = .untold(after: after, .earlierSave(changedAfter: changedAfter))
    } else if baseline.varies {
      ending = .untold(after: after, .answersVary)
    } else if baseline.status == nil {
      ending = .untold(after: after, .unknownBefore)
    } else {
      ending = .unchanged(after: after, status: baseline.status)
    }
    tell(.saved(save.report(ending, phases: phases)))
    await stopAsking()
    if let answer = observation.foundAnswer { baseline.begin(with: answer) }
    watchIdle()
  }

  /// Asks now and then while nobody saves, so that the next answer has something to be compared with.
  private func watchIdle(after pause: Duration = firstPause) {
    guard !baseline.isFailing else { return }
    idle?.cancel()
    let (probe, send, limit) = (probe, send, limit)
    idle = Task {
      var pause = pause
      while !Task.isCancelled {
        do { try await Task.sleep(for: pause, clock: .suspending) } catch { return }
        let seen = await probe.observe(.response, limit: limit)
        if Task.isCancelled { return }
        if let answer = seen.foundAnswer { send(.idleAnswer(answer)) }
        pause = .seconds(2)
      }
    }
  }
}
