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

  @Test("what could not be prepared is prepared again, rather than timed as if it were")
  func primedOnce() async throws {
    let starts = Mutex(0)
    // Two from nothing, then the one that isn't timed.
    let script = FakeSession.Script(startFailure: { _ in
      starts.withLock { starts in
        starts += 1
        return starts == 3 ? .exited(.exited(3)) : nil
      }
    })
    let trials = try await trials(script)
    #expect(
      trials.map { "\($0.condition) \($0.number) \($0.outcome.rawValue)" } == [
        "cold 1 completed", "tear-down 1 completed", "cold 2 completed", "tear-down 2 completed",
        "warm 1 failed", "warm 2 completed",
      ])
    #expect(script.count("start") == 5)
  }

  @Test("what this machine lacks isn't tried again")
  func lacking() async throws {
    let script = FakeSession.Script(startFailure: { _ in .engine(.missing(program: "podman")) })
    let trials = try await trials(script, iterations: 3)
    #expect(trials.map { "\($0.condition) \($0.number)" } == ["cold 1", "warm 1"])
    #expect(trials.map(\.outcome) == [.notPossible, .notPossible])
    #expect(trials[0].reason?.contains("apt-get install podman") == true)
  }

  @Test(
    "a cluster that devbench didn't start can't begin from nothing, and what is left there fails the tear-down",
    arguments: [[], ["a namespace is left"]])
  func kubernetes(left: [String]) async throws {
    var bench = try Bench(script: FakeSession.Script(stopNotes: left))
    let down = left.isEmpty ? "completed" : "failed"
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
        "cold 1 not-possible", "warm 1 completed", "tear-down 1 \(down)", "warm 2 completed",
        "tear-down 2 \(down)", "twice 1 not-possible",
      ])
    #expect(trials[0].reason?.contains("kind-none") == true)
    #expect(trials[2].reason == left.first.map { "something is left: \($0)" })
    #expect(trials[0].facts.contains { $0.name == "kubectl" && $0.group == "tools" })
    for trial in trials {
      #expect(trial.phases.reduce(.zero) { $0 + $1.duration } == trial.duration ?? .zero)
    }
  }

  @Test(
    "a real installation begins without what the developer has installed, and one of nothing is said to be",
    arguments: [
      // It would fail if the directory were there.
      ([["mkdir", "node_modules"], ["touch", "node_modules/new"]], false), ([["true"]], true),
    ])
  func installing(_ install: [[String]], _ isOfNothing: Bool) async throws {
    var bench = try Bench(iterations: 1)
    try bench.directory.write("source/app.py", Self.app)
    try bench.directory.write("source/node_modules/old", "installed by the developer")
    bench.scenario.workflows = [
      WorkflowSpec(
        kind: .localNative,
        paths: [
          PathSpec(
            path: .restart, command: ["python3", "app.py", "{{port}}"],
            environment: ["PORT": "{{port}}"], install: install)
        ])
    ]
    bench.options.experiments = [.setUp, .reproducibility]
    bench.options.purpose = .experiment
    bench.options.iterations = 1
    let before = try Snapshot(bench.directory.inner("source"), times: true)
    _ = try await Runner(
      scenario: bench.scenario, options: bench.options, store: bench.store, state: bench.state,
      makeSession: { (setup) throws(WorkflowFailure) in try setup.session() }, tell: { _ in }
    ).run()
    #expect(try Snapshot(bench.directory.inner("source"), times: true) == before)
    let trials = try bench.stored().experiments
    let cold = try #require(trials.first { $0.condition == "cold" })
    #expect(cold.outcome == .completed, "\(cold.reason ?? "")")
    #expect(cold.notes.contains { $0.hasPrefix("left out") && $0.hasSuffix(": node_modules") })
    #expect(cold.notes.contains { $0.hasPrefix("“install” brought nothing") } == isOfNothing)
    // In a warm one everything is there already, and nobody wonders.
    let warm = try #require(trials.first { $0.condition == "warm" })
    #expect(warm.outcome == (isOfNothing ? .completed : .failed), "mkdir finds what it made")
    #expect(!warm.notes.contains { $0.hasPrefix("“install” brought nothing") })
    let twice = try #require(trials.first { $0.condition == "twice" })
    #expect(twice.outcome == .completed, "\(twice.reason ?? "")")
    // Each start has a port of its own, which is devbench's choice.
    #expect(!twice.facts.contains { $0.name.hasSuffix("environment/PORT") }, "\(twice.facts)")
    let compared = twice.figures.first { $0.name == "files compared" }?.value
    #expect(compared == (isOfNothing ? 0 : 2))
    #expect(twice.notes.contains { $0.hasPrefix("“install” brought nothing") } == isOfNothing)
  }

  private static let app = """
    import http.server, sys
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
        def log_message(self, *_): pass
    http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()

    """

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
