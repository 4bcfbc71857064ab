import Clock
import Foundation
import Link
import Logging
import Measurement
package import Processes
package import ResultStore
package import Scenarios
import Statistics
package import Workflows

/// Runs a scenario: starts its apps, saves its edits in the planned order, stores every sample the
/// moment it exists. Two scenarios that differ in their app's sources alone are run in turn, block by block.
package struct Runner {
  /// Makes the session for one workflow and path.
  package typealias MakeSession =
    @Sendable (SessionSetup) throws(WorkflowFailure) -> any WorkflowSession

  let scenarios: [Scenario]
  let options: RunOptions
  let store: ResultStore
  let state: StateDirectory
  let makeSession: MakeSession
  let tell: @Sendable (RunEvent) -> Void
  let notes = SessionNotes()
  private let logger = Logger(label: "devbench.runner")

  /// - Parameter tell: called for each event, in order.
  package init(
    scenario: Scenario, options: RunOptions, store: ResultStore, state: StateDirectory,
    makeSession: @escaping MakeSession = { (setup) throws(WorkflowFailure) in
      try setup.session()
    },
    tell: @escaping @Sendable (RunEvent) -> Void
  ) {
    self.init(
      inTurn: [scenario], options: options, store: store, state: state, makeSession: makeSession,
      tell: tell)
  }

  /// - Parameters:
  ///   - scenarios: not empty; each becomes a run of its own. The cells are the first's.
  ///   - tell: called for each event, in order.
  package init(
    inTurn scenarios: [Scenario], options: RunOptions, store: ResultStore, state: StateDirectory,
    makeSession: @escaping MakeSession = { (setup) throws(WorkflowFailure) in
      try setup.session()
    },
    tell: @escaping @Sendable (RunEvent) -> Void
  ) {
    precondition(!scenarios.isEmpty, "there is something to run")
    self.scenarios = scenarios
    self.options = options
    self.store = store
    self.state = state
    self.makeSession = makeSession
    self.tell = tell
  }

  /// Runs to the end, or until the task is cancelled; nothing that was started is left either way.
  ///
  /// - Returns: the run as it was stored. An interrupted run is returned, not thrown.
  /// - Throws: what kept the run from going on, after it was stored as failed; or what kept it from
  ///   beginning.
  package func run() async throws(RunFailure) -> RunRecord {
    try await runAll()[0]
  }

  /// The same for all scenarios, in their order.
  package func runAll() async throws(RunFailure) -> [RunRecord] {
    let plan = try plan()
    var arms = await arms(of: plan)
    let directory: RunDirectory
    do {
      directory = try state.makeRunDirectory(arms[0].record.id)
    } catch {
      throw .workspace("\(error)")
    }
    do {
      try stored { () throws(StoreError) in
        for arm in arms { try store.insert(run: arm.record) }
      }
    } catch {
      remove(directory)
      throw error
    }
    for arm in arms { tell(.started(arm.record)) }

    let seats = SeatMap()
    let remote = RunRemote(directory: directory, state: state)
    var failure: RunFailure?
    do throws(RunFailure) {
      if options.experiments.isEmpty {
        for (index, arm) in arms.enumerated() {
          try await seat(arm, index, in: directory, on: seats, remote: remote)
        }
        try await follow(plan, seats: seats, arms: arms)
      } else {
        try await experiment(on: arms[0], in: directory, remote: remote)
      }
    } catch {
      failure = Task.isCancelled ? error.afterCancellation : error
    }
    await seats.stopAll()
    if failure == nil, options.experiments.isEmpty {
      do throws(RunFailure) {
        try await tryFaults(of: arms, in: directory, remote: remote)
      } catch {
        failure = Task.isCancelled ? error.afterCancellation : error
      }
    }
    if let problem = await remote.remove() { tell(.leftBehind(problem)) }
    remove(directory)
    do throws(RunFailure) {
      try passOnNotes(of: arms[0].record.id)
    } catch {
      failure = failure ?? error
    }
    return try close(&arms, failure)
  }

  private func plan() throws(RunFailure) -> Plan {
    let measure = scenarios[0].measure
    var generator = SystemRandomNumberGenerator()
    let measures = options.experiments.isEmpty
    let plan = Plan(
      cells: try options.cells(of: scenarios[0]), arms: scenarios.count,
      warmups: measures ? options.warmups ?? measure.warmups : 0,
      iterations: measures ? options.iterations ?? measure.iterations : 0, order: order,
      seed: options.seed ?? generator.next(upperBound: RunOptions.seedLimit))
    guard !measures || !plan.steps.isEmpty else {
      throw .nothingToMeasure("--iterations and --warmups leave nothing to measure")
    }
    return plan
  }

  private var order: Scenario.Order { options.order ?? scenarios[0].measure.order }

  private func arms(of plan: Plan) async -> [RunArm] {
    var generator = SystemRandomNumberGenerator()
    let startedAt = Date()
    let ids = scenarios.map { _ in RunID.make(at: startedAt, using: &generator) }
    var arms: [RunArm] = []
    for (index, scenario) in scenarios.enumerated() {
      arms.append(
        await RunArm(
          scenario, cells: plan.cells, plan: plan, order: order, id: ids[index],
          startedAt: startedAt, purpose: options.purpose,
          twin: ids.count == 2 ? ids[1 - index] : nil))
    }
    return arms
  }

  private func remove(_ directory: RunDirectory) {
    do {
      try directory.remove()
    } catch {
      tell(.leftBehind("\(directory.path) could not be removed: \(error.localizedDescription)"))
    }
  }

  /// Tells what the sessions have said, and keeps with the run what bears on its figures.
  func passOnNotes(of run: String) throws(RunFailure) {
    for (session, note) in notes.take() {
      switch note {
      case .leftBehind(let text):
        tell(.leftBehind("\(session): \(text)"))
      case .remark(let text):
        tell(.note("\(session): \(text)"))
        let fact = Environment.Tool(name: "\(session) note", version: text)
        try stored { () throws(StoreError) in try store.add(tools: [fact], run: run) }
      }
    }
  }

  /// Marks the end in the database, whatever it was.
  private func close(
    _ arms: inout [RunArm], _ failure: RunFailure?
  ) throws(RunFailure) -> [RunRecord] {
    for index in arms.indices {
      switch failure {
      case nil: arms[index].record.status = .finished
      case .interrupted: arms[index].record.status = .interrupted
      case .some(let failure):
        arms[index].record.status = .failed
        arms[index].record.statusReason = "\(failure)"
      }
      arms[index].record.finishedAt = Date()
      arms[index].record.environment.loadAfter = HostFacts.load()
      let closed = arms[index].record
      do {
        try stored { () throws(StoreError) in
          try store.finish(
            run: closed.id, status: closed.status, reason: closed.statusReason,
            at: closed.finishedAt ?? Date(), loadAfter: closed.environment.loadAfter ?? [])
        }
      } catch {
        // What stopped the run matters more than that its end could not be written down.
        throw failure ?? error
      }
      tell(.finished(closed))
    }
    if let failure, arms[0].record.status == .failed { throw failure }
    return arms.map(\.record)
  }

  private func follow(
    _ plan: Plan, seats: SeatMap, arms: [RunArm]
  ) async throws(RunFailure) {
    // Think times are drawn apart from the order, so that a filter doesn't shift them.
    var generator = SeededGenerator(seed: ~plan.seed)
    let total = plan.steps.reduce(0) { $0 + $1.cell.developers }
    var done = 0
    for (index, step) in plan.steps.enumerated() {
      let arm = arms[step.arm]
      let scenario = arm.scenario
      guard let edit = scenario.edits.first(where: { $0.name == step.cell.edit }) else { continue }
      let round = Round(
        step: step, edit: edit,
        seats: (1...step.cell.developers).compactMap { seats[step.cell, $0, step.arm] },
        link: arm.link(of: step.cell)?.profile ?? .unshaped, limit: scenario.app.probe.timeout,
        thinkTime: scenario.measure.thinkTime, interval: scenario.app.probe.interval)
      tell(.measuring(step.cell))
      try await round.measure(using: &generator) { (sample, cost) throws(RunFailure) in
        try keep(sample, of: arm.record.id)
        done += 1
        tell(.measured(sample, cost, done: done, of: total))
        try passOnNotes(of: arm.record.id)
      } recover: { seat in
        plan.steps[(index + 1)...].contains { seat.serves($0.cell, of: $0.arm) }
      } tell: { problem in
        tell(.note(problem))
      }
    }
  }

  /// Faults are tried where one scenario is measured; they are no matter of two sides.
  private func tryFaults(
    of arms: [RunArm], in directory: RunDirectory, remote: RunRemote
  ) async throws(RunFailure) {
    guard arms.count == 1, let arm = arms.first, !arm.scenario.faults.isEmpty else { return }
    let experiments = FaultExperiments(
      scenario: arm.scenario,
      bench: ExperimentBench(
        directory: directory, remote: remote, makeSession: makeSession, tell: tell))
    try await experiments.run(on: arm.cells, seed: arm.record.seed) { (trial) throws(RunFailure) in
      try stored { () throws(StoreError) in try store.insert(trial: trial, run: arm.record.id) }
    }
  }

  private func experiment(
    on arm: RunArm, in directory: RunDirectory, remote: RunRemote
  ) async throws(RunFailure) {
    let experiments = Experiments(
      scenario: arm.scenario,
      bench: ExperimentBench(
        directory: directory, remote: remote, makeSession: makeSession, tell: tell),
      trials: options.iterations ?? Experiments.usualTrials)
    try await experiments.run(options.experiments, on: arm.cells) { (trial) throws(RunFailure) in
      try stored { () throws(StoreError) in
        try store.insert(experiment: trial, run: arm.record.id)
      }
    }
  }

  private func keep(_ sample: Sample, of run: String) throws(RunFailure) {
    do {
      try stored { () throws(StoreError) in try store.insert(sample: sample, run: run) }
    } catch {
      // What the database can't take is at least said.
      tell(
        .note(
          "not stored: \(sample.cell.name) #\(sample.iteration), \(sample.outcome.rawValue), "
            + "\(sample.duration.seconds) s"))
      throw error
    }
  }

  func stored(_ body: () throws(StoreError) -> Void) throws(RunFailure) {
    do {
      try body()
    } catch {
      throw .store(error)
    }
  }
}
