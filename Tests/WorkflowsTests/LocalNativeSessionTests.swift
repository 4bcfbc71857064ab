import Clock
import Measurement
import Processes
import Scenarios
import TestSupport
import Testing

@testable import Workflows

@Suite("LocalNativeSession", .serialized)
struct LocalNativeSessionTests {
  // MARK: start and stop

  @Test("start returns when the app answers; stop leaves nothing; both can be done again")
  func startAndStop() async throws {
    let app = try TinyApp()
    for text in ["one", "two"] {
      _ = try app.save(text)
      try await app.session.start()
      #expect(await app.served(text).found != nil)
      #expect(app.processes().count == 1)
      #expect(try app.records().count == 1)
      await app.session.stop()
      #expect(app.processes() == [])
      #expect(try app.records() == [])
    }
    await app.session.stop()
    await app.end()
  }

  @Test("the port reaches the command and the environment")
  func port() async throws {
    let app = try TinyApp("print(sys.argv[1] == os.environ['PORT'], flush=True); serve()")
    try await app.session.start()
    #expect(await app.session.outputTail(2) == ["True", "ready"])
    await app.end()
  }

  @Test("children and grandchildren end with the app")
  func grandchildren() async throws {
    let app = try TinyApp(
      """
      if os.fork() == 0:
          os.setsid()
          os.fork()
          signal.pause()
      serve()
      """)
    try await app.session.start()
    try await eventually("all three run") { app.processes().count == 3 }
    await app.session.stop()
    #expect(app.processes() == [])
    await app.end()
  }

  @Test("a stop while the app is being started ends the start, and leaves nothing")
  func stopWhileStarting() async throws {
    let app = try TinyApp("print('hanging', flush=True); signal.pause()", timeout: .seconds(1000))
    let starting = Task { () -> WorkflowFailure? in
      do throws(WorkflowFailure) {
        try await app.session.start()
        return nil
      } catch {
        return error
      }
    }
    try await eventually("the app hangs") { await app.session.outputTail(1) == ["hanging"] }
    await app.session.stop()
    #expect(try await within("the start") { await starting.value } == .stopped)
    #expect(app.processes() == [])
    #expect(try app.records() == [])
    await app.end()
  }

  @Test("a stop at any moment of the start leaves nothing", arguments: 0..<6)
  func stopAtOnce(yields: Int) async throws {
    let app = try TinyApp()
    let starting = Task { () -> WorkflowFailure? in
      do throws(WorkflowFailure) {
        try await app.session.start()
        return nil
      } catch {
        return error
      }
    }
    for _ in 0..<(yields * yields) { await Task.yield() }
    await app.session.stop()
    let failure = try await within("the start") { await starting.value }
    // The stop may have come before the start had begun.
    #expect(failure == nil || failure == .stopped)
    if failure == nil { await app.session.stop() }
    #expect(app.processes() == [])
    await app.end()
  }

  // MARK: restart

  @Test("a save restarts the app, and the phases are detect, stop, start, respond")
  func restart() async throws {
    // Answers only once the test has seen that it is ready.
    let app = try TinyApp(
      """
      answer = Handler.do_GET
      def patient(self):
          while not os.path.exists("../" + text): signal.sigtimedwait([], 0.005)
          answer(self)
      Handler.do_GET = patient
      serve()
      """)
    try app.directory.write("first", "")
    try await app.session.start()
    for (index, text) in ["second", "third"].enumerated() {
      let saved = try app.save(text)
      try await eventually("the app is ready") {
        await app.session.outputTail(200).filter { $0 == "ready" }.count == index + 2
      }
      try app.directory.write(text, "")
      let found = try #require(await app.served(text).found)
      let spans = await app.session.spans(from: saved, to: found)
      #expect(spans.map(\.name) == ["detect", "stop", "start", "respond"])
      #expect(spans.first?.start == saved)
      #expect(spans.last?.end == found)
      #expect(zip(spans, spans.dropFirst()).allSatisfy { $0.end == $1.start })
      #expect(spans.allSatisfy { $0.start <= $0.end })
      #expect(app.processes().count == 1)
    }
    await app.end()
    #expect(app.processes() == [])
  }

