import Clock
import Foundation
import Measurement
import Processes
import ResultStore
import Scenarios
import Synchronization
import Testing
import Workflows

@testable import Runner

/// A scenario, a database and a state directory of one test's own.
struct Bench {
  let directory: TemporaryTree
  let store: ResultStore
  var scenario: Scenario
  var options = RunOptions()
  let script: FakeSession.Script
  let state: StateDirectory
  let events = Events()

  final class Events: Sendable {
    private let all = Mutex<[RunEvent]>([])

    var list: [RunEvent] { all.withLock { $0 } }
    func add(_ event: RunEvent) { all.withLock { $0.append(event) } }

    var notes: [String] {
      list.compactMap { if case .note(let text) = $0 { text } else { nil } }
    }
  }

  static let message = Edit(
    name: "message",
    changes: [
      Change(file: "page.txt", action: .replace(find: "Hello", replacement: "{{token}}"))
    ])

  init(
    script: FakeSession.Script = .init(), edits: [Edit] = [message],
    paths: [UpdatePath] = [.reload],
    warmups: Int = 0, iterations: Int = 3, timeout: Duration = .seconds(20),
    thinkTime: ClosedRange<Duration> = .milliseconds(1)...(.milliseconds(3))
  ) throws {
    directory = try TemporaryTree()
    try directory.write("source/page.txt", "Hello\n")
    self.script = script
    store = try ResultStore.open(path: directory.inner("results.sqlite"))
    state = StateDirectory(path: directory.inner("state"))
    scenario = Scenario(
      name: "bench",
      app: .init(
        source: directory.inner("source"),
        probe: .init(path: "/", interval: .milliseconds(2), timeout: timeout)),
      edits: edits,
      workflows: [
        WorkflowSpec(
          kind: .localNative, paths: paths.map { PathSpec(path: $0, command: ["unused"]) })
      ],
      measure: .init(
        warmups: warmups, iterations: iterations, order: .interleaved, thinkTime: thinkTime),
      text: "name: bench\n", digest: "digest", file: directory.inner("bench.yaml"))
  }

  /// - Parameter tell: called besides the recording.
  func runner(tell: @escaping @Sendable (RunEvent) -> Void = { _ in }) -> Runner {
    let (script, events) = (script, events)
    return Runner(
      scenario: scenario, options: options, store: store, state: state,
      makeSession: { (setup) throws(WorkflowFailure) in
        try FakeSession(script: script, setup: setup)
      },
      tell: {
        events.add($0)
        tell($0)
      })
  }

  /// The latest run as it is stored.
  func stored() throws -> StoredRun {
    try store.storedRun(id: store.latestRunID())
  }

  /// Nothing that was started is left: no session, no scratch directory.
  func expectTidy(sourceLocation: SourceLocation = #_sourceLocation) throws {
    #expect(script.events.withLock { $0.last } != "start", sourceLocation: sourceLocation)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: state.path + "/runs").isEmpty,
      sourceLocation: sourceLocation)
  }
}
