import Clock
import Foundation
import Glibc
import Measurement
import Processes
import ResultStore
import Scenarios
import Testing
import Workflows

@testable import Runner

@Suite("RecoveryExperiment", .serialized, .timeLimit(.minutes(5)))
struct RecoveryExperimentTests {
  @Test(
    "faults are tried of what a workflow has",
    arguments: [
      (WorkflowKind.localNative, false, "process-killed disk-full"),
      (
        .localCluster, true,
        "process-killed container-killed pod-deleted engine-stopped disk-full"
      ),
      (
        .remoteCluster, true,
        "process-killed container-killed pod-deleted engine-stopped link-cut registry-gone disk-full"
      ),
    ])
  func faults(kind: WorkflowKind, isCluster: Bool, names: String) {
    let path = PathSpec(
      path: isCluster ? .sync : .reload,
      cluster: isCluster
        ? ClusterSpec(
          engine: .podman, image: ImageSpec(name: "app", context: "."), manifests: [], sync: [],
          builder: .append, deploy: .inPlace) : nil)
    let faults = RecoveryFault.all(of: WorkflowSpec(kind: kind, paths: [path]), path: path)
    #expect(faults.map(\.rawValue).joined(separator: " ") == names)
  }

  /// An app in processes of its own: serves a file as it was at the start.
  private func bench(_ options: (inout RunOptions) -> Void = { _ in }) throws -> Bench {
    var bench = try Bench(iterations: 1, timeout: .seconds(20))
    try bench.directory.write("source/app.py", Self.app)
    bench.scenario.workflows = [
      WorkflowSpec(
        kind: .localNative,
        paths: [PathSpec(path: .restart, command: ["python3", "app.py", "{{port}}"])])
    ]
    bench.options.experiments = [.recovery]
    bench.options.iterations = 1
    options(&bench.options)
    return bench
  }

  private static let app = """
    import http.server, sys
    text = open("page.txt").read()
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(text.encode())
        def log_message(self, *_): pass
    http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()

    """

  /// With sessions of real processes.
  private func runner(
    _ bench: Bench, tell: @escaping @Sendable (RunEvent) -> Void = { _ in }
  ) -> Runner {
    Runner(
      scenario: bench.scenario, options: bench.options, store: bench.store, state: bench.state,
      makeSession: { (setup) throws(WorkflowFailure) in try setup.session() }, tell: tell)
  }

  /// In a run's own state: an engine mounts and unmounts elsewhere meanwhile.
  private func mounts(_ bench: Bench) throws -> Int {
    try #require(MountTable.currentText()).split(separator: "\n")
      .count { $0.contains(bench.state.path) }
  }

  @Test("a real process is killed and a real disk filled; both apps come back, and nothing is left")
  func real() async throws {
    let bench = try bench()
    _ = try await runner(bench).run()
    let trials = try bench.stored().experiments
    #expect(trials.map(\.condition) == ["process-killed", "disk-full"])
    let killed = try #require(trials.first)
    #expect(killed.outcome == .completed, "\(killed)")
    #expect(
      killed.facts == [
        TrialFact("hand", "none"), TrialFact("edit made meanwhile", "served"),
      ])
    let bracket = try #require(killed.bracket)
    #expect(bracket.high == killed.duration && bracket.low > .zero)
    #expect(killed.phases.reduce(.zero) { $0 + $1.duration } == killed.duration)
    let full = try #require(trials.last)
    if getuid() == 0 {
      #expect(full.outcome == .completed, "\(full)")
      // It couldn't be saved: saving it once there was room is no help that the app needed.
      #expect(
        full.facts == [
          TrialFact("hand", "none (it could not be saved)"),
          TrialFact("edit made meanwhile", "not saved"),
        ])
      #expect(full.notes.contains { $0.contains("No space left on device") })
    } else {
      #expect(full.outcome == .notPossible && full.reason?.contains("root") == true)
    }
    #expect(try mounts(bench) == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: bench.state.path + "/runs") == [])
  }

  @Test("a run that is interrupted while the disk is full unmounts it")
  func interrupted() async throws {
    guard getuid() == 0 else { return }
    let bench = try bench()
    let (trying, continuation) = AsyncStream.makeStream(of: Void.self)
    let runner = runner(bench) { event in
      if case .experimenting(_, _, "disk-full", _) = event { continuation.yield() }
    }
    let run = Task { try await runner.run() }
    for await _ in trying { break }
    #expect(try mounts(bench) == 1)
    run.cancel()
    #expect(try await run.value.status == .interrupted)
    #expect(try mounts(bench) == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: bench.state.path + "/runs") == [])
  }

  @Test("a fault that can't be ended fails its trial")
  func lasting() async throws {
    struct Stuck: Error, CustomStringConvertible { let description = "the link doesn't answer" }
    let now = MonotonicInstant.now()
    let made = MadeFault(
      at: now, made: now + (.zero - RecoveryExperiment.lasting),
      what: "the link was cut"
    ) { throw Stuck() }
    do {
      _ = try await RecoveryExperiment.end(made)
      Issue.record("it ended")
    } catch let reason as ExperimentBench.NotReached {
      #expect(reason.outcome == .failed)
      #expect(reason.reason.hasSuffix("(the link was cut): the link doesn't answer"))
    }
  }

  @Test("a fault that can't be made is told with its reason, and the next is tried on the same app")
  func notPossible() async throws {
    // Nothing is known of what the fake runs on.
    var bench = try Bench(iterations: 1)
    bench.options.experiments = [.recovery]
    bench.options.iterations = 2
    _ = try await bench.runner().run()
    let trials = try bench.stored().experiments.filter { $0.condition == "process-killed" }
    #expect(trials.map(\.outcome) == [.notPossible, .notPossible])
    #expect(trials.allSatisfy { $0.reason == "nothing is known of what the app runs on" })
    #expect(bench.script.count("start") == (getuid() == 0 ? 2 : 1), "one more for the disk")
  }

  @Test("an app that doesn't start fails its trials after a second attempt, and no more are made")
  func hopeless() async throws {
    var bench = try Bench(script: .init(startFailure: { _ in .stopped }), iterations: 1)
    bench.options.experiments = [.breakFix]
    bench.options.iterations = 4
    _ = try await bench.runner().run()
    let trials = try bench.stored().experiments
    #expect(trials.count == 4 && trials.allSatisfy { $0.outcome == .failed && $0.reason != nil })
    #expect(bench.script.count("start") == 2)
  }
}
