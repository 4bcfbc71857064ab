import Measurement
import Scenarios
import Statistics

/// Has each app of a run go through the scenario's faults, one app after another, each started for that.
struct FaultExperiments {
  let scenario: Scenario
  let bench: ExperimentBench

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
      guard let subject = ExperimentSubject(cell, of: scenario) else { continue }
      bench.tell(.trying(cell, faults: scenario.faults))
      let experiment = FaultExperiment(
        cell: cell, edit: subject.edit, faults: scenario.faults, link: subject.link,
        limit: subject.limit, thinkTime: scenario.measure.thinkTime)
      let trial = try await run(experiment, on: subject, using: &generator)
      try keep(trial)
      bench.tell(.tried(trial))
    }
  }

  private func run(
    _ experiment: FaultExperiment, on subject: ExperimentSubject,
    using generator: inout SeededGenerator
  ) async throws(RunFailure) -> FaultTrial {
    let story = AppStory()
    do {
      return try await bench.withApp(
        of: subject, named: "fault-\(subject.name)", follow: { story.take($0) }
      ) { app in
        story.begin()
        var trial = try await experiment.measure(
          on: app.session, in: &app.workspace, using: &generator)
        trial.notes = story.notes
        return trial
      }
    } catch let failure as RunFailure {
      throw failure
    } catch {
      throw .interrupted
    }
  }
}
