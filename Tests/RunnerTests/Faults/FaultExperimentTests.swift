import Clock
import Link
import Measurement
import ResultStore
import Scenarios
import Synchronization
import Testing
import Workflows

@testable import Runner

@Suite(.serialized, .timeLimit(.minutes(5))) struct FaultExperimentTests {
  private static func served(_ flags: [Bool]) -> [FaultEdit] {
    flags.enumerated().map { index, isServed in
      FaultEdit(
        token: "\(index)", savedAt: .seconds(index), outcome: .lost,
        servedAt: isServed ? .seconds(index) : nil)
    }
  }

  @Test(
    "an edit that a later one took the place of isn't lost if that one, or one after it, was served",
    arguments: [
      ([true, true], [.served, .served]),
      ([false, true], [.superseded, .served]),
      (
        [false, false, true, false, true],
        [.superseded, .superseded, .served, .superseded, .served]
      ),
      ([true, false, false], [.served, .lost, .lost]),
      ([false], [.lost]), ([], []),
    ] as [([Bool], [FaultOutcome])])
  func judged(served: [Bool], outcomes: [FaultOutcome]) {
    #expect(FaultExperiment.judged(Self.served(served)).map(\.outcome) == outcomes)
  }

  @Test("each app and link is tried once, with its first edit")
  func cells() {
    func cell(_ path: UpdatePath, _ edit: String, _ link: String, _ developers: Int) -> Cell {
      Cell(
        workflow: .remoteCluster, path: path, edit: edit, link: link, developers: developers)
    }
    let wanted = [
      cell(.sync, "a", "lan", 1), cell(.sync, "a", "lte", 2), cell(.rebuild, "a", "lan", 1),
    ]
    let all =
      wanted + [
        cell(.sync, "b", "lan", 1), cell(.sync, "a", "lan", 4), cell(.rebuild, "b", "lan", 1),
      ]
    #expect(FaultExperiments.cells(among: all) == wanted)
  }

  private func bench(_ script: FakeSession.Script, timeout: Duration = .seconds(20)) throws -> Bench
  {
    var bench = try Bench(script: script, iterations: 1, timeout: timeout)
    bench.scenario.faults = [
      LinkFault(
        at: .milliseconds(200), name: "offline", condition: .outage(.stall),
        lasting: .milliseconds(300))
    ]
    return bench
  }

  @Test("a link that fails is switched when the scenario says so, and edits go on until after it")
  func goesOn() async throws {
    let bench = try bench(.init())
    let record = try await bench.runner().run()
    #expect(record.status == .finished)
    let trial = try #require(try bench.stored().trials.first)
    let span = try #require(trial.spans.first)
    #expect(span.link == "offline")
    #expect(span.from >= .milliseconds(200) && span.to >= .milliseconds(500))
    #expect(trial.edits.allSatisfy { $0.outcome == .served })
    let (saved, served) = (trial.saved(during: span), trial.served(during: span))
    // The one that was saved last may have been served after the fault's end, and later than usual.
    #expect(!saved.isEmpty && served.count >= saved.count - 1)
    #expect(try #require(trial.edits.last).savedAt >= span.to, "the last edit is saved after it")
    let switches = bench.script.events.withLock { $0.filter { $0.hasPrefix("link") } }
    #expect(switches == ["link stall", "link up"])
    try bench.expectTidy()
  }

  @Test("an edit that is never served is lost, and so is nothing before one that is")
  func loses() async throws {
    // The measured iteration's edit is the first; all of the trial's but its first are ignored.
    let bench = try bench(
      .init(react: { $0 > 1 ? .ignore : .serve }), timeout: .milliseconds(400))
    _ = try await bench.runner().run()
    let trial = try #require(try bench.stored().trials.first)
    #expect(trial.edits.first?.outcome == .served)
    #expect(trial.edits.last?.outcome == .lost && trial.lost > 0)
  }

  @Test("files that differ in the end are told")
  func differs() async throws {
    let bench = try bench(.init(difference: { $0 == 2 ? "page.txt differs" : nil }))
    _ = try await bench.runner().run()
    #expect(try bench.stored().trials.map(\.difference) == ["page.txt differs"])
  }

  @Test("an app that can't be started for its trial fails the run; what was measured is kept")
  func notStarted() async throws {
    let starts = Mutex(0)
    let bench = try bench(
      .init(startFailure: { _ in
        starts.withLock { starts in
          starts += 1
          return starts == 2 ? .stopped : nil
        }
      }))
    await #expect(throws: RunFailure.self) { _ = try await bench.runner().run() }
    let stored = try bench.stored()
    #expect(stored.record.status == .failed)
    #expect(stored.samples.count == 1 && stored.trials.isEmpty)
  }

  @Test("a run that is interrupted in a trial ends in good order")
  func interrupted() async throws {
    let bench = try bench(.init())
    let trying = Mutex<(@Sendable () -> Void)?>(nil)
    let run = Task {
      try await bench.runner { event in
        if case .trying = event { trying.withLock { $0?() } }
      }.run()
    }
    trying.withLock { $0 = { run.cancel() } }
    #expect(try await run.value.status == .interrupted)
    #expect(try bench.stored().trials.isEmpty)
    try bench.expectTidy()
  }
}