  @Test("without a marker for readiness, start lasts until the answer")
  func restartUnmarked() async throws {
    let app = try TinyApp(markers: Markers())
    try await app.session.start()
    let saved = try app.save("second")
    let found = try #require(await app.served("second").found)
    let spans = await app.session.spans(from: saved, to: found)
    #expect(spans.map(\.name) == ["detect", "stop", "start"])
    #expect(spans.last?.end == found)
    await app.end()
  }

  @Test("Edge case 12: saves during a stop are covered by the start that follows")
  func savesDuringStop() async throws {
    let app = try TinyApp(
      """
      def leave(*_):
          # Stops only once the test has saved again.
          print("stopping", flush=True)
          while not os.path.exists("../go"): signal.sigtimedwait([], 0.01)
          os._exit(0)
      signal.signal(signal.SIGTERM, leave)
      print("started", flush=True)
      serve()
      """)
    try await app.session.start()
    let saved = try app.save("second")
    try await eventually("the app stops") { await app.session.outputTail(1) == ["stopping"] }
    for count in 0..<20 { _ = try app.save("\(count)", to: "other-\(count).txt") }
    _ = try app.save("third")
    try app.directory.write("go", "")
    let found = try #require(await app.served("third").found)
    let spans = await app.session.spans(from: saved, to: found)
    #expect(spans.filter { $0.name == "stop" }.count <= 2)
    let starts = await app.session.outputTail(200).filter { $0 == "started" }.count
    #expect((2...3).contains(starts))
    await app.end()
  }

  @Test("an app that ignores SIGTERM is killed, and stop shows as a phase")
  func stubborn() async throws {
    let app = try TinyApp("signal.signal(signal.SIGTERM, signal.SIG_IGN); serve()")
    try await app.session.start()
    let saved = try app.save("second")
    let found = try #require(await app.served("second").found)
    let spans = await app.session.spans(from: saved, to: found)
    let stop = try #require(spans.first { $0.name == "stop" })
    #expect(stop.end - stop.start >= LocalNativeSession.grace)
    await app.end()
    #expect(app.processes() == [])
  }

  @Test("what is ignored doesn't restart the app")
  func ignored() async throws {
    let app = try TinyApp()
    try await app.session.start()
    _ = try app.save("x", to: ".app.py.swp")
    let saved = try app.save("second")
    let found = try #require(await app.served("second").found)
    let spans = await app.session.spans(from: saved, to: found)
    #expect(spans.filter { $0.name == "stop" }.count == 1)
    // The answer may be here before the line that the app printed first.
    try await eventually("the new app's line is read") { await app.readyLines() >= 2 }
    #expect(await app.readyLines() == 2)
    await app.end()
  }

  @Test("on the reload path devbench restarts nothing")
  func reload() async throws {
    let app = try TinyApp(path: .reload)
    try await app.session.start()
    let saved = try app.save("second")
    #expect(await app.served("first").found != nil)
    #expect(await app.session.spans(from: saved, to: .now()) == [])
    #expect(await app.session.outputTail(200) == ["ready"])
    await app.end()
  }

  // MARK: bad days

  private func failure(of app: TinyApp) async -> WorkflowFailure? {
    do throws(WorkflowFailure) {
      try await app.session.start()
      return nil
    } catch {
      return error
    }
  }

  @Test("an app that ends instead of answering is told by its status, with its last lines at hand")
  func exits() async throws {
    let app = try TinyApp(
      "print('\\n'.join(f'  File line {i}, in deep' for i in range(60000))); sys.exit(3)",
      timeout: .seconds(1000))
    #expect(await failure(of: app) == .exited(.exited(3)))
    #expect(await app.session.outputTail(2) == (59998...59999).map { "  File line \($0), in deep" })
    #expect(try app.records() == [])
    await app.end()
  }

