import Measurement
import Processes
import ResultStore
import Scenarios
import Synchronization
import Testing
import Workflows

@testable import Runner

@Suite(.timeLimit(.minutes(2))) struct DevelopersTests {
  private func bench(
    _ script: FakeSession.Script, developers: [Int], iterations: Int
  ) throws -> Bench {
    var bench = try Bench(script: script, iterations: iterations)
    bench.scenario.workflows = [
      WorkflowSpec(
        kind: .remoteCluster, paths: [PathSpec(path: .sync, command: ["unused"])],
        developers: developers)
    ]
    return bench
  }

  @Test("each developer has an app and a tree of its own, and measures every step of its cells")
  func counts() async throws {
    let bench = try bench(FakeSession.Script(), developers: [1, 2, 4], iterations: 2)
    let record = try await bench.runner().run()
    #expect(record.status == .finished)
    let samples = try bench.stored().samples
    for number in [1, 2, 4] {
      let measured = samples.filter { $0.cell.developers == number }
      #expect(measured.allSatisfy { $0.outcome == .served })
      for developer in 1...number {
        #expect(measured.count { $0.developer == developer } == 2)
      }
    }
    #expect(Set(bench.script.trees.withLock { $0 }).count == 4)
    #expect(bench.script.count("start") == 4)
    try bench.expectTidy()
  }

  @Test("the others' figures don't notice a developer whose app is lost for good")
  func hopeless() async throws {
    let script = FakeSession.Script(isHopeless: { $0.hasSuffix("-2") })
    let bench = try bench(script, developers: [3], iterations: 6)
    let record = try await bench.runner().run()
    #expect(record.status == .finished)
    let samples = try bench.stored().samples
    for developer in 1...3 {
      let outcomes = samples.filter { $0.developer == developer }.map(\.outcome)
      #expect(
        outcomes == Array(repeating: developer == 2 ? .failed : .served, count: 6),
        "developer \(developer)")
    }
    // It is given up on: three attempts and the first start, beside the others' starts.
    #expect(bench.script.count("start") == 6)
    #expect(bench.events.notes.count { $0.contains("could not be started again") } == 3)
    try bench.expectTidy()
  }

  @Test("a run whose developers have all lost their apps for good ends as failed")
  func allHopeless() async throws {
    let script = FakeSession.Script(isHopeless: { _ in true })
    let bench = try bench(script, developers: [2], iterations: 9)
    await #expect(throws: RunFailure.self) { try await bench.runner().run() }
    #expect(try bench.stored().samples.count == 6)
    try bench.expectTidy()
  }

  @Test("a developer's app that doesn't start fails the run, and nothing is left of the others'")
  func startFailure() async throws {
    let starts = Mutex(0)
    let script = FakeSession.Script(startFailure: { _ in
      starts.withLock { starts in
        starts += 1
        return starts == 3 ? .exited(.exited(9)) : nil
      }
    })
    let bench = try bench(script, developers: [4], iterations: 2)
    await #expect(throws: RunFailure.self) { try await bench.runner().run() }
    #expect(bench.script.count("stop") == 4)
    try bench.expectTidy()
  }
}
