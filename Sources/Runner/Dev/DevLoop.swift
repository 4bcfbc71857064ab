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
  /// Starts for what changed during the start before, in a row: an app may write into its own tree.
  static let mostCutStarts = 3
  /// After a start has failed: what changes so soon was written by the app, and may be noticed late.
  static let lateWrites: Duration = .milliseconds(200)

  enum Input: Sendable {
    case started(attempt: Int)
    case notStarted(WorkflowFailure, attempt: Int)
    case loop(LoopEvent)
    case treeChanged
    case warned(String)
    case scenarioChanged
    case saves(SaveFollower.Input)
  }

  enum State { case starting, up, down }

  var scenario: Scenario
  var choice: DevChoice
  private let wanted: (workflow: WorkflowKind?, path: String?)
  private let state: StateDirectory
  private let load: Load
  let unchangedLimit: Duration
  private let makeSession: Runner.MakeSession
  let tell: @Sendable (DevEvent) -> Void

  /// With the number of the life they belong to: what comes late from an earlier session is passed over.
  private let inputs: AsyncStream<(life: Int, input: Input)>
  let continuation: AsyncStream<(life: Int, input: Input)>.Continuation
  private var gate = OutputGate()

  var life = 0
  /// Set once the session of this life is being ended.
  private var ending = OneShot<Void>()
  var session: (any WorkflowSession)?
  /// Follows saves while the app is up.
  var follower: SaveFollower?
  var changes: PendingChanges?
  var running = State.down
  var startedAt = MonotonicInstant.now()
  private var steppedAt = MonotonicInstant.now()
  private var attempts = 0
  var cutStarts = 0
  var downSince = MonotonicInstant.now()
  /// What the watch during a start warned of; the session's own watch says the same.
  private var warnings: Set<String> = []
  private let leftBehind = LeftBehind()
  private var remote: RunRemote?
  var port: Int?
  private var ownRequests = OwnRequests()
  var starting: Task<Void, Never>?
  /// Passes on that the tree has changed.
  var noticing: Task<Void, Never>?

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
  /// - Returns: what is left all the same, since it could not be removed; a sentence each.
  /// - Throws: why it couldn't begin at all. An app that can't be started is no such reason.
  @discardableResult
  package func run() async throws(RunFailure) -> [String] {
    var generator = SystemRandomNumberGenerator()
    let directory: RunDirectory
    do {
      directory = try state.makeRunDirectory("dev-" + RunID.make(at: Date(), using: &generator))
    } catch {
      throw .workspace("\(error)")
    }
    let remote = RunRemote(directory: directory, state: state)
    self.remote = remote
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
    if let problem = await remote.remove() {
      tell(.note(problem))
      leftBehind.add(problem)
    }
    do {
      try directory.remove()
    } catch {
      let problem = "\(directory.path) could not be removed: \(error.localizedDescription)"
      tell(.note(problem))
      leftBehind.add(problem)
    }
    let leftBehind = leftBehind.all
    tell(.stopped(leftBehind: leftBehind))
    if let failure { throw failure }
    return leftBehind
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
    gate = OutputGate()
    let (life, continuation, gate) = (life, continuation, gate)
    let ending = OneShot<Void>()
    self.ending = ending
    var setup = SessionSetup(
      workflow: choice.workflow, path: choice.path, probe: settings,
      tree: scenario.app.source, directory: directory,
      tell: { [tell, leftBehind] event in
        // What can't be removed is told whoever listens to the loop by then.
        if ending.current != nil {
          if case .failed(let reason, _, _) = event {
            tell(.note(reason))
            leftBehind.add(reason)
          }
          return
        }
        if case .output = event, !gate.enter() { return }
        continuation.yield((life, .loop(event)))
      })
    setup.remote = remote
    // The tree is the user's.
    setup.installs = false
    setup.unwatched = Self.place(of: scenario.file, in: scenario.app.source)
    if choice.workflow.kind != .localNative { setup.hostPort = port }
    cutStarts = 0
    do {
      changes = try PendingChanges(
        tree: scenario.app.source, leavingOut: setup.unwatched,
        warn: { continuation.yield((life, .warned($0))) })
      session = try makeSession(setup)
    } catch {
      throw .workflow(choice.workflow.kind, choice.path.pathName, error, output: [])
    }
    if let signals = changes?.signals {
      noticing = Task { for await _ in signals { continuation.yield((life, .treeChanged)) } }
    }
    await start()
  }

  func start() async {
    guard let session else { return }
    running = .starting
    startedAt = .now()
    steppedAt = startedAt
    _ = changes?.take()
    tell(
      .starting(
        scenario: scenario.name, choice.workflow.kind, path: choice.path.pathName.description))
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
    ending.set(())
    await follower?.end()
    follower = nil
    changes = nil
    noticing?.cancel()
    await session?.stop()
    await starting?.value
    await session?.endProbes()
    session = nil
    running = .down
  }

  // MARK: Events

  private func handle(_ input: Input, _ directory: RunDirectory) async throws(RunFailure) {
    switch input {
    case .started(let attempt): if attempt == attempts { await started() }
    case .notStarted(let failure, let attempt):
      if attempt == attempts { await notStarted(failure) }
    case .loop(let event): await handle(event)
    case .treeChanged: await treeChanged()
    case .warned(let text):
      if warnings.insert(text).inserted { tell(.output(source: LoopEvent.ownSource, line: text)) }
    case .scenarioChanged: try await scenarioChanged(in: directory)
    case .saves(let input): await follower?.take(input)
    }
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
      await follower?.follow(event)
    }
  }

  /// A file's path relative to a tree that holds it.
  private static func place(of file: String, in tree: String) -> String? {
    let file = URL(fileURLWithPath: file).resolvingSymlinksInPath().path
    let tree = URL(fileURLWithPath: tree).resolvingSymlinksInPath().path + "/"
    return file.hasPrefix(tree) ? String(file.dropFirst(tree.count)) : nil
  }

  private func step(_ text: String, at instant: MonotonicInstant) {
    tell(.step(text, took: instant - steppedAt))
    steppedAt = instant
  }

  private func show(_ line: String, of source: String) {
    let dropped = gate.leave()
    if dropped > 0 { tell(.note("\(dropped) lines of the app's output are left out")) }
    if source == LoopEvent.ownSource, warnings.contains(line) { return }
    // Nobody else knows the app before it is ready.
    let sent = follower?.requestsSent ?? .max
    if ownRequests.cause(line, path: scenario.app.probe.path, sent: sent) { return }
    let program = choice.path.command.first?.split(separator: "/").last.map(String.init)
    tell(.output(source: source.isEmpty ? program ?? "app" : source, line: line))
  }
}