  @Test("an app that never listens is given up on, and ended")
  func hangs() async throws {
    let app = try TinyApp("signal.pause()", timeout: .milliseconds(300))
    #expect(
      await failure(of: app)
        == .notAnswering(limit: .milliseconds(300), lastAnswer: "the connection was refused"))
    #expect(app.processes() == [])
    await app.end()
  }

  @Test("an app that answers 500 alone isn't up")
  func failing() async throws {
    let app = try TinyApp(
      "Handler.do_GET = lambda self: self.send_error(500)\nserve()", timeout: .seconds(3))
    #expect(
      await failure(of: app)
        == .notAnswering(limit: .seconds(3), lastAnswer: "it answered HTTP 500"))
    await app.end()
  }

  @Test("a program that isn't there is named")
  func missing() async throws {
    let directory = try TemporaryDirectory()
    let session = try LocalNativeSession(
      spec: PathSpec(path: .restart, command: ["no-such-program-here"]),
      settings: Scenario.Probe(path: "/", interval: .milliseconds(2), timeout: .seconds(20)),
      tree: directory.path, ledger: ProcessLedger(directory: directory.path))
    await #expect(throws: WorkflowFailure.process(.notFound(command: "no-such-program-here"))) {
      try await session.start()
    }
    await session.probe.shutdown()
  }

  @Test("Edge case 44: a port that is taken is told with its owner, and the app isn't started")
  func portTaken() async throws {
    let listener = try Listener(.loopback4)
    let app = try TinyApp(port: listener.port)
    guard case .portTaken(listener.port, let owner) = await failure(of: app) else {
      Issue.record("the port counts as free")
      return
    }
    #expect(owner.hasPrefix("process \(ProcessIdentity.current.pid) ("))
    #expect(await app.session.outputTail(5) == [])
    listener.end()
    try await app.session.start()
    await app.end()
  }

  @Test("an app that doesn't survive a save is reported as lost")
  func crash() async throws {
    let app = try TinyApp("if text == 'bad': sys.exit(9)\nserve()")
    try await app.session.start()
    let loss = Task { try await app.session.loss() }
    _ = try app.save("bad")
    #expect(try await within("the loss") { try await loss.value } == .exited(.exited(9)))
    // Stopped and started again from a good tree, it is as new.
    await app.session.stop()
    _ = try app.save("good")
    try await app.session.start()
    #expect(await app.served("good").found != nil)
    await app.end()
  }

  @Test("a line with the failed marker is a loss at once")
  func failedMarker() async throws {
    let app = try TinyApp(
      "if text == 'bad': print('compile error: line 1', flush=True); signal.pause()\nserve()",
      markers: Markers(failed: "compile error"))
    try await app.session.start()
    let loss = Task { try await app.session.loss() }
    _ = try app.save("bad")
    #expect(
      try await within("the loss") { try await loss.value }
        == .failedMarker(line: "compile error: line 1"))
    await app.end()
    #expect(app.processes() == [])
  }

  @Test("a restart is no loss")
  func restartIsNoLoss() async throws {
    let app = try TinyApp()
    try await app.session.start()
    let loss = Task { try await app.session.loss() }
    _ = try app.save("second")
    #expect(await app.served("second").found != nil)
    loss.cancel()
    await #expect(throws: CancellationError.self) { try await loss.value }
    await app.end()
  }

  // MARK: footprint

  @Test(
    "what reloads by itself is the app alone; what is restarted has devbench in it",
    arguments: [UpdatePath.reload, .restart])
  func footprint(path: UpdatePath) async throws {
    let app = try TinyApp(
      "import subprocess; subprocess.Popen(['sleep', '600'])\nserve()", path: path)
    #expect(await app.session.footprint().isEmpty)
    try await app.session.start()
    var roots = await app.session.footprint()
    #expect(roots.trees.contains(.current) == (path == .restart))
    roots.trees.remove(.current)
    var meter = FootprintMeter()
    #expect(meter.look(at: roots).processes == 2)
    await app.session.stop()
    #expect(await app.session.footprint().isEmpty)
    await app.end()
  }
}
