import Clock
import Foundation
package import Measurement
package import Processes
package import Scenarios
import Workflows

/// The interactive loop: runs an app from the user's own tree, follows what its session does about each
/// save, and asks the app when the save is live. It writes nothing into the tree.
package actor DevLoop {
  /// Reads the scenario file again; throws its faults.
  package typealias Load = @Sendable () throws -> Scenario

  /// From one request to the next, so that the app's log stays readable; a scenario's may be longer.
  package static let interval: Duration = .milliseconds(25)
  /// The same while no answer can be news: until an app that failed was replaced, say.
  private static let idleInterval: Duration = .milliseconds(500)
  /// Starts that a save cuts short, in a row: an app may write into its own tree while it starts.
  private static let mostCutStarts = 3

  enum Input: Sendable {
    case started(attempt: Int)
    case notStarted(WorkflowFailure, attempt: Int)
    case loop(LoopEvent)
    case treeChanged
    case scenarioChanged
    case idleAnswer(ProbeAnswer)
    case probed(ProbeObservation, save: Int)
    case look(save: Int)
  }

  private enum State { case starting, up, down }

  private var scenario: Scenario
  private var choice: DevChoice
  private let wanted: (workflow: WorkflowKind?, path: String?)
  private let state: StateDirectory
  private let load: Load
  private let unchangedLimit: Duration
  private let makeSession: Runner.MakeSession
  private let tell: @Sendable (DevEvent) -> Void

  /// With the number of the life they belong to: what comes late from an earlier session is passed over.
  private let inputs: AsyncStream<(life: Int, input: Input)>
  private let continuation: AsyncStream<(life: Int, input: Input)>.Continuation
  private var gate = OutputGate()

  private var life = 0
  private var session: (any WorkflowSession)?
  private var probe: Probe?
  private var changes: PendingChanges?
  private var running = State.down
  private var startedAt = MonotonicInstant.now()
  private var steppedAt = MonotonicInstant.now()
  private var attempts = 0
  private var cutStarts = 0
  private var port: Int?
  private var ownRequests = OwnRequests()
  private var baseline = AnswerBaseline()
  private var save: SaveInProgress?
  private var saves = 0
  private var idle: Task<Void, Never>?
  private var starting: Task<Void, Never>?
  /// Passes on that the tree has changed.
  private var noticing: Task<Void, Never>?

  /// - Parameters:
  ///   - workflow: nil takes the scenario's first; so does `path`.
  ///   - unchangedLimit: how long an app may go on answering as before, after its loop has done its part,
  ///     until it is said to; several periods of reloaders that look once a second.
  ///   - load: reads the scenario file when it was saved.
  ///   - tell: called for each event, in order.
  package init(
    scenario: Scenario, workflow: WorkflowKind? = nil, path: String? = nil, state: StateDirectory,
    unchangedLimit: Duration = .seconds(5), load: @escaping Load,
    makeSession: @escaping Runner.MakeSession = { (setup) throws(WorkflowFailure) in
      try setup.session()
    },
    tell: @escaping @Sendable (DevEvent) -> Void
  ) throws(RunFailure) {
    self.scenario = scenario
    choice = try DevChoice(from: scenario, workflow: workflow, path: path)
    wanted = (workflow, path)
    self.state = state
    self.unchangedLimit = unchangedLimit
    self.load = load
    self.makeSession = makeSession
    self.tell = tell
    (inputs, continuation) = AsyncStream.makeStream()
  }

  /// Goes on until the task is cancelled; nothing that was started is left then.
  ///
  /// - Throws: why it couldn't begin at all. An app that can't be started is no such reason.
  package func run() async throws(RunFailure) {
    var generator = SystemRandomNumberGenerator()
    let directory: RunDirectory
    do {
      directory = try state.makeRunDirectory("dev-" + RunID.make(at: Date(), using: &generator))
    } catch {
      throw .workspace("\(error)")
    }
    let file = scenario.file
    let continuation = continuation
    let watching = Task {
      await ScenarioWatch.follow(file) { continuation.yield((0, .scenarioChanged)) }
    }
    let failure: RunFailure?
    do throws(RunFailure) {
      try await begin(in: directory)
      for await (life, input) in inputs where life == self.life || life == 0 {
        try await handle(input, directory)
      }
      failure = nil
    } catch {
      failure = error
    }
    tell(.stopping)
    watching.cancel()
    await watching.value
    await endSession()
    do {
      try directory.remove()
    } catch {
      tell(.note("\(directory.path) could not be removed: \(error.localizedDescription)"))
    }
    tell(.stopped)
    if let failure { throw failure }
  }

  // MARK: The session's life

  /// Makes a session of what the scenario says now, and starts it.
  private func begin(in directory: RunDirectory) async throws(RunFailure) {
    life += 1
    var settings = scenario.app.probe
    // A page that is open in a browser stays the app's when the session is made anew.
    if choice.workflow.kind == .localNative { settings.port = settings.port ?? port }
    settings.interval = max(settings.interval, Self.interval)
    ownRequests = OwnRequests()
    baseline = AnswerBaseline()
    gate = OutputGate()
    let (life, continuation, gate) = (life, continuation, gate)
    do {
      changes = try PendingChanges(tree: scenario.app.source)
      session = try makeSession(
        SessionSetup(
          workflow: choice.workflow, path: choice.path, probe: settings,
          tree: scenario.app.source, directory: directory,
          tell: { event in
            if case .output = event, !gate.enter() { return }
            continuation.yield((life, .loop(event)))
          }))
    } catch {
      throw .workflow(choice.workflow.kind, choice.path.pathName, error, output: [])
    }
    if let signals = changes?.signals {
      noticing = Task { for await _ in signals { continuation.yield((life, .treeChanged)) } }
    }
    await start()
  }

  private func start() async {
    guard let session else { return }
    running = .starting
    startedAt = .now()
    steppedAt = startedAt
    _ = changes?.take()
    tell(
      .starting(
        scenario: scenario.name, choice.workflow.kind, path: choice.path.path.rawValue))
    attempts += 1
    let (life, attempt, continuation) = (life, attempts, continuation)
    starting = Task {
      do throws(WorkflowFailure) {
        try await session.start()
        continuation.yield((life, .started(attempt: attempt)))
      } catch {
        continuation.yield((life, .notStarted(error, attempt: attempt)))
      }
    }
  }

  /// Ends the session and everything that waits for it.
  private func endSession() async {
    life += 1
    await stopAsking()
    changes = nil
    noticing?.cancel()
    await session?.stop()
    await starting?.value
    await session?.probe.shutdown()
    session = nil
    probe = nil
    running = .down
  }

  private func stopAsking() async {
    idle?.cancel()
    await idle?.value
    idle = nil
    await save?.endTasks()
    save = nil
  }

  // MARK: Events

  private func handle(_ input: Input, _ directory: RunDirectory) async throws(RunFailure) {
    switch input {
    case .started(let attempt): if attempt == attempts { await started() }
    case .notStarted(let failure, let attempt):
      if attempt == attempts { await notStarted(failure) }
    case .loop(let event): await handle(event)
    case .treeChanged: await treeChanged()
    case .scenarioChanged: try await scenarioChanged(in: directory)
    case .idleAnswer(let answer):
      guard save == nil else { return }
      baseline.add(answer)
      if baseline.isFailing { idle?.cancel() }
    case .probed(let observation, let id): await probed(observation, save: id)
    case .look(let id): await look(save: id)
    }
  }

  private func started() async {
    guard running == .starting, let session else { return }
    if changes?.take() != nil, cutStarts < Self.mostCutStarts { return await startAgain() }
    cutStarts = 0
    running = .up
    let probe = await session.probe
    self.probe = probe
    port = probe.endpoint.port
    // What the app answers is known before the first save can be made for it.
    if let answer = await probe.observe(.response, limit: .seconds(1)).foundAnswer {
      baseline.add(answer)
    }
    tell(
      .ready(url: "http://localhost:\(probe.endpoint.port)/", took: .now() - startedAt))
    watchIdle()
  }

  private func notStarted(_ failure: WorkflowFailure) async {
    guard running == .starting, let session else { return }
    running = .down
    tell(.notStarted(failure, output: await session.outputTail(20)))
    // What was saved in the meantime may be what it wants.
    if changes?.take() != nil { await start() }
  }

  private func treeChanged() async {
    switch running {
    case .up:
      // The session's own loop notices it.
      _ = changes?.take()
    case .down:
      guard changes?.take() != nil else { return }
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

  private func scenarioChanged(in directory: RunDirectory) async throws(RunFailure) {
    let (new, choice): (Scenario, DevChoice)
    do {
      new = try load()
      choice = try DevChoice(from: new, workflow: wanted.workflow, path: wanted.path)
    } catch {
      tell(.scenarioFaulty("\(error)"))
      return
    }
    let isRestarting = choice != self.choice || new.app != scenario.app
    scenario = new
    self.choice = choice
    tell(.scenarioChanged(isRestarting: isRestarting))
    guard isRestarting else { return }
    await endSession()
    try await begin(in: directory)
  }

  private func handle(_ event: LoopEvent) async {
    switch event {
    case .output(let source, let line): show(line, of: source)
    case .built(let builder, let at) where running == .starting:
      step("image built (\(builder))", at: at)
    case .deployed(let at) where running == .starting && choice.workflow.kind != .localNative:
      step("deployed", at: at)
    default:
      if running == .up { await follow(event) }
    }
  }

  private func step(_ text: String, at instant: MonotonicInstant) {
    tell(.step(text, took: instant - steppedAt))
    steppedAt = instant
  }

  private func show(_ line: String, of source: String) {
    let dropped = gate.leave()
    if dropped > 0 { tell(.note("\(dropped) lines of the app's output are left out")) }
    // Nobody else knows the app before it is ready.
    let sent = probe?.requestsSent ?? .max
    if ownRequests.cause(line, path: scenario.app.probe.path, sent: sent) { return }
    let program = choice.path.command.first?.split(separator: "/").last.map(String.init)
    tell(.output(source: source.isEmpty ? program ?? "app" : source, line: line))
  }

  /// What the session's loop does about saves, once the app is up.
  private func follow(_ event: LoopEvent) async {
    switch event {
    case .noticed(let files, let at):
      if save?.settledAt == nil, save != nil {
        save?.add(files)
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
    case .landed(let copied, let deleted, let bytes, let at):
      save?.land(copied: copied, deleted: deleted, bytes: bytes, at: at)
    case .built:
      ask()
    case .deployed(let at):
      save?.replaceApp(at: at)
      ask()
    case .failed(let reason, let output, _):
      let (files, action) = (save?.files ?? [], save?.action)
      await stopAsking()
      tell(.failed(files: files, action, reason, output: output))
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

  // MARK: Saves

  private func beginSave(_ files: [String], at instant: MonotonicInstant) async {
    if let earlier = save { tell(.saved(earlier.report(.superseded))) }
    await stopAsking()
    saves += 1
    save = SaveInProgress(id: saves, files: files, at: instant)
  }

  /// Starts asking the app, unless it is asked already.
  private func ask() {
    guard save?.watch == nil, save?.observation == nil else { return }
    askAnew()
  }

  private func askAnew() {
    guard let probe, let save else { return }
    let (life, id, continuation) = (life, save.id, continuation)
    self.save?.observation = nil
    let goal = save.goal(baseline)
    let isPatient = goal == .replacement || baseline.isFailing
    self.save?.ask(probe, goal, idleInterval: isPatient ? Self.idleInterval : nil) {
      continuation.yield((life, .probed($0, save: id)))
    }
  }

  private func lookFromTimeToTime() {
    guard let id = save?.id else { return }
    let (life, continuation) = (life, continuation)
    save?.keep(
      Task {
        while !Task.isCancelled {
          do { try await Task.sleep(for: .seconds(1), clock: .suspending) } catch { return }
          continuation.yield((life, .look(save: id)))
        }
      })
  }

  /// Gives up on an app that goes on answering as before, or doesn't answer at all.
  private func look(save id: Int) async {
    guard let save, save.id == id, let settledAt = save.settledAt, let watch = save.watch else {
      return
    }
    let observation = await watch.observation()
    let waited = MonotonicInstant.now() - settledAt
    let limit =
      observation.lastWasResponse
      ? min(unchangedLimit, scenario.app.probe.timeout) : scenario.app.probe.timeout
    if waited >= limit { watch.stop() }
  }

  private func probed(_ observation: ProbeObservation, save id: Int) async {
    guard save?.id == id else { return }
    if let found = observation.found, let save, save.settledAt != nil || save.landedAt != nil,
      !save.mayHaveCaused(answerAt: found)
    {
      // It changed before anything had been done: nobody's doing but its own.
      baseline.varyByThemselves()
      return askAnew()
    }
    save?.observation = observation
    await finishIfServed()
  }

  /// Ends a save once its loop has done its part and the app has answered, or was given up on.
  private func finishIfServed() async {
    guard let save, save.settledAt != nil, let observation = save.observation, let session else {
      return
    }
    let end = observation.found ?? .now()
    let after = end - save.noticedAt
    let ending: SaveReport.Ending
    var phases: [Phase] = []
    if let answer = observation.foundAnswer {
      guard save.mayHaveCaused(answerAt: end) else {
        baseline.varyByThemselves()
        return askAnew()
      }
      ending = .served(after: after, status: answer.status)
      phases = Phase.timeline(
        from: save.noticedAt, to: end, spans: await session.spans(from: save.noticedAt, to: end))
    } else if !observation.lastWasResponse {
      ending = .unanswered(
        after: after, lastAnswer: observation.lastAnswer ?? "no request was answered")
    } else if baseline.varies {
      ending = .untold(after: after)
    } else {
      ending = .unchanged(after: after)
    }
    tell(.saved(save.report(ending, phases: phases)))
    await stopAsking()
    if let answer = observation.foundAnswer { baseline.begin(with: answer) }
    watchIdle()
  }

  /// Asks now and then while nobody saves, so that the next answer has something to be compared with.
  private func watchIdle() {
    guard let probe, !baseline.isFailing else { return }
    idle?.cancel()
    let (life, continuation) = (life, continuation)
    idle = Task {
      // The first pause outlasts a clock that counts in seconds.
      var pause = Duration.milliseconds(1100)
      while !Task.isCancelled {
        do { try await Task.sleep(for: pause, clock: .suspending) } catch { return }
        let seen = await probe.observe(.response, limit: .milliseconds(500))
        if Task.isCancelled { return }
        if let answer = seen.foundAnswer { continuation.yield((life, .idleAnswer(answer))) }
        pause = .seconds(2)
      }
    }
  }
}
