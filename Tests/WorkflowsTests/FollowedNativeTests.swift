import Clock
import Glibc
import Measurement
import Scenarios
import TestSupport
import Testing

@testable import Workflows

/// What a native session tells of its loop where somebody wants to know.
@Suite("LocalNativeSession, followed", .serialized)
struct FollowedNativeTests {
  /// The events without instants; the app's output is left out.
  private static func words(_ events: [LoopEvent]) -> [String] {
    events.compactMap { event in
      switch event {
      case .noticed(let files, _): "noticed \(files.joined(separator: " "))"
      case .acting(let action, let cause): "\(action.rawValue)\(cause.map { " for \($0)" } ?? "")"
      case .landed: "landed"
      case .built: "built"
      case .deployed: "deployed"
      case .failed(let reason, _, _): "failed: \(reason)"
      case .lost(let failure, _): "lost: \(failure)"
      case .settled: "settled"
      case .output: nil
      }
    }
  }

  @Test("a restart is told from the notice to the new app")
  func restart() async throws {
    let events = Recorder<LoopEvent>()
    let app = try TinyApp(tell: { events.record($0) })
    try await app.session.start()
    #expect(Self.words(events.all) == [])
    let saved = try app.save("second")
    try await events.wait { Self.words($0).contains("settled") }
    #expect(Self.words(events.all) == ["noticed text.txt", "restart", "deployed", "settled"])
    guard case .noticed(_, let at) = events.all.first(where: { !$0.isOutput }) else {
      Issue.record("the save isn't told first")
      return
    }
    #expect(at >= saved)
    #expect(await app.served("second").found != nil)
    try await events.wait { $0.count { $0.isOutput } == 2 }
    await app.end()
    // An end that was asked for is no loss.
    #expect(!Self.words(events.all).contains { $0.hasPrefix("lost") })
  }

  @Test(
    "an app that ends is told as lost, and the next save starts it again",
    arguments: [UpdatePath.restart, .reload])
  func lost(path: UpdatePath) async throws {
    let events = Recorder<LoopEvent>()
    let app = try TinyApp(
      """
      import threading
      def follow():
          while open("text.txt").read() != "bad": signal.sigtimedwait([], 0.005)
          os._exit(9)
      threading.Thread(target=follow, daemon=True).start()
      serve()
      """, path: path, tell: { events.record($0) })
    try await app.session.start()
    _ = try app.save("bad")
    try await events.wait { Self.words($0).contains("lost: the app exited with status 9") }
    _ = try app.save("good")
    try await events.wait { events in
      Self.words(events).split { $0.hasPrefix("lost") }.count > 1
        && Self.words(events).last == "settled"
    }
    #expect(await app.served("good").found != nil)
    #expect(app.processes().count == 1)
    await app.end()
    #expect(app.processes() == [])
    #expect(try app.records() == [])
  }

  @Test("a save that a dying reloader doesn't act on any more starts the app again")
  func forsaken() async throws {
    // Its server is killed; it sees the save, and ends without a word a while later.
    let app = try TinyApp(
      """
      if os.fork() == 0: serve()
      while open("text.txt").read() == "first": signal.sigtimedwait([], 0.005)
      signal.sigtimedwait([], 0.3)
      os._exit(9)
      """, path: .reload, tell: { _ in })
    try await app.session.start()
    _ = try await app.session.make(.processKilled)
    _ = try app.save("second")
    #expect(await app.served("second").found != nil)
    await app.end()
    #expect(app.processes() == [])
  }

  @Test(
    "only a save shortly before the end, without a word since, is one that nobody acts on",
    arguments: [
      (1000, nil, 1300, true), (1000, 900, 1300, true), (1000, 1100, 1300, false),
      (1000, nil, 3100, false), (nil, nil, 1300, false),
    ] as [(Int64?, Int64?, Int64, Bool)])
  func leftSaves(saved: Int64?, heard: Int64?, ended: Int64, isForsaken: Bool) {
    let start = MonotonicInstant.now()
    func at(_ milliseconds: Int64) -> MonotonicInstant { start + .milliseconds(milliseconds) }
    let left = LeftSaves()
    let told = Recorder<Bool>()
    left.onForsaken { told.record(true) }
    if let heard { left.heard(at: at(heard)) }
    if let saved { left.leave(at: at(saved)) }
    left.appEnded(at: at(ended))
    #expect(told.all == (isForsaken ? [true] : []))
    #expect(left.takeForsaken() == isForsaken)
    #expect(!left.takeForsaken(), "once")
  }

