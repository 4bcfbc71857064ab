import Clock
import Foundation
import Link
import Measurement
import Processes
import Scenarios
import Statistics
import Synchronization
import Workflows

/// Has each app of a run go through the scenario's faults, one app after another, each started for that.
struct FaultExperiments {
  let scenario: Scenario
  let directory: RunDirectory
  let remote: RunRemote
  let makeSession: Runner.MakeSession
  let tell: @Sendable (RunEvent) -> Void

  /// More lines of what a loop tells aren't kept.
  private static let mostNotes = 20

  /// One cell an app and link: of several edits the first, and of several numbers of developers one.
  static func cells(among cells: [Cell]) -> [Cell] {
    var known: Set<Cell> = []
    return cells.compactMap { cell in
      var app = cell
      (app.edit, app.developers) = ("", 1)
      return known.insert(app).inserted ? cell : nil
    }
  }

  /// - Parameter keep: takes each trial as soon as it is over.
  func run(
    on cells: [Cell], seed: UInt64, keep: (FaultTrial) throws(RunFailure) -> Void
  ) async throws(RunFailure) {
    var generator = SeededGenerator(seed: seed ^ 0xFA17)
    for cell in Self.cells(among: cells) {
      if Task.isCancelled { throw .interrupted }
      guard let workflow = scenario.workflows.first(where: { $0.kind == cell.workflow }),
        let path = workflow.paths.first(where: { $0.pathName == cell.pathName }),
        let edit = scenario.edits.first(where: { $0.name == cell.edit })
      else { continue }
      tell(.trying(cell, faults: scenario.faults))
      let experiment = FaultExperiment(
        cell: cell, edit: edit, faults: scenario.faults,
        link: workflow.links.first { $0.name == cell.link }?.profile ?? .unshaped,
        limit: scenario.app.probe.timeout,
        thinkTime: scenario.measure.thinkTime)
      let trial = try await run(experiment, workflow, path, using: &generator)
      try keep(trial)
      tell(.tried(trial))
    }
  }

  private func run(
    _ experiment: FaultExperiment, _ workflow: WorkflowSpec, _ path: PathSpec,
    using generator: inout SeededGenerator
  ) async throws(RunFailure) -> FaultTrial {
    let cell = experiment.cell
    let tree: String
    do {
      let link = cell.link.isEmpty ? "" : "-\(cell.link)"
      tree = try directory.makeDirectory("fault-\(cell.workflow.rawValue)-\(cell.pathName)\(link)")
    } catch {
      throw .workspace("a working tree can't be made: \(error.localizedDescription)")
    }
    var workspace = try await Workspace(
      copying: scenario.app.source, to: tree, edits: scenario.edits)
    let told = Mutex<[String]>([])
    let leftBehind = LeftBehind()
    let isEnding = Mutex(false)
    var setup = SessionSetup(
      workflow: workflow, path: path, probe: scenario.app.probe, tree: tree, directory: directory,
      tell: { event in
        if case .failed(let reason, _, _) = event, isEnding.withLock({ $0 }) {
          leftBehind.add(reason)
        } else if let note = Self.note(of: event) {
          told.withLock { if $0.count < Self.mostNotes { $0.append(note) } }
        }
      })
    setup.remote = remote
    let session: any WorkflowSession
    do throws(WorkflowFailure) {
      session = try makeSession(setup)
      try await session.start()
    } catch {
      throw .workflow(cell.workflow, cell.pathName, error, output: [])
    }
    told.withLock { $0 = [] }
    let result: Result<FaultTrial, any Error>
    do {
      result = .success(
        try await experiment.measure(on: session, in: &workspace, using: &generator))
    } catch {
      result = .failure(error)
    }
    let output = await session.outputTail(20)
    isEnding.withLock { $0 = true }
    await session.stop()
    await session.endProbes()
    for problem in leftBehind.all { tell(.leftBehind("\(cell.name): \(problem)")) }
    switch result {
    case .success(var trial):
      trial.notes = told.withLock { $0 }
      return trial
    case .failure(let failure as RunFailure): throw failure
    case .failure(let failure as WorkflowFailure):
      throw .workflow(cell.workflow, cell.pathName, failure, output: output)
    case .failure: throw .interrupted
    }
  }

  /// What bears on the trial of what a loop tells.
  private static func note(of event: LoopEvent) -> String? {
    switch event {
    case .failed(let reason, _, _): reason
    case .lost(let failure, _): "\(failure)"
    case .output(LoopEvent.ownSource, let line): line
    default: nil
    }
  }
}
