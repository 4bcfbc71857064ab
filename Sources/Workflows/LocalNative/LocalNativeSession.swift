package import Clock
package import Measurement
package import Processes
package import Scenarios

/// The app as a plain process of this machine, by `reload` or by `restart`.
package actor LocalNativeSession: WorkflowSession {
  /// How long the app may take to end after SIGTERM before it is killed. An app that ignores the
  /// signal pays it in its `stop` phase.
  package static let grace: Duration = .seconds(5)

  private enum State {
    case stopped
    case running(SupervisedProcess)
  }

  let spec: PathSpec
  private let settings: Scenario.Probe
  let tree: String
  private let ledger: ProcessLedger
  let tell: (@Sendable (LoopEvent) -> Void)?
  let unwatched: String?
  let warn: @Sendable (String) -> Void
  let port: Int
  let installation: Installation?
  let journal: SetUpJournal?
  package let probe: Probe

  private var state = State.stopped
  private var stops = 0
  /// Set when the launch that is under way has ended, in whatever way.
  private var launching: OneShot<Void>?
  /// Set when the stop that is under way has ended.
  private var stopping: OneShot<Void>?
  private var log: LogBuffer
  private var markers: MarkerLog
  private var lost = OneShot<WorkflowFailure>()
  private var restarter: Restarter?
  /// Notices saves that the app's own reloader acts on, where somebody wants to be told of them.
  var reloads: Task<Void, Never>?
  /// Saves that were left to the app's own reloader.
  var left = LeftSaves()
  /// Set while the app has ended by itself.
  private(set) var isDown = false
  var installing: Task<Void, any Error>?
  /// What installing brought into the tree; nil before that.
  var installed: [String]?

  /// - Parameters:
  ///   - tree: the working tree that the app runs from and that is watched.
  ///   - ledger: where the processes are recorded.
  ///   - tell: told of what the loop does. Where it is given, `reload` has a watcher too, which tells of
  ///     saves and starts an app again that has ended; a measured app is left to its own reloader.
  ///   - unwatched: a file of the tree whose saves are passed over.
  ///   - warn: told what keeps the watcher from noticing saves as it should, from any thread.
  ///   - installs: whether the path's dependencies are installed before the app's first start.
  ///   - caches: laid over the environment of what installs.
  ///   - journal: told of the parts of the start.
  package init(
    spec: PathSpec, settings: Scenario.Probe, tree: String, ledger: ProcessLedger,
    tell: (@Sendable (LoopEvent) -> Void)? = nil, unwatched: String? = nil,
    warn: @escaping @Sendable (String) -> Void = { _ in }, installs: Bool = true,
    caches: [String: String] = [:], journal: SetUpJournal? = nil
  ) throws(WorkflowFailure) {
    self.journal = journal
    // Values that name the port are the app's.
    let environment = spec.environment.filter { !$0.value.contains(PathSpec.portPlaceholder) }
    installation =
      installs && !spec.install.isEmpty
      ? Installation(
        commands: spec.install, tree: tree,
        environment: environment.merging(caches) { _, cache in cache }, ledger: ledger) : nil
    self.tell = tell
    self.unwatched = unwatched
    self.warn = warn
    self.spec = spec
    self.settings = settings
    self.tree = tree
    self.ledger = ledger
    if let port = settings.port {
      self.port = port
    } else {
      do {
        self.port = try LoopbackPort.free()
      } catch {
        throw .process(error)
      }
    }
    self.probe = Probe(
      endpoint: ProbeEndpoint(port: port, path: settings.path), interval: settings.interval)
    let markers = MarkerLog(spec.markers) { _ in }
    self.markers = markers
    self.log = LogBuffer { markers.take($0) }
  }

  /// Of the app that runs; nil if none does.
  var appGroup: ProcessGroup? {
    if case .running(let process) = state { process.group } else { nil }
  }

  package func start() async throws(WorkflowFailure) {
    let stopsBefore = stops
    try await install()
    guard stops == stopsBefore else { throw .stopped }
    try checkPortIsFree()
    let lost = OneShot<WorkflowFailure>()
    let (tell, restarted) = (tell, spec.path == .reload ? spec.markers.restarted : nil)
    let left = LeftSaves()
    self.left = left
    let markers = MarkerLog(spec.markers) { line in
      lost.set(.failedMarker(line: line))
      tell?(.lost(.failedMarker(line: line), at: .now()))
    }
    self.lost = lost
    self.markers = markers
    log = LogBuffer { line in
      left.heard(at: line.at)
      tell?(.output(source: "", line: line.text))
      markers.take(line)
      if let restarted, line.text.contains(restarted) { tell?(.deployed(at: line.at)) }
    }
    let launchingAt = MonotonicInstant.now()
    journal?.launched(at: launchingAt, absentUntil: launchingAt)
    let process = try await launch()
    do throws(WorkflowFailure) {
      try await awaitAnswer(of: process)
      guard stops == stopsBefore else { throw .stopped }
      try checkPortIsOurs(process)
      if spec.path == .restart {
        restarter = try Restarter(
          tree: tree, leavingOut: unwatched, warn: warn, tell: tell ?? { _ in }
        ) { [weak self] beforeStart in
          await self?.replaceApp(beforeStart: beforeStart)
        }
      } else if tell != nil {
        try followReloads()
      }
    } catch {
      await stop()
      throw error
    }
  }

  package func stop() async {
    stops += 1
    lost.set(.stopped)
    restarter?.end()
    restarter = nil
    reloads?.cancel()
    reloads = nil
    installing?.cancel()
    _ = await installing?.result
    if let stopping { return await stopping.value() }
    let (done, launching, state) = (OneShot<Void>(), launching, state)
    stopping = done
    self.state = .stopped
    if case .running(let process) = state { await process.stop(grace: Self.grace) }
    // A start or a restart that was under way ends what it launched as soon as it can.
    await launching?.value()
    stopping = nil
    done.set(())
  }

  package func loss() async throws -> WorkflowFailure {
    try await lost.cancellableValue()
  }

  package func waitUntilActedOn(
    changeAt instant: MonotonicInstant, limit: Duration
  ) async throws {
    try await restarter?.waitForRestart(since: instant, limit: limit)
  }

  package func waitUntilQuiet(for period: Duration, limit: Duration) async throws -> Bool {
    try await log.waitUntilQuiet(for: period, limit: limit)
  }

  package func run(
    _ command: [String], input: [UInt8], limit: Duration
  ) async throws(WorkflowFailure) -> RuntimeOutput {
    var invocation = Invocation(command: command)
    invocation.environment = spec.environment.mapValues(withPort)
    invocation.directory = tree
    invocation.input = input
    invocation.ledger = ledger
    return try await RuntimeOutput(of: invocation, limit: limit)
  }

  /// With the app's own reloader nothing of devbench's is part of the loop; otherwise devbench restarts the app.
  package func footprint() async -> FootprintRoots {
    var roots = FootprintRoots()
    guard case .running(let process) = state else { return roots }
    roots.trees = spec.path == .restart ? [process.group.leader, .current] : [process.group.leader]
    roots.groups = [process.group.id]
    roots.labels = [process.group.label]
    return roots
  }

  package func outputTail(_ count: Int) -> [String] {
    log.tail(count)
  }

  package func spans(from save: MonotonicInstant, to end: MonotonicInstant) -> [PhaseSpan] {
    defer { markers.forget(before: save) }
    guard let restarter else { return markers.reloadSpans(from: save, to: end) }
    return restarter.spans(from: save, to: end) { markers.ready(from: $0, to: $1) }
  }

  /// Stops the app and starts it again, as `restart` does after each change.
  ///
  /// - Parameter beforeStart: told when the old app was gone, before the new one is started.
  func replaceApp(beforeStart: @Sendable (MonotonicInstant) -> Void) async {
    guard case .running(let old) = state else { return }
    let gone = await old.stop(grace: Self.grace).gone
    guard case .running(let current) = state, current === old else { return }
    beforeStart(gone)
    do {
      let new = try await launch()
      tell?(.deployed(at: new.startedAt))
    } catch {
      lose(error)
    }
  }

  private func lose(_ failure: WorkflowFailure) {
    isDown = true
    lost.set(failure)
    if failure != .stopped { tell?(.lost(failure, at: .now())) }
  }

  private func launch() async throws(WorkflowFailure) -> SupervisedProcess {
    let stopsBefore = stops
    let done = OneShot<Void>()
    launching = done
    defer { done.set(()) }
    let process: SupervisedProcess
    do throws(ProcessFailure) {
      process = try await SupervisedProcess.start(
        command: spec.command.map(withPort), environment: spec.environment.mapValues(withPort),
        directory: tree, log: log, ledger: ledger)
    } catch {
      throw .process(error)
    }
    guard stops == stopsBefore else {
      // The session was stopped while the program was being started.
      await process.stop(grace: .zero)
      throw .stopped
    }
    state = .running(process)
    isDown = false
    Task {
      let exit = await process.exit()
      self.ended(process, exit)
    }
    return process
  }

  private func ended(_ process: SupervisedProcess, _ exit: ProcessExit) {
    // An end that devbench asked for is no loss.
    guard case .running(let current) = state, current === process, !process.isStopping else {
      return
    }
    lose(.exited(exit))
    left.appEnded(at: .now())
  }

  /// Waits for the first successful answer, or for the app's end, whichever is first.
  private func awaitAnswer(of process: SupervisedProcess) async throws(WorkflowFailure) {
    let watch = probe.begin(.answer)
    let lost = lost
    let waiting = Task {
      _ = try await lost.cancellableValue()
      watch.stop()
    }
    let observation = await watch.result(limit: settings.timeout)
    waiting.cancel()
    journal?.answered(observation)
    if observation.found != nil { return }
    if let failure = lost.current { throw failure }
    throw .notAnswering(
      limit: settings.timeout, lastAnswer: observation.lastAnswer ?? "no request was answered")
  }

  private func checkPortIsFree() throws(WorkflowFailure) {
    guard let owners = LoopbackPort.owners(of: port) else { return }
    throw .portTaken(port: port, owner: Self.name(owners))
  }

  /// The port was free before the app's start. Whoever listens there now and is older than the app
  /// came in between; a younger stranger may be a helper that the app had started elsewhere.
  private func checkPortIsOurs(_ process: SupervisedProcess) throws(WorkflowFailure) {
    let owners = LoopbackPort.owners(of: port) ?? []
    let strangers = owners.filter { pid in
      guard let stat = ProcessStat(pid: pid) else { return false }
      return stat.processGroup != process.group.id
        && ProcessTable.label(of: pid) != process.group.label
        && stat.startTime < process.group.leader.startTime
    }
    if !owners.isEmpty && strangers.count == owners.count {
      throw .portTaken(port: port, owner: Self.name(strangers))
    }
  }

  private static func name(_ owners: [Int32]) -> String {
    guard let pid = owners.first else { return "a process of another user" }
    return "process \(pid) (\(ProcessTable.command(of: pid) ?? "unknown"))"
  }

  private func withPort(_ text: String) -> String {
    text.replacing(PathSpec.portPlaceholder, with: "\(port)")
  }
}