  @Test("on the reload path a save is told, and the app is left alone; its own restart is told too")
  func reload() async throws {
    let events = Recorder<LoopEvent>()
    let app = try TinyApp(
      """
      import threading
      def follow():
          while open("text.txt").read() == "first": signal.sigtimedwait([], 0.005)
          print("Restarting with it", flush=True)
      threading.Thread(target=follow, daemon=True).start()
      serve()
      """, path: .reload, markers: Markers(restarted: "Restarting with"),
      tell: { events.record($0) })
    try await app.session.start()
    let before = app.processes()
    _ = try app.save("second")
    try await events.wait { Self.words($0).count == 4 }
    let words = Self.words(events.all)
    #expect(words.filter { $0 != "deployed" } == ["noticed text.txt", "reload", "settled"])
    #expect(words.contains("deployed"))
    #expect(app.processes() == before)
    await app.end()
  }

  @Test("on the reload path files that are saved at once are one save")
  func savedAtOnce() async throws {
    let events = Recorder<LoopEvent>()
    let app = try TinyApp("serve()", path: .reload, tell: { events.record($0) })
    try await app.session.start()
    let files = (1...3).map { "\($0).txt" }
    for file in files { _ = try app.save("new", to: file) }
    try await events.wait { Self.words($0).last == "settled" }
    let words = Self.words(events.all)
    #expect(words.count { $0 == "settled" } == 1)
    #expect(words.count { $0 == "reload" } == 1)
    let noticed = words.filter { $0.hasPrefix("noticed") }
      .flatMap { $0.split(separator: " ").dropFirst() }
    #expect(noticed.map(String.init) == files)
    await app.end()
  }

  @Test("what the watcher warns of is told, whether or not somebody follows the loop")
  func warnings() async throws {
    let warnings = Recorder<String>()
    let app = try TinyApp(warn: { warnings.record($0) })
    try await app.session.start()
    let tree = app.directory("tree")
    #expect(rename(tree, tree + "-moved") == 0)
    let told = try await warnings.wait { !$0.isEmpty }
    #expect(told[0].contains("moved away"))
    await app.end()
  }

  @Test("a file that somebody else follows is no save", arguments: [UpdatePath.restart, .reload])
  func unwatched(path: UpdatePath) async throws {
    let events = Recorder<LoopEvent>()
    let app = try TinyApp(path: path, tell: { events.record($0) }, unwatched: "bench.yaml")
    try await app.session.start()
    _ = try app.save("x", to: "bench.yaml")
    _ = try app.save("second")
    try await events.wait { Self.words($0).contains("settled") }
    #expect(Self.words(events.all).first == "noticed text.txt")
    await app.end()
  }

  @Test("a line with the failed marker is told each time")
  func failedMarker() async throws {
    let events = Recorder<LoopEvent>()
    let app = try TinyApp(
      """
      import threading
      def follow():
          old = "first"
          while True:
              new = open("text.txt").read()
              if new != old: print("compile error", flush=True)
              old = new
              signal.sigtimedwait([], 0.005)
      threading.Thread(target=follow, daemon=True).start()
      serve()
      """, path: .reload, markers: Markers(failed: "compile error"), tell: { events.record($0) })
    try await app.session.start()
    for count in 1...2 {
      _ = try app.save("bad \(count)")
      try await events.wait { events in
        Self.words(events).count { $0 == "lost: the app reported a failure: compile error" }
          == count
      }
    }
    await app.end()
  }
}

extension LoopEvent {
  fileprivate var isOutput: Bool {
    if case .output = self { true } else { false }
  }
}
