import Containers
import Measurement
import ResultStore
import Testing
import Workflows

@testable import Runner

@Suite(.serialized, .timeLimit(.minutes(2))) struct LackingMeansTests {
  @Test(
    "what needs an engine can't be tried where there is none, and isn't tried again",
    arguments: [
      (Experiment.footprint, 2), (.parity, 1), (.recovery, 2), (.breakFix, 1), (.offline, 1),
      (.reproducibility, 1),
    ])
  func noEngine(experiment: Experiment, conditions: Int) async throws {
    var bench = try Bench(
      script: .init(startFailure: { _ in .engine(.missing(program: "podman")) }), iterations: 1)
    bench.options.experiments = [experiment]
    bench.options.purpose = .experiment
    bench.options.iterations = 1
    _ = try await bench.runner().run()
    try bench.expectTidy()
    let trials = try bench.stored().experiments
    #expect(trials.count == conditions)
    for trial in trials where trial.condition != "disk-full" {
      #expect(trial.outcome == .notPossible)
      #expect(trial.reason?.contains("podman") == true)
    }
  }

  @Test(
    "what a session says is noted in the trial, and what it leaves is told, if nobody follows it",
    arguments: [Experiment.footprint, .parity])
  func said(experiment: Experiment) async throws {
    var bench = try Bench(
      script: .init(startNotes: ["it polls"], stopNotes: ["a pod is left"]), iterations: 1)
    bench.options.experiments = [experiment]
    bench.options.purpose = .experiment
    bench.options.iterations = 1
    _ = try await bench.runner().run()
    // The fake has nothing that a footprint could be of, and no facts: their trials fail, and say so.
    #expect(
      bench.events.list.contains {
        if case .leftBehind(let text) = $0 { text.contains("a pod is left") } else { false }
      })
    if experiment == .parity {
      #expect(try bench.stored().experiments.first?.notes.contains("it polls") == true)
    }
  }
}
