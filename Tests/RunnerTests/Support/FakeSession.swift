import Clock
import Foundation
import Link
import Measurement
import Processes
import Scenarios
import Synchronization
import TestSupport
import Workflows

/// A session without processes: its app is a server in this process that looks at its tree whenever it
/// is asked, and does with what it finds as the test says.
final class FakeSession: WorkflowSession {
  enum Reaction: Sendable {
    case serve
    /// Goes on with what it served before.
    case ignore
    case fail(status: Int)
    case crash
  }

  /// What a test wants, and what it learns.
  final class Script: Sendable {
    /// How the app takes its `edit`th new content; counts from 1, over all starts.
    let react: @Sendable (_ edit: Int) -> Reaction
    /// Why the `start`th start fails; counts from 1.
    let startFailure: @Sendable (_ start: Int) -> WorkflowFailure?
    /// Whether the app in a tree crashes with its first edit and doesn't start again.
    let isHopeless: @Sendable (_ tree: String) -> Bool
    /// What differs in the copy after the `check`th served edit; counts from 1.
    let difference: @Sendable (_ check: Int) throws -> String?
    /// How many replicas run once the first has seen so many edits.
    let replicas: @Sendable (_ edits: Int) -> Int
    /// How a replica other than the first, from 2, answers the `edit`th content for the `answer`th time; both
    /// count from 1, and the edits from its own start.
    let follow: @Sendable (_ replica: Int, _ edit: Int, _ answer: Int) -> Reaction
    let output: [String]
    /// What the session says at each start and at each stop.
    let startNotes: [String]
    let stopNotes: [String]
    let checks = Mutex(0)
    let events = Mutex<[String]>([])
    let trees = Mutex<[String]>([])

    init(
      output: [String] = [], startNotes: [String] = [], stopNotes: [String] = [],
      react: @escaping @Sendable (Int) -> Reaction = { _ in .serve },
      startFailure: @escaping @Sendable (Int) -> WorkflowFailure? = { _ in nil },
      isHopeless: @escaping @Sendable (String) -> Bool = { _ in false },
      difference: @escaping @Sendable (Int) throws -> String? = { _ in nil },
      replicas: @escaping @Sendable (Int) -> Int = { _ in 1 },
      follow: @escaping @Sendable (Int, Int, Int) -> Reaction = { _, _, _ in .serve }
    ) {
      (self.replicas, self.follow) = (replicas, follow)
      self.difference = difference
      self.output = output
      (self.startNotes, self.stopNotes) = (startNotes, stopNotes)
      self.startFailure = startFailure
      self.isHopeless = isHopeless
      self.react = react
    }

    func count(_ event: String) -> Int { events.withLock { $0.count { $0 == event } } }
  }

  private struct State {
    var isRunning = false
    var starts = 0
    var edits = 0
    /// Since the last of them.
    var answers = 0
    /// What the tree held when the app last looked, and what it answers since.
    var seen: String?
    var reaction = Reaction.serve
    var body = ""
    var lost = OneShot<WorkflowFailure>()
  }

  private final class App: Sendable {
    let state = Mutex(State())
  }

  let probe: Probe
  private let script: Script
  private let app = App()
  private let server: TestServer
  /// The other replicas, as many as there may be.
  private let followers: [(app: App, server: TestServer, probe: Probe)]
  private let tree: String
  private let note: @Sendable (SessionNote) -> Void

  init(script: Script, setup: SessionSetup) throws(WorkflowFailure) {
    let (settings, tree) = (setup.probe, setup.tree)
    self.script = script
    self.tree = tree
    note = setup.note ?? { _ in }
    script.trees.withLock { $0.append(tree) }
    let app = app
    let most = (0...9).map(script.replicas).max() ?? 1
    do {
      followers = try (1..<most).map { index in
        let app = App()
        let server = try TestServer {
          app.state.withLock { Self.follow(&$0, script, tree: tree, replica: index + 1) }
        }
        let probe = Probe(
          endpoint: ProbeEndpoint(
            addresses: ["127.0.0.1"], port: server.port, path: settings.path),
          interval: settings.interval)
        return (app, server, probe)
      }
      server = try TestServer {
        app.state.withLock { Self.answer(&$0, script, tree: tree) }
      }
    } catch {
      throw .watch("\(error)")
    }
    probe = Probe(
      endpoint: ProbeEndpoint(addresses: ["127.0.0.1"], port: server.port, path: settings.path),
      interval: settings.interval)
  }

