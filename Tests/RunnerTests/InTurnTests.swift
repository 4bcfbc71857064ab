import Foundation
import Measurement
import Processes
import ResultStore
import Scenarios
import Synchronization
import TestSupport
import Testing
import Workflows

@testable import Runner

/// Two scenarios that are measured in turn.
@Suite(.serialized, .timeLimit(.minutes(5))) struct InTurnTests {
  /// The bench's scenario, and the same with other sources.
  private static func sides(_ bench: Bench) throws -> [Scenario] {
    try bench.directory.write("other/page.txt", "Hello\nagain\n")
    var other = bench.scenario
    other.app.source = bench.directory.inner("other")
    return [bench.scenario, other]
  }

  private static func runner(
    _ bench: Bench, tell: @escaping @Sendable (RunEvent) -> Void = { _ in }
  ) throws -> Runner {
    let (script, events) = (bench.script, bench.events)
    return Runner(
      inTurn: try sides(bench), options: bench.options, store: bench.store, state: bench.state,
      makeSession: { (setup) throws(WorkflowFailure) in
        try FakeSession(script: script, setup: setup)
      },
      tell: {
        events.add($0)
        tell($0)
      })
  }

  private static func stored(_ bench: Bench) throws -> [StoredRun] {
    try bench.store.heads().map { try bench.store.storedRun(id: $0.id) }
  }

  @Test(arguments: RunRecord.Purpose.allCases)
  func `each side is a run that names the other as its twin`(_ purpose: RunRecord.Purpose)
    async throws
  {
    var bench = try Bench(paths: [.reload, .restart], warmups: 1, iterations: 3)
    (bench.options.purpose, bench.options.seed) = (purpose, 11)
    let records = try await Self.runner(bench).runAll()
    #expect(records.count == 2)
    #expect(records.map(\.twin) == [records[1].id, records[0].id])
    #expect(records[0].id != records[1].id)
    let runs = try records.map { try bench.store.storedRun(id: $0.id) }
    #expect(runs.map(\.record.status) == [.finished, .finished])
    #expect(runs.map(\.record.purpose) == [purpose, purpose])
    #expect(runs.map(\.record.twin) == records.map(\.twin))
    #expect(runs.allSatisfy { $0.record.finishedAt != nil })
    #expect(bench.script.trees.withLock { Set($0).count } == 4, "each path of each side has a tree")
    try bench.expectTidy()
  }

  @Test func `samples are in the run of their side, in the planned order`() async throws {
    var bench = try Bench(paths: [.reload, .restart], warmups: 1, iterations: 3)
    bench.options.seed = 11
    // Which run grew by each sample, as it was measured.
    let growth = Mutex<[[Int]]>([])
    let store = bench.store
    let records = try await Self.runner(bench) { event in
      guard case .measured = event, let heads = try? store.heads() else { return }
      let counts = heads.map { (try? store.storedRun(id: $0.id).samples.count) ?? -1 }
      growth.withLock { $0.append(counts) }
    }.runAll()
    let plan = Plan(
      cells: try bench.options.cells(of: bench.scenario), arms: 2, warmups: 1, iterations: 3,
      order: .interleaved, seed: 11)
    let order = try bench.store.heads().map(\.id)
    for (arm, record) in records.enumerated() {
      let steps = plan.steps.filter { $0.arm == arm }
      let samples = try bench.store.storedRun(id: record.id).samples
      #expect(samples.map(\.cell) == steps.map(\.cell))
      #expect(samples.map(\.block) == steps.map(\.block))
      #expect(samples.map(\.iteration) == steps.map(\.iteration))
      #expect(samples.map(\.isWarmup) == steps.map(\.isWarmup))
      #expect(samples.allSatisfy { $0.outcome == .served })
    }
    let places = try records.map { try #require(order.firstIndex(of: $0.id)) }
    var expected = [0, 0]
    let counts = plan.steps.map { step in
      expected[places[step.arm]] += 1
      return expected
    }
    #expect(growth.withLock { $0 } == counts)
    let done = bench.events.list.compactMap { event -> Int? in
      if case .measured(_, _, let done, let total) = event, total == 16 { done } else { nil }
    }
    #expect(done == Array(1...16))
  }

  @Test func `each side is served from its own sources, which stay as they were`() async throws {
    let bench = try Bench(iterations: 2)
    let trees = Mutex<[String: [String]]>([:])
    let script = bench.script
    let runner = try Self.runner(bench) { event in
      guard case .measured(_, _, 1, _) = event else { return }
      for tree in script.trees.withLock({ $0 }) {
        let text = try? String(contentsOfFile: tree + "/page.txt", encoding: .utf8)
        trees.withLock { $0[tree] = (text ?? "").split(separator: "\n").map(String.init) }
      }
    }
    let source = try Snapshot(bench.directory.inner("source"), times: true)
    let other = try Snapshot(bench.directory.inner("other"), times: true)
    _ = try await runner.runAll()
    #expect(trees.withLock { $0.values.map(\.count).sorted() } == [1, 2])
    #expect(try Snapshot(bench.directory.inner("source"), times: true) == source)
    #expect(try Snapshot(bench.directory.inner("other"), times: true) == other)
  }

  @Test func `an app of one side that doesn't start fails both runs`() async throws {
    // Each session starts once; the second is that of the other side.
    let starts = Recorder<Int>()
    let bench = try Bench(
      script: .init(
        output: ["no such table"],
        startFailure: {
          starts.record($0)
          return starts.all.count == 2 ? .exited(.exited(1)) : nil
        }))
    let failure = await #expect(throws: RunFailure.self) {
      _ = try await Self.runner(bench).runAll()
    }
    let runs = try Self.stored(bench)
    #expect(runs.map(\.record.status) == [.failed, .failed])
    #expect(runs.allSatisfy { $0.record.statusReason == failure?.description })
    #expect(runs.allSatisfy { $0.record.finishedAt != nil && $0.samples.isEmpty })
    try bench.expectTidy()
  }

  @Test func `a side that can't be started any more ends both, and what was measured stays`()
    async throws
  {
    let bench = try Bench(script: .init(isHopeless: { $0.hasSuffix("-b") }), iterations: 9)
    _ = await #expect(throws: RunFailure.self) { _ = try await Self.runner(bench).runAll() }
    let runs = try Self.stored(bench)
    #expect(runs.map(\.record.status) == [.failed, .failed])
    let outcomes = runs.flatMap { $0.samples.map(\.outcome) }
    #expect(outcomes.contains(.served) && outcomes.count { $0 == .failed } == 3)
    #expect(
      runs.allSatisfy { Set($0.samples.map(\.outcome)).count == 1 }, "one side fails alone")
    try bench.expectTidy()
  }

  @Test func `an interruption ends both, and both are returned`() async throws {
    let bench = try Bench(iterations: 9)
    let task = Mutex<Task<[RunRecord], any Error>?>(nil)
    let runner = try Self.runner(bench) { event in
      if case .measured(_, _, 3, _) = event { task.withLock { $0?.cancel() } }
    }
    task.withLock { $0 = Task { try await runner.runAll() } }
    let records = try #require(try await task.withLock { $0 }?.value)
    #expect(records.map(\.status) == [.interrupted, .interrupted])
    let runs = try Self.stored(bench)
    #expect(runs.map(\.record.status) == [.interrupted, .interrupted])
    #expect(runs.reduce(0) { $0 + $1.samples.count } == 3)
    try bench.expectTidy()
  }
}
