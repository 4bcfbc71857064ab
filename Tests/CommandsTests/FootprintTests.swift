import Measurement
import ResultStore
import Testing

@Suite(.serialized, .timeLimit(.minutes(5))) struct FootprintTests {
  @Test("a footprint of a native app is stored with its figures, and says where they were read")
  func native() async throws {
    let bench = try await Bench()
    try bench.scenario()
    let run = try await bench.devbench(
      "run", "small.yaml", "--experiment", "footprint", "--iterations", "1")
    #expect(run.status == 0, "\(run.all)")
    let trials = try bench.stored().experiments
    #expect(trials.map(\.condition) == ["idle", "loop"])
    #expect(trials.allSatisfy { $0.outcome == .completed }, "\(trials.map(\.reason))")
    let figures = trials.map { trial in
      Dictionary(uniqueKeysWithValues: trial.figures.map { ($0.name, $0) })
    }
    for trial in figures {
      let memory = try #require(trial["memory"])
      #expect(memory.unit == .bytes)
      #expect(memory.value > 1e6 && memory.value < 1e9)
      #expect(memory.source.contains("smaps_rollup"))
      #expect(trial["memory of processes"]?.value == memory.value)
      #expect(trial["memory of containers"]?.value == 0)
      #expect(try #require(trial["disk occupied"]).value > 0)
    }
    #expect(try #require(figures[0]["CPU"]).unit == .secondsPerMinute)
    // An app as small as this may use less than a tick of the kernel's clock.
    #expect(try #require(figures[1]["CPU per edit"]).unit == .seconds)
    #expect(figures[1]["edits"]?.value == 5)
    #expect(try #require(trials[0].duration) >= .seconds(10))
    #expect(try bench.scratch().isEmpty)
  }

  @Test("an app that takes no edit in is a trial that timed out, and the run goes on to its end")
  func unserved() async throws {
    let bench = try await Bench()
    try bench.scenario(mode: "fixed", probe: "{ timeout: 12s, interval: 20ms }")
    let run = try await bench.devbench(
      "run", "small.yaml", "--experiment", "footprint", "--iterations", "1")
    #expect(run.status != 70, "\(run.all)")
    let trials = try bench.stored().experiments
    #expect(trials.map(\.outcome) == [.completed, .timedOut])
    #expect(trials[1].reason?.contains("wasn't served within 12 s") == true, "\(trials)")
    #expect(try bench.scratch().isEmpty)
  }

  @Test("an app that doesn't start is a failed trial of each condition")
  func unstarted() async throws {
    let bench = try await Bench()
    try bench.scenario(mode: "exit")
    _ = try await bench.devbench(
      "run", "small.yaml", "--experiment", "footprint", "--iterations", "2")
    let trials = try bench.stored().experiments
    #expect(trials.map(\.condition) == ["idle", "loop"])
    #expect(trials.allSatisfy { $0.outcome == .failed })
    #expect(trials[0].reason?.contains("no such table") == true)
  }
}
