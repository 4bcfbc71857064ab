import Clock
import Foundation
import Glibc
import Measurement
import Processes
import ResultStore
import Scenarios
import Synchronization
import Testing
import Workflows

@testable import Runner

@Suite(.serialized, .timeLimit(.minutes(5))) struct RunnerTests {
  @Test("served edits are stored in the planned order, with bracket, phases and costs")
  func served() async throws {
    let template = Edit(
      name: "template",
      changes: [Change(file: "new-{{token}}.txt", action: .create(content: "x"))])
    var bench = try Bench(
      edits: [Bench.message, template], paths: [.reload, .restart], warmups: 1, iterations: 3)
    bench.options.seed = 11
    let before = try Snapshot(bench.directory.inner("source"), times: true)
    let record = try await bench.runner().run()

    #expect(record.status == .finished)
    #expect(record.seed == 11)
    let stored = try bench.stored()
    #expect(stored.record.status == .finished)
    #expect(stored.record.environment.loadAfter?.count == 3)
    #expect(stored.record.finishedAt != nil)
    let plan = Plan(
      cells: try bench.options.cells(of: bench.scenario), warmups: 1, iterations: 3,
      order: .interleaved, seed: 11)
    #expect(stored.samples.map(\.cell) == plan.steps.map(\.cell))
    #expect(stored.samples.map(\.iteration) == plan.steps.map(\.iteration))
    #expect(stored.samples.map(\.isWarmup) == plan.steps.map(\.isWarmup))
    #expect(stored.samples.map(\.block) == plan.steps.map(\.block))
    for sample in stored.samples {
      #expect(sample.outcome == .served, "\(sample.reason ?? "")")
      let bracket = try #require(sample.bracket)
      #expect(bracket.high == sample.duration)
      #expect(bracket.low >= .zero && bracket.low <= bracket.high)
      #expect(sample.phases.reduce(.zero) { $0 + $1.duration } == sample.duration)
      #expect(sample.phases.map(\.name) == ["detect", "reload", Phase.unattributed])
      #expect(sample.probes >= 1)
    }
    #expect(Set(stored.samples.map(\.token)).count == 16)
    #expect(try Snapshot(bench.directory.inner("source"), times: true) == before)
    #expect(bench.script.trees.withLock { $0.count } == 2, "one session a workflow and path")
    try bench.expectTidy()
  }

  @Test("a served edit whose copy differs is wrong, with its figures, and the next begins afresh")
  func wrong() async throws {
    let bench = try Bench(
      script: .init(difference: { $0 == 2 ? "/app/page.txt differs from page.txt" : nil }))
    _ = try await bench.runner().run()
    let samples = try bench.stored().samples
    #expect(samples.map(\.outcome) == [.served, .wrong, .served])
    #expect(samples[1].reason == "/app/page.txt differs from page.txt")
    let bracket = try #require(samples[1].bracket)
    #expect(bracket.high == samples[1].duration)
    #expect(samples[1].phases.reduce(.zero) { $0 + $1.duration } == samples[1].duration)
    #expect(bench.script.count("start") == 2)
    try bench.expectTidy()
  }

  @Test("a served edit whose copy can't be compared has failed, and is not called wrong")
  func incomparable() async throws {
    let bench = try Bench(
      script: .init(difference: { check in
        if check == 2 { throw WorkflowFailure.sync("the stream ended") }
        return nil
      }))
    _ = try await bench.runner().run()
    let samples = try bench.stored().samples
    #expect(samples.map(\.outcome) == [.served, .failed, .served])
    #expect(samples[1].reason == "the stream ended")
    try bench.expectTidy()
  }

  @Test("the loop's part is awaited before its phases are asked for and the copy is compared")
  func awaited() async throws {
    let bench = try Bench(iterations: 1)
    _ = try await bench.runner().run()
    let order = bench.script.events.withLock { $0.filter { $0 != "start" && $0 != "stop" } }
    #expect(order.suffix(3) == ["acted", "spans", "verify"])
  }

  @Test("the sample is in the store when its event comes, before the next iteration begins")
  func storedAtOnce() async throws {
    let bench = try Bench(paths: [.reload, .restart], warmups: 1, iterations: 4)
    let counts = Mutex<[Int]>([])
    let store = bench.store
    _ = try await bench.runner { event in
      guard case .measuring = event, let id = try? store.latestRunID(),
        let run = try? store.storedRun(id: id)
      else { return }
      counts.withLock { $0.append(run.samples.count) }
    }.run()
    #expect(counts.withLock { $0 } == Array(0..<10))
  }

  @Test(
    "40, 48: an edit that is never served is timed-out with the app's last lines, and the run goes on"
  )
  func neverServed() async throws {
    let lines = (1...30).map { "Inotify queue overflowed; reconciling recursive watches \($0)" }
    let bench = try Bench(
      script: .init(output: lines) { $0 == 2 ? .ignore : .serve }, iterations: 4,
      timeout: .milliseconds(700))
    let record = try await bench.runner().run()
    #expect(record.status == .finished)
    let samples = try bench.stored().samples
    #expect(samples.map(\.outcome) == [.served, .timedOut, .served, .served])
    let reason = try #require(samples[1].reason)
    #expect(reason.hasPrefix("not served within 700 ms: it answered HTTP 200 without the new text"))
    #expect(reason.hasSuffix("watches 29\n" + lines[29]))
    #expect(!reason.contains("watches 20\n"), "ten lines are enough")
    #expect(samples[1].bracket == nil)
    #expect(samples[1].duration >= .milliseconds(700))
    #expect(samples[1].phases.reduce(.zero) { $0 + $1.duration } == samples[1].duration)
    #expect(bench.script.count("start") == 2, "the app was started again once")
  }

  @Test("an app that is lost fails the edit at once, and the next iteration has a fresh app")
  func appLost() async throws {
    let bench = try Bench(
      script: .init(output: ["SyntaxError: invalid syntax"]) { $0 == 1 ? .crash : .serve },
      warmups: 1, iterations: 2, timeout: .seconds(60))
    let record = try await bench.runner().run()
    #expect(record.status == .finished)
    let samples = try bench.stored().samples
    #expect(samples.map(\.outcome) == [.failed, .served, .served])
    #expect(samples.map(\.isWarmup) == [true, false, false])
    let reason = try #require(samples[0].reason)
    #expect(reason == "the app exited with status 3; its last lines:\nSyntaxError: invalid syntax")
    #expect(samples[0].duration < .seconds(60), "the limit was not waited for")
  }

  @Test("an app that is lost between two edits fails the next one without waiting for the limit")
  func lostWhileWaiting() async throws {
    // The app looks at its tree whenever it is asked: a file of our own is an edit to it.
    let script = FakeSession.Script(output: ["out of memory"]) { $0 == 2 ? .crash : .serve }
    let bench = try Bench(script: script, timeout: .seconds(60))
    let started = MonotonicInstant.now()
    let runner = bench.runner { event in
      guard case .measured(_, _, 1, _) = event, let tree = script.trees.withLock({ $0.first })
      else { return }
      _ = FileManager.default.createFile(atPath: tree + "/stray", contents: Data("stray".utf8))
    }
    _ = try await runner.run()
    let samples = try bench.stored().samples
    #expect(samples.map(\.outcome) == [.served, .failed, .served])
    let reason = try #require(samples[1].reason)
    #expect(reason.contains("the app exited with status 3"))
    #expect(reason.hasSuffix("out of memory"))
    #expect(MonotonicInstant.now() - started < .seconds(60))
  }

  @Test("an app that answers 500 to the end fails with the status")
  func serverError() async throws {
    let bench = try Bench(
      script: .init { $0 == 1 ? .fail(status: 500) : .serve }, iterations: 2,
      timeout: .milliseconds(500))
    _ = try await bench.runner().run()
    let samples = try bench.stored().samples
    #expect(samples.map(\.outcome) == [.failed, .served])
    #expect(
      samples[0].reason
        == "the app answered HTTP 500 until the limit of 500 ms; it printed nothing")
  }

  @Test("an edit that creates a file is measured again after another edit was served")
  func createBesideReplace() async throws {
    let create = Edit(
      name: "create",
      changes: [Change(file: "pages/new.txt", action: .create(content: "{{token}}"))])
    let bench = try Bench(edits: [Bench.message, create], iterations: 6, timeout: .seconds(5))
    _ = try await bench.runner().run()
    let samples = try bench.stored().samples
    #expect(samples.map { $0.reason } == Array(repeating: nil, count: 12))
    #expect(samples.map(\.outcome) == Array(repeating: .served, count: 12))
  }

  @Test("an app that can't be started any more ends the run as failed after three attempts")
  func noRecovery() async throws {
    let bench = try Bench(
      script: .init(
        output: ["Address already in use"], react: { _ in .crash },
        startFailure: { $0 > 1 ? .exited(.signalled(9)) : nil }), iterations: 9)
    let failure = await #expect(throws: RunFailure.self) { _ = try await bench.runner().run() }
    let text = try #require(failure).description
    #expect(text.hasPrefix("local-native/reload: the app was ended by signal 9"))
    #expect(text.hasSuffix("Address already in use"))
    let stored = try bench.stored()
    #expect(stored.record.status == .failed)
    #expect(stored.record.statusReason == text)
    #expect(stored.samples.map(\.outcome) == [.failed, .failed, .failed])
    #expect(
      stored.samples[2].reason == "the app was not running: it could not be started again")
    #expect(bench.script.count("start") == 4)
    #expect(bench.events.notes.count == 3)
    try bench.expectTidy()
  }

  @Test("a source that vanished in mid-run ends the run as failed, with its name")
  func sourceVanished() async throws {
    let bench = try Bench(iterations: 9)
    let source = bench.directory.inner("source")
    let failure = await #expect(throws: RunFailure.self) {
      _ = try await bench.runner { event in
        guard case .measured(_, _, 2, _) = event else { return }
        try? FileManager.default.removeItem(atPath: source)
      }.run()
    }
    #expect(try #require(failure).description.contains("\(source)/page.txt can't be read"))
    let stored = try bench.stored()
    #expect(stored.record.status == .failed)
    #expect(stored.samples.count == 2)
    try bench.expectTidy()
  }

  @Test("an edit that fails at the very end costs no further start of the app")
  func failureAtTheEnd() async throws {
    let bench = try Bench(script: .init { $0 == 2 ? .crash : .serve }, iterations: 2)
    _ = try await bench.runner().run()
    #expect(try bench.stored().samples.map(\.outcome) == [.served, .failed])
    #expect(bench.script.count("start") == 1)
  }

  @Test("an app that doesn't start fails the run, and nothing is left")
  func noStart() async throws {
    let bench = try Bench(
      script: .init(output: ["no such table"], startFailure: { _ in .exited(.exited(1)) }))
    let failure = await #expect(throws: RunFailure.self) { _ = try await bench.runner().run() }
    #expect(
      try #require(failure).description
        == "local-native/reload: the app exited with status 1; its last lines:\nno such table")
    #expect(try bench.stored().record.status == .failed)
    #expect(try bench.stored().samples.isEmpty)
    try bench.expectTidy()
  }

  // MARK: Cancellation

  /// Where a run is when it is cancelled.
  enum Moment: CaseIterable { case copying, starting, waiting, measuring }

  @Test(
    "a cancelled run is interrupted, keeps its samples and stops its sessions",
    arguments: Moment.allCases)
  func cancellation(moment: Moment) async throws {
    let bench = try Bench(
      script: .init { moment == .measuring && $0 == 3 ? .ignore : .serve }, iterations: 9,
      timeout: .seconds(100),
      thinkTime: moment == .waiting ? .seconds(90)...(.seconds(90)) : .zero...(.zero))
    let measured = moment == .measuring ? 2 : 0
    let task = Mutex<Task<RunRecord, any Error>?>(nil)
    let runner = bench.runner { event in
      let isMoment =
        switch (moment, event) {
        case (.copying, .started), (.starting, .starting), (.waiting, .measuring): true
        case (.measuring, .measured(_, _, 2, _)): true
        default: false
        }
      if isMoment { task.withLock { $0?.cancel() } }
    }
    task.withLock { $0 = Task { try await runner.run() } }
    let record = try #require(try await task.withLock { $0 }?.value)
    #expect(record.status == .interrupted)
    let stored = try bench.stored()
    #expect(stored.record.status == .interrupted)
    #expect(stored.record.finishedAt != nil)
    #expect(stored.samples.count == measured)
    #expect(bench.script.count("stop") == bench.script.trees.withLock { $0.count })
    try bench.expectTidy()
  }

  // MARK: The store

  @Test("a database that fails in mid-run ends the run with the store's own words")
  func storeFailure() async throws {
    let bench = try Bench(iterations: 9)
    let store = bench.store
    let failure = await #expect(throws: RunFailure.self) {
      _ = try await bench.runner { event in
        guard case .measured(_, _, 2, _) = event else { return }
        try? store.close()
      }.run()
    }
    guard case .store(let error) = try #require(failure) else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect("\(error)".contains(bench.directory.inner("results.sqlite")))
    let again = try ResultStore.open(path: bench.directory.inner("results.sqlite"))
    #expect(try again.storedRun(id: again.latestRunID()).samples.count == 2)
    try bench.expectTidy()
  }

  @Test("a run that can't be stored isn't begun, and leaves no scratch directory")
  func storeFailureAtStart() async throws {
    let bench = try Bench()
    try bench.store.close()
    await #expect(throws: RunFailure.self) { _ = try await bench.runner().run() }
    #expect(bench.events.list.isEmpty)
    try bench.expectTidy()
  }

  // MARK: Settings

  @Test("41: think times are drawn from the scenario's whole range")
  func thinkTimes() async throws {
    let range: ClosedRange<Duration> = .milliseconds(20)...(.milliseconds(60))
    let bench = try Bench(iterations: 12, thinkTime: range)
    _ = try await bench.runner().run()
    let waits = bench.events.list.compactMap { event -> Duration? in
      if case .measured(_, let cost, _, _) = event { cost.waiting } else { nil }
    }
    #expect(waits.count == 12)
    // A wait may end late on a busy machine, never early.
    #expect(waits.allSatisfy { $0 >= range.lowerBound })
    #expect(Set(waits.map { $0.wholeNanoseconds / 1_000_000 }).count > 3)
  }

  @Test("options override the scenario, and are stored with the run")
  func overrides() async throws {
    var bench = try Bench(paths: [.reload, .restart], warmups: 3, iterations: 7)
    bench.options.iterations = 2
    bench.options.warmups = 1
    bench.options.order = .sequential
    bench.options.seed = 5
    bench.options.paths = [PathName(.restart)]
    let record = try await bench.runner().run()
    #expect(record.order == "sequential")
    #expect(record.seed == 5)
    #expect(record.cells.map(\.cell.path) == [.restart])
    #expect(record.cells.map(\.warmups) == [1])
    #expect(record.cells.map(\.iterations) == [2])
    #expect(try bench.stored().samples.map(\.isWarmup) == [true, false, false])
  }

  @Test("variants of a path are cells of their own, each with an app and a tree of its own")
  func variants() async throws {
    var bench = try Bench(iterations: 2)
    bench.scenario.workflows[0].paths.append(
      PathSpec(path: .reload, variant: "other", command: ["unused"]))
    let record = try await bench.runner().run()
    #expect(
      record.cells.map(\.cell.name) == [
        "local-native/reload/message", "local-native/reload-other/message",
      ])
    let samples = try bench.stored().samples
    #expect(samples.count { $0.cell.variant == "other" && $0.outcome == .served } == 2)
    #expect(samples.count { $0.cell.variant.isEmpty && $0.outcome == .served } == 2)
    let started = bench.events.list.compactMap {
      if case .starting(_, let path) = $0 { "\(path)" } else { nil }
    }
    #expect(started == ["reload", "reload-other"])
  }

  @Test("a cluster's tools are not looked for on the host")
  func clusterTools() async throws {
    var bench = try Bench(iterations: 1)
    bench.scenario.workflows[0].paths[0].tools = ["native": ["echo", "1"]]
    bench.scenario.workflows.append(
      WorkflowSpec(
        kind: .localCluster,
        paths: [
          PathSpec(
            path: .sync, command: ["python3"], tools: ["contained": ["echo", "2"]],
            cluster: ClusterSpec(image: ImageSpec(name: "web"), manifests: ["pod.yaml"]))
        ]))
    let record = try await bench.runner().run()
    #expect(record.environment.tools.map(\.name) == ["native"])
    #expect(
      try bench.stored().samples.map(\.cell.workflow.rawValue).sorted() == [
        "local-cluster", "local-native",
      ])
  }

  @Test("nothing to measure is said before anything is stored")
  func nothing() async throws {
    var bench = try Bench()
    bench.options.iterations = 0
    let failure = await #expect(throws: RunFailure.self) { _ = try await bench.runner().run() }
    #expect("\(try #require(failure))" == "--iterations and --warmups leave nothing to measure")
    #expect(throws: StoreError.self) { _ = try bench.store.latestRunID() }
  }
}
