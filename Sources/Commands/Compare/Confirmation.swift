import Foundation
import Measurement
import Processes
import Reports
import ResultStore
import Runner
import Scenarios
import Synchronization

/// Measures what raised an alarm once more: the app of base's commit and that of head's, in turn.
struct Confirmation {
  let report: ChangeReport
  /// Of each side.
  let iterations: Int
  let store: ResultStore

  /// - Returns: the comparison of the two new runs, of the cells that had an alarm.
  /// - Throws: `ConfirmationFailure`, and what a run throws.
  func measure() async throws -> ChangeReport {
    guard let base = report.base.runs.last?.record, let head = report.head.runs.last?.record else {
      throw ConfirmationFailure.noCommit("base or head")
    }
    let scenario = try scenario(of: head)
    let state = StateDirectory.standard()
    let directory = try state.makeRunDirectory(
      "confirm-\(UUID().uuidString.prefix(8).lowercased())")
    defer { remove(directory) }
    let sources = AppSources(of: scenario.app.source)
    var sides: [Scenario] = []
    for (name, record) in [("base", base), ("head", head)] {
      var side = scenario
      side.app.source = try await sources.source(
        ofCommit: record.environment.appCommit, side: name,
        into: try directory.makeDirectory(name))
      sides.append(side)
    }
    let records = try await run(sides, state)
    return try ChangeReport(
      base: RunSet(
        label: "\(report.base.label) measured again",
        runs: [try store.storedRun(id: records[0].id)]),
      head: RunSet(
        label: "\(report.head.label) measured again",
        runs: [try store.storedRun(id: records[1].id)]),
      margin: report.margin, calibrations: try store.calibrations())
  }

  /// What was measured counts, whether or not the sources' copies can be removed; the next start tries again.
  private func remove(_ directory: RunDirectory) {
    do {
      try directory.remove()
    } catch {
      Console.error(
        PlainText.clean("\(directory.path) could not be removed: \(error.localizedDescription)"))
    }
  }

  /// The scenario's file as it is now, if it still is what head measured.
  private func scenario(of head: RunRecord) throws -> Scenario {
    let scenario = try ScenarioArgument.load([head.scenario])[0]
    guard scenario.digest == head.scenarioDigest else {
      throw ConfirmationFailure.otherScenario(head.scenario, file: scenario.file)
    }
    return scenario
  }

  private func run(_ sides: [Scenario], _ state: StateDirectory) async throws -> [RunRecord] {
    var options = RunOptions()
    options.only = Set(report.regressions.map(\.cell))
    options.iterations = iterations
    options.order = .interleaved
    options.purpose = .confirmation
    let interrupts = Interrupts()
    let progress: any RunProgress =
      Console.isTerminal
      ? LiveProgress(colour: false) : PlainProgress(write: { Console.error($0) })
    Console.error(
      "Measuring \(options.only?.count == 1 ? "the cell" : "the cells") with an alarm again, "
        + "both sides in turn.")
    let runner = Runner(inTurn: sides, options: options, store: store, state: state) {
      progress.show($0)
    }
    do {
      let records = try await interrupts.cancelling { try await runner.runAll() }
      progress.end()
      if let status = interrupts.status { throw status.code }
      return records
    } catch let failure as RunFailure {
      progress.end()
      Console.error("Error: " + PlainText.clean("\(failure)"))
      throw (interrupts.status ?? .failed).code
    }
  }
}

/// The sources of an app at several commits of the repository that they are in.
struct AppSources {
  private let source: String

  init(of source: String) { self.source = source }

  private static func isCommit(_ text: String) -> Bool {
    let name = text.hasSuffix("-dirty") ? text.dropLast("-dirty".count) : text[...]
    return (7...64).contains(name.utf8.count)
      && name.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
      }
  }

  /// A directory with the app as it was at a commit; the user's own where that is what it is.
  func source(ofCommit commit: String?, side: String, into directory: String) async throws -> String
  {
    // A database may come from elsewhere: only what is a commit's name reaches git.
    guard let commit, Self.isCommit(commit) else { throw ConfirmationFailure.noCommit(side) }
    if await HostFacts.commit(of: source) == commit { return source }
    guard !commit.hasSuffix("-dirty") else { throw ConfirmationFailure.changedSince(side) }
    do {
      let prefix = try await Command.output(of: ["git", "-C", source, "rev-parse", "--show-prefix"])
        .trimmingCharacters(in: .newlines)
      let top = try await Command.output(of: ["git", "-C", source, "rev-parse", "--show-toplevel"])
        .trimmingCharacters(in: .newlines)
      let archive = "\(directory)/app.tar"
      // The repository is only read: a worktree would leave traces in it.
      var command = ["git", "-C", top, "archive", "--format=tar", "--output=\(archive)", commit]
      if !prefix.isEmpty { command += ["--", prefix] }
      _ = try await Command.output(of: command, limit: .seconds(120))
      _ = try await Command.output(
        of: ["tar", "-xf", archive, "-C", directory], limit: .seconds(120))
      try FileManager.default.removeItem(atPath: archive)
      return prefix.isEmpty ? directory : "\(directory)/\(prefix)"
    } catch {
      throw ConfirmationFailure.noSources(side, commit: commit, reason: "\(error)")
    }
  }
}

/// Why an alarm can't be confirmed here.
enum ConfirmationFailure: Error, CustomStringConvertible {
  case noCommit(String)
  case changedSince(String)
  case noSources(String, commit: String, reason: String)
  case otherScenario(String, file: String)

  var description: String {
    let step = "The alarm isn't confirmed; measure both sides again by hand (`devbench run`)."
    switch self {
    case .noCommit(let side):
      return "The run of \(side) has no git commit, so that its app can't be had again. \(step)"
    case .changedSince(let side):
      return "The run of \(side) measured uncommitted files that have changed since. \(step)"
    case .noSources(let side, let commit, let reason):
      return
        "The app of \(side) can't be had from commit \(CommitText.short(commit)): \(reason). \(step)"
    case .otherScenario(let name, let file):
      return "The scenario \(name) (\(file)) has changed since head was measured. \(step)"
    }
  }
}