  private static func answer(_ state: inout State, _ script: Script, tree: String)
    -> TestServer.Answer
  {
    guard state.isRunning else { return .hangUp }
    let content = content(of: tree)
    if content != state.seen {
      if state.seen != nil {
        state.edits += 1
        state.reaction = script.isHopeless(tree) ? .crash : script.react(state.edits)
      }
      state.seen = content
    }
    switch state.reaction {
    case .serve: state.body = content
    case .ignore: break
    case .fail(let status): return .response(status: status, body: content)
    case .crash:
      state.isRunning = false
      state.lost.set(.exited(.exited(3)))
      return .hangUp
    }
    return .response(status: 200, body: state.body)
  }

  private static func follow(
    _ state: inout State, _ script: Script, tree: String, replica: Int
  ) -> TestServer.Answer {
    guard state.isRunning else { return .hangUp }
    let content = content(of: tree)
    if content != state.seen {
      if state.seen == nil { state.body = content } else { state.edits += 1 }
      state.answers = 0
      state.seen = content
    }
    state.answers += 1
    if state.edits > 0 {
      switch script.follow(replica, state.edits, state.answers) {
      case .serve: state.body = content
      case .ignore: break
      case .fail(let status): return .response(status: status, body: content)
      case .crash: return .hangUp
      }
    }
    return .response(status: 200, body: state.body)
  }

  var probes: [Probe] {
    let count = script.replicas(app.state.withLock(\.edits))
    return [probe] + followers.prefix(count - 1).map(\.probe)
  }

  func endProbes() async {
    for probe in [probe] + followers.map(\.probe) { await probe.shutdown() }
  }

  /// Names and texts of all files, so that every edit can be seen.
  private static func content(of tree: String) -> String {
    let names = FileManager.default.enumerator(atPath: tree)?.compactMap { $0 as? String } ?? []
    return names.sorted().filter { !$0.hasSuffix("~") }
      .map { "\($0): \((try? String(contentsOfFile: "\(tree)/\($0)", encoding: .utf8)) ?? "")" }
      .joined(separator: "\n")
  }

  func start() async throws(WorkflowFailure) {
    let start = app.state.withLock { state in
      state.starts += 1
      return state.starts
    }
    script.events.withLock { $0.append("start") }
    for text in script.startNotes { note(.remark(text)) }
    if let failure = script.startFailure(start) { throw failure }
    if start > 1, script.isHopeless(tree) { throw .exited(.exited(7)) }
    app.state.withLock { state in
      state.isRunning = true
      state.seen = nil
      state.reaction = .serve
      state.lost = OneShot()
    }
    for follower in followers {
      follower.app.state.withLock { state in
        (state.isRunning, state.seen, state.edits, state.answers) = (true, nil, 0, 0)
      }
    }
  }

  func stop() async {
    script.events.withLock { $0.append("stop") }
    for text in script.stopNotes { note(.leftBehind(text)) }
    for app in [app] + followers.map(\.app) { app.state.withLock { $0.isRunning = false } }
  }

  func loss() async throws -> WorkflowFailure {
    try await app.state.withLock(\.lost).cancellableValue()
  }

  /// A third of the time to notice, a third to reload; the last third is nobody's.
  func spans(from save: MonotonicInstant, to end: MonotonicInstant) async -> [PhaseSpan] {
    script.events.withLock { $0.append("spans") }
    let third = (end - save) / 3
    return [
      PhaseSpan(name: "detect", start: save, end: save + third),
      PhaseSpan(name: "reload", start: save + third, end: save + third * 2),
    ]
  }

  func waitUntilActedOn(changeAt instant: MonotonicInstant, limit: Duration) async throws {
    script.events.withLock { $0.append("acted") }
    // How many replicas there are goes by what the first has seen, and another may be faster.
    guard !followers.isEmpty else { return }
    app.state.withLock { _ = Self.answer(&$0, script, tree: tree) }
  }

  func waitUntilQuiet(for period: Duration, limit: Duration) async throws -> Bool { true }

  func verify() async throws -> String? {
    script.events.withLock { $0.append("verify") }
    return try script.difference(
      script.checks.withLock { checks in
        checks += 1
        return checks
      })
  }

  func use(_ outage: LinkOutage?) async throws(WorkflowFailure) {
    script.events.withLock { $0.append("link \(outage?.rawValue ?? "up")") }
  }

  /// Prints what it is given.
  func run(
    _ command: [String], input: [UInt8], limit: Duration
  ) async throws(WorkflowFailure) -> RuntimeOutput {
    RuntimeOutput(output: input, errorLines: [], status: 0)
  }

  func outputTail(_ count: Int) async -> [String] { Array(script.output.suffix(count)) }
}
