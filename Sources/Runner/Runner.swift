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
/// moment it exists.
package struct Runner {
  /// Makes the session for one workflow and path.
  package typealias MakeSession =
    @Sendable (SessionSetup) throws(WorkflowFailure) -> any WorkflowSession

  private let scenario: Scenario
  private let options: RunOptions
  private let store: ResultStore
  private let state: StateDirectory
  private let makeSession: MakeSession
  private let tell: @Sendable (RunEvent) -> Void
  private let notes = SessionNotes()
  private let logger = Logger(label: "devbench.runner")

  /// - Parameter tell: called for each event, in order.
  package init(
    scenario: Scenario, options: RunOptions, store: ResultStore, state: StateDirectory,
    makeSession: @escaping MakeSession = { (setup) throws(WorkflowFailure) in
      try setup.session()
    },
    tell: @escaping @Sendable (RunEvent) -> Void
  ) {
    self.scenario = scenario
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
    let cells = try options.cells(of: scenario)
    let measure = scenario.measure
    var generator = SystemRandomNumberGenerator()
    let seed = options.seed ?? generator.next(upperBound: RunOptions.seedLimit)
    let order = options.order ?? measure.order
    let plan = Plan(
      cells: cells, warmups: options.warmups ?? measure.warmups,
      iterations: options.iterations ?? measure.iterations, order: order, seed: seed)
    guard !plan.steps.isEmpty else {
      throw .nothingToMeasure("--iterations and --warmups leave nothing to measure")
    }

    let startedAt = Date()
    var record = RunRecord(
      id: RunID.make(at: startedAt, using: &generator), scenario: scenario.name,
      scenarioText: scenario.text, scenarioDigest: scenario.digest, startedAt: startedAt,
      seed: seed,
      order: order.rawValue, devbenchVersion: devbenchVersion,
      environment: await environment(for: cells),
      cells: cells.map {
        RunRecord.PlannedCell(cell: $0, warmups: plan.warmups, iterations: plan.iterations)
      },
      links: links(of: cells),
      owner: ProcessIdentity.current.description)

    let directory: RunDirectory
    do {
      directory = try state.makeRunDirectory(record.id)
    } catch {
      throw .workspace("\(error)")
    }
    do {
      try stored { () throws(StoreError) in try store.insert(run: record) }
    } catch {
      remove(directory)
      throw error
    }
    tell(.started(record))

    let seats = SeatMap()
    let remote = RunRemote(directory: directory, state: state)
    var failure: RunFailure?
    do throws(RunFailure) {
      try await seat(cells, in: directory, on: seats, remote: remote, record: record)
      try await follow(plan, seed: seed, seats: seats, record: record)
    } catch {
      failure = Task.isCancelled ? error.afterCancellation : error
    }
    await seats.stopAll()
    if failure == nil, !scenario.faults.isEmpty {
      do throws(RunFailure) {
        try await tryFaults(cells, seed: seed, in: directory, remote: remote, record: record)
      } catch {
        failure = Task.isCancelled ? error.afterCancellation : error
      }
    }
    if let problem = await remote.remove() { tell(.leftBehind(problem)) }
    remove(directory)
    do throws(RunFailure) {
      try passOnNotes(of: record.id)
    } catch {
      return try close(&record, failure ?? error)
    }
    return try close(&record, failure)
  }

  private func remove(_ directory: RunDirectory) {
    do {
      try directory.remove()
    } catch {
      tell(.leftBehind("\(directory.path) could not be removed: \(error.localizedDescription)"))
    }
  }

  /// Tells what the sessions have said, and keeps with the run what bears on its figures.
  private func passOnNotes(of run: String) throws(RunFailure) {
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

  /// Marks the run's end in the database, whatever it was.
  private func close(
    _ record: inout RunRecord, _ failure: RunFailure?
  ) throws(RunFailure) -> RunRecord {
    switch failure {
    case nil: record.status = .finished
    case .interrupted: record.status = .interrupted
    case .some(let failure):
      record.status = .failed
      record.statusReason = "\(failure)"
    }
    record.finishedAt = Date()
    record.environment.loadAfter = HostFacts.load()
    let closed = record
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
    tell(.finished(record))
    if let failure, closed.status == .failed { throw failure }
    return record
  }

  /// Starts an app for each workflow and path that has cells, and for each developer that they have.
  private func seat(
    _ cells: [Cell], in directory: RunDirectory, on seats: SeatMap, remote: RunRemote,
    record: RunRecord
  ) async throws(RunFailure) {
    for cell in cells {
      // The first builds the image, has the remote made and pushes every layer; the others find all that.
      let missing = (1...cell.developers).filter { seats[cell, $0] == nil }
      for developers in [missing.filter { $0 == 1 }, missing.filter { $0 > 1 }] {
        var new: [Seat] = []
        for developer in developers {
          if Task.isCancelled { throw .interrupted }
          guard
            let seat = try await seat(of: cell, developer, in: directory, remote: remote)
          else { continue }
          seats.add(seat)
          new.append(seat)
        }
        try await start(new)
        for seat in new where seat.developer == 1 {
          let facts = await seat.session.facts().sorted { $0.key < $1.key }.map {
            Environment.Tool(name: "\(cell.workflow.rawValue) \($0.key)", version: $0.value)
          }
          try stored { () throws(StoreError) in try store.add(tools: facts, run: record.id) }
        }
        try passOnNotes(of: record.id)
      }
    }
  }

  /// - Returns: nil if the scenario has no such workflow or path.
  private func seat(
    of cell: Cell, _ developer: Int, in directory: RunDirectory, remote: RunRemote
  ) async throws(RunFailure) -> Seat? {
    guard let workflow = scenario.workflows.first(where: { $0.kind == cell.workflow }),
      let path = spec(of: cell)
    else { return nil }
    tell(.starting(cell.workflow, cell.pathName))
    let tree: String
    do {
      tree = try directory.makeDirectory(
        "\(cell.workflow.rawValue)-\(cell.pathName)" + (developer > 1 ? "-\(developer)" : ""))
    } catch {
      throw .workspace("a working tree can't be made: \(error.localizedDescription)")
    }
    let workspace = try await Workspace(
      copying: scenario.app.source, to: tree, edits: scenario.edits)
    do {
      var setup = SessionSetup(
        workflow: workflow, path: path, probe: scenario.app.probe, tree: tree,
        directory: directory,
        note: { [notes] in notes.add($0, of: cell.workflow, cell.pathName) })
      setup.remote = remote
      return Seat(
        of: cell, developer: developer, session: try makeSession(setup), workspace: workspace)
    } catch {
      throw .workflow(cell.workflow, cell.pathName, error, output: [])
    }
  }

  /// Starts all at once; the first that fails ends the others' starts.
  private func start(_ seats: [Seat]) async throws(RunFailure) {
    let failure = await withTaskGroup(of: RunFailure?.self) { group in
      for seat in seats {
        group.addTask {
          do throws(RunFailure) {
            try await seat.start()
            return nil
          } catch {
            return error
          }
        }
      }
      var first: RunFailure?
      for await failure in group where failure != nil && first == nil {
        first = failure
        group.cancelAll()
      }
      return first
    }
    if let failure { throw failure }
  }

  private func follow(
    _ plan: Plan, seed: UInt64, seats: SeatMap, record: RunRecord
  ) async throws(RunFailure) {
    // Think times are drawn apart from the order, so that a filter doesn't shift them.
    var generator = SeededGenerator(seed: ~seed)
    let total = plan.steps.reduce(0) { $0 + $1.cell.developers }
    var done = 0
    for (index, step) in plan.steps.enumerated() {
      guard let edit = scenario.edits.first(where: { $0.name == step.cell.edit }) else { continue }
      let round = Round(
        step: step, edit: edit,
        seats: (1...step.cell.developers).compactMap { seats[step.cell, $0] },
        link: link(of: step.cell)?.profile ?? .unshaped, limit: scenario.app.probe.timeout,
        thinkTime: scenario.measure.thinkTime, interval: scenario.app.probe.interval)
      tell(.measuring(step.cell))
      try await round.measure(using: &generator) { (sample, cost) throws(RunFailure) in
        try keep(sample, of: record.id)
        done += 1
        tell(.measured(sample, cost, done: done, of: total))
        try passOnNotes(of: record.id)
      } recover: { seat in
        plan.steps[(index + 1)...].contains { seat.serves($0.cell) }
      } tell: { problem in
        tell(.note(problem))
      }
    }
  }

  private func tryFaults(
    _ cells: [Cell], seed: UInt64, in directory: RunDirectory, remote: RunRemote,
    record: RunRecord
  ) async throws(RunFailure) {
    let experiments = FaultExperiments(
      scenario: scenario, directory: directory, remote: remote, makeSession: makeSession,
      tell: tell)
    try await experiments.run(on: cells, seed: seed) { (trial) throws(RunFailure) in
      try stored { () throws(StoreError) in try store.insert(trial: trial, run: record.id) }
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

  private func link(of cell: Cell) -> LinkSpec? {
    scenario.workflows.first { $0.kind == cell.workflow }?.links.first { $0.name == cell.link }
  }

  /// The links that these cells go over, as they are kept with the run.
  private func links(of cells: [Cell]) -> [LinkFacts] {
    var known: Set<String> = []
    return cells.compactMap(link).filter { known.insert($0.name).inserted }.map { link in
      LinkFacts(
        name: link.name, roundTrip: link.profile.rtt, jitter: link.profile.jitter,
        up: link.profile.up.map { Int($0.bitsPerSecond) },
        down: link.profile.down.map { Int($0.bitsPerSecond) })
    }
  }

  private func spec(of cell: Cell) -> PathSpec? {
    scenario.workflows.first { $0.kind == cell.workflow }?
      .paths.first { $0.path == cell.path && $0.variant == cell.variant }
  }

  private func environment(for cells: [Cell]) async -> Environment {
    var environment = HostFacts.environment()
    var tools: [String: [String]] = [:]
    // A cluster's tools are in its containers: what the host has says nothing about them. They can be
    // asked once the seat runs, and join the run by the store's `add(tools:run:)`.
    for spec in cells.compactMap(spec) where spec.cluster == nil {
      tools.merge(spec.tools) { first, _ in first }
      if spec.tools.isEmpty, let known = KnownTools.versionCommand(for: spec.command) {
        tools[known.name] = known.command
      }
    }
    environment.tools = await HostFacts.versions(of: tools, in: scenario.app.source)
    environment.appCommit = await HostFacts.commit(of: scenario.app.source)
    environment.appBranch = await HostFacts.branch(of: scenario.app.source)
    return environment
  }

  private func stored(_ body: () throws(StoreError) -> Void) throws(RunFailure) {
    do {
      try body()
    } catch {
      throw .store(error)
    }
  }
}
