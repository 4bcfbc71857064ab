import Containers
import Foundation
import Measurement
import Processes
import ResultStore
import Scenarios
import Synchronization
import Testing
import Workflows

@testable import Runner

@Suite(.serialized, .timeLimit(.minutes(2))) struct SetUpExperimentTests {
  private func trials(
    _ script: FakeSession.Script = .init(), of experiment: Experiment = .setUp, iterations: Int = 2
  ) async throws -> [ExperimentTrial] {
    var bench = try Bench(script: script)
    bench.options.experiments = [experiment]
    bench.options.purpose = .experiment
    bench.options.iterations = iterations
    let before = try Snapshot(bench.directory.inner("source"), times: true)
    _ = try await bench.runner().run()
    #expect(try Snapshot(bench.directory.inner("source"), times: true) == before)
    try bench.expectTidy()
    return try bench.stored().experiments
  }

  @Test("each set-up from nothing is taken down again, then come those with what is there")
  func order() async throws {
    let script = FakeSession.Script(startNotes: ["it polls"])
    let trials = try await trials(script)
    #expect(
      trials.map { "\($0.condition) \($0.number)" }
        == ["cold 1", "tear-down 1", "cold 2", "tear-down 2", "warm 1", "warm 2"])
    for trial in trials {
      #expect(trial.outcome == .completed, "\(trial.reason ?? "")")
      #expect(trial.phases.reduce(.zero) { $0 + $1.duration } == trial.duration)
    }
    #expect(trials[0].notes.count { $0 == "it polls" } == 1)
    #expect(trials[0].notes.contains { $0.contains("says nothing under “install”") })
    #expect(
      trials[0].facts == [TrialFact("unused", "missing", group: "tools")])
    #expect(trials[1].phases.map(\.name).filter { $0 != Phase.unattributed } == ["stop", "remove"])
    // Two from nothing, one that isn't timed, two warm ones in its tree.
    #expect(script.count("start") == 5)
    let trees = script.trees.withLock(\.self)
    #expect(Set(trees).count == 1)
  }

  @Test("a start that fails is a trial that failed, and has no tear-down")
  func failing() async throws {
    let script = FakeSession.Script(
      output: ["no such table"],
      startFailure: { $0 == 1 ? .exited(.exited(3)) : nil })
    let trials = try await trials(script, iterations: 1)
    #expect(trials.map(\.condition) == ["cold", "warm"])
    #expect(trials.map(\.outcome) == [.failed, .failed])
    #expect(trials[0].reason?.contains("no such table") == true)
    #expect(trials[0].duration != nil)
  }

  @Test("what this machine lacks isn't tried again")
  func lacking() async throws {
    let script = FakeSession.Script(startFailure: { _ in .engine(.missing(program: "podman")) })
    let trials = try await trials(script, iterations: 3)
    #expect(trials.map { "\($0.condition) \($0.number)" } == ["cold 1", "warm 1"])
    #expect(trials.map(\.outcome) == [.notPossible, .notPossible])
    #expect(trials[0].reason?.contains("apt-get install podman") == true)
  }

  @Test("a cluster that devbench didn't start can't begin from nothing")
  func kubernetes() async throws {
    var bench = try Bench()
    let cluster = ClusterSpec(
      engine: .kubernetes(KubernetesSpec(context: "kind-none")),
      image: ImageSpec(name: "localhost:5000/a"), manifests: ["*.yaml"], sync: [],
      builder: .append, deploy: .inPlace)
    bench.scenario.workflows = [
      WorkflowSpec(kind: .localCluster, paths: [PathSpec(path: .rebuild, cluster: cluster)])
    ]
    bench.options.experiments = [.setUp, .reproducibility]
    bench.options.purpose = .experiment
    bench.options.iterations = 2
    _ = try await bench.runner().run()
    try bench.expectTidy()
    let trials = try bench.stored().experiments
    #expect(
      trials.map { "\($0.condition) \($0.number) \($0.outcome.rawValue)" } == [
        "cold 1 not-possible", "warm 1 completed", "tear-down 1 completed", "warm 2 completed",
        "tear-down 2 completed", "twice 1 not-possible",
      ])
    #expect(trials[0].reason?.contains("kind-none") == true)
    #expect(trials[0].facts.contains { $0.name == "kubectl" && $0.group == "tools" })
    for trial in trials {
      #expect(trial.phases.reduce(.zero) { $0 + $1.duration } == trial.duration ?? .zero)
    }
  }

  @Test("what a session can't remove fails the tear-down")
  func leftBehind() async throws {
    var bench = try Bench(script: FakeSession.Script(stopNotes: ["a pod is left"]))
    bench.options.experiments = [.setUp]
    bench.options.purpose = .experiment
    bench.options.iterations = 1
    _ = try await bench.runner().run()
    let down = try #require(try bench.stored().experiments.first { $0.condition == "tear-down" })
    #expect(down.outcome == .failed)
    #expect(down.reason == "something is left: a pod is left")
    #expect(
      bench.events.list.contains {
        if case .leftBehind(let text) = $0 { text.contains("a pod is left") } else { false }
      })
  }
}
