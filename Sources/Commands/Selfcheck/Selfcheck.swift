import Clock
import Foundation
import Glibc
import Measurement
import Processes
import ResultStore
import Runner
import Scenarios
import Synchronization

/// Runs the fixture through the usual runner and holds the samples against the fixture's own record.
struct Selfcheck {
  var edits: Int
  var interval: Duration
  var seed: UInt64
  var state: StateDirectory

  enum Failure: Error, CustomStringConvertible {
    case unreadable(String)
    case nothingServed(String)

    var description: String {
      switch self {
      case .unreadable(let text): text
      case .nothingServed(let reason): "no edit of the fixture was served: \(reason)"
      }
    }
  }

  func run() async throws -> SelfcheckResult {
    let directory = try state.makeRunDirectory("selfcheck-\(getpid())")
    let result: SelfcheckResult
    do {
      result = try await run(in: directory)
    } catch {
      try directory.remove()
      throw error
    }
    try directory.remove()
    return result
  }

  private func run(in directory: RunDirectory) async throws -> SelfcheckResult {
    let source = try directory.makeDirectory("source")
    try Data("start\n".utf8).write(to: URL(fileURLWithPath: "\(source)/page.txt"))
    let log = "\(directory.path)/truth.log"
    let store = try ResultStore.open(path: "\(directory.path)/selfcheck.sqlite")
    var options = RunOptions()
    options.seed = seed

    let costs = Mutex(HarnessCost())
    let before = MachineTime.now()
    let runner = Runner(
      scenario: scenario(source: source, log: log), options: options, store: store, state: state
    ) { event in
      if case .measured(_, let cost, _, _) = event { costs.withLock { $0 += cost } }
    }
    let record = try await runner.run()
    guard record.status == .finished else { throw CancellationError() }
    let machine = MachineTime.now() - before
    let samples = try store.storedRun(id: record.id).samples
    return try SelfcheckResult(
      samples: samples, truth: truth(in: log), interval: interval, cost: costs.withLock { $0 },
      machine: machine)
  }

  private func scenario(source: String, log: String) -> Scenario {
    Scenario(
      name: "selfcheck", description: nil,
      app: Scenario.App(
        source: source,
        probe: Scenario.Probe(path: "/", interval: interval, timeout: .seconds(10), port: nil)),
      edits: [
        Edit(
          name: "page",
          changes: [
            Change(
              file: "page.txt",
              action: .replace(find: "start", replacement: Change.tokenPlaceholder))
          ])
      ],
      workflows: [
        WorkflowSpec(
          kind: .localNative,
          paths: [
            PathSpec(
              path: .reload,
              command: [
                "/proc/\(getpid())/exe", "fixture", "--port", PathSpec.portPlaceholder, "--file",
                "page.txt", "--log", log, "--seed", "\(seed)",
              ])
          ])
      ],
      measure: Scenario.Measure(
        warmups: 2, iterations: edits, order: .sequential,
        thinkTime: .milliseconds(100)...(.milliseconds(200))),
      text: "", digest: "", file: "")
  }

  /// The fixture's record: the instant at which it began to answer with each token.
  private func truth(in log: String) throws -> [String: MonotonicInstant] {
    guard let text = try? String(contentsOfFile: log, encoding: .utf8) else {
      throw Failure.unreadable("the fixture wrote no record at \(log)")
    }
    var truth: [String: MonotonicInstant] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count == 2, let nanoseconds = Int64(words[1]) else { continue }
      truth[String(words[0])] = MonotonicInstant(nanoseconds: nanoseconds)
    }
    return truth
  }
}
