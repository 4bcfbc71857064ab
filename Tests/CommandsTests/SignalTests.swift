import Clock
import Foundation
import Glibc
import Measurement
import Processes
import ResultStore
import Testing

/// Runs that are ended from outside.
@Suite(.serialized, .timeLimit(.minutes(5))) struct SignalTests {
  struct Ending: Sendable {
    var number: Int32
    var status: Int32
  }

  @Test(
    "a signal ends a run in good order: samples kept, nothing left",
    arguments: [
      Ending(number: SIGINT, status: 130), Ending(number: SIGTERM, status: 143),
      Ending(number: SIGHUP, status: 129),
    ])
  func signals(ending: Ending) async throws {
    let bench = try await Bench()
    try bench.scenario(paths: ["reload", "restart"], iterations: 5000)
    let running = try await bench.start(["run", "small.yaml", "--db", bench.database])
    _ = try await running.line { $0.hasPrefix("[5/") }
    #expect(!running.children.isEmpty)
    running.send(ending.number)
    let run = try await running.finish()
    #expect(run.status == ending.status, "\(run.all.suffix(2000))")
    #expect(running.children.isEmpty)
    let stored = try bench.stored()
    #expect(stored.record.status == .interrupted)
    #expect(stored.samples.count == run.lines.count { $0.hasPrefix("[") })
    #expect(stored.samples.count >= 5)
    #expect(run.output.contains(stored.record.id))
    #expect(try bench.scratch().isEmpty)
  }

  @Test("a signal while the app starts ends the run at once, as interrupted")
  func whileStarting() async throws {
    let bench = try await Bench()
    try bench.scenario(mode: "hang", probe: "{ interval: 20ms, timeout: 1h }")
    let running = try await bench.start(["run", "small.yaml", "--db", bench.database])
    _ = try await running.line { $0.hasPrefix("starting") }
    running.send(SIGINT)
    let run = try await running.finish()
    #expect(run.status == 130, "\(run.all)")
    #expect(running.children.isEmpty)
    #expect(try bench.stored().record.status == .interrupted)
    #expect(try bench.scratch().isEmpty)
  }

  @Test("a hang-up that nohup ignores doesn't end a run")
  func nohup() async throws {
    let bench = try await Bench()
    try bench.scenario(iterations: 5000)
    let running = try await bench.start(
      ["run", "small.yaml", "--db", bench.database], wrapper: ["nohup"])
    _ = try await running.line { $0.hasPrefix("[2/") }
    running.send(SIGHUP)
    _ = try await running.line { $0.hasPrefix("[12/") }
    running.send(SIGTERM)
    #expect(try await running.finish().status == 143)
  }

  @Test("a signal in the first of several scenarios leaves the others out")
  func severalScenarios() async throws {
    let bench = try await Bench()
    try bench.scenario("first", iterations: 5000)
    try bench.scenario("second")
    let running = try await bench.start([
      "run", "first.yaml", "second.yaml", "--db", bench.database,
    ])
    _ = try await running.line { $0.hasPrefix("[2/") }
    running.send(SIGTERM)
    #expect(try await running.finish().status == 143)
    #expect(try bench.store().listings(limit: 5).map(\.scenario) == ["first"])
  }

  @Test("after kill -9 the samples are there, and the next run removes what was left")
  func killed() async throws {
    let bench = try await Bench()
    try bench.scenario(paths: ["reload", "restart"], iterations: 5000)
    let running = try await bench.start(["run", "small.yaml", "--json", "--db", bench.database])
    let started = try await running.line { $0.contains("run-started") }
    let id = try #require(try started.json["run"] as? String)
    _ = try await running.line { $0.contains(#""done":6,"#) }
    running.send(SIGKILL)
    let killed = try await running.finish()
    #expect(killed.status == -SIGKILL)
    #expect(!running.children.isEmpty, "the apps outlive devbench")
    #expect(try bench.scratch().count == 1)
    let acknowledged = killed.lines.count { $0.contains(#""event":"sample""#) }
    #expect(acknowledged >= 6)
    #expect(try bench.store().storedRun(id: id).samples.count >= acknowledged)
    #expect(try bench.store().storedRun(id: id).record.status == .running)

    try bench.scenario("next", iterations: 1)
    let next = try await bench.devbench("run", "next.yaml")
    #expect(next.status == 0, "\(next.all)")
    #expect(next.errors.contains("scratch directory removed"))
    #expect(next.errors.contains(id))
    #expect(running.children.isEmpty)
    #expect(try bench.scratch().isEmpty)
    let stored = try bench.store().storedRun(id: id)
    #expect(stored.record.status == .abandoned)
    #expect(stored.samples.count >= acknowledged)
    let show = try await bench.devbench("show", id)
    #expect(show.status == 0)
    #expect(show.output.contains("abandoned"), "\(show.output.prefix(1000))")
  }

  @Test("a run that lives is left alone by the next one")
  func neighbour() async throws {
    let bench = try await Bench()
    try bench.scenario("long", iterations: 5000)
    try bench.scenario("short", iterations: 1)
    let long = try await bench.start(["run", "long.yaml", "--db", bench.database])
    _ = try await long.line { $0.hasPrefix("[2/") }
    let short = try await bench.devbench("run", "short.yaml")
    #expect(short.status == 0, "\(short.all)")
    #expect(short.errors == "")
    #expect(!long.children.isEmpty)
    long.send(SIGINT)
    #expect(try await long.finish().status == 130)
  }
}
