import ArgumentParser
import Measurement
import Processes
import Reports
import ResultStore
import Runner
import Scenarios
import Synchronization

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Measure scenarios, store every sample, and compare the cells.",
    usage: "devbench run <scenarios> ... [<options>]",
    discussion: """
      A scenario is named as under scenarios/, or by its path. Its app is copied to a scratch \
      directory, so your own tree is never written. An edit that is never served stays in the \
      figures as what it was, and the exit status is then 1.

      Ctrl-C ends a run in good order: what was measured is kept, what was started is gone.

      EXAMPLES
        devbench run flask-hello
        devbench run flask-hello node-hello --iterations 20
        devbench run ./bench/shop.yaml --path restart --edit template
        devbench run flask-hello --json > events.jsonl
      """)

  @Argument(
    help: "Names under scenarios/, or paths of scenario files.",
    completion: ScenarioArgument.completion)
  var scenarios: [String]

  @Option(
    name: .customLong("workflow"),
    help: ArgumentHelp("Only this workflow; may be repeated.", valueName: "workflow"))
  var workflows: [WorkflowKind] = []

  @Option(
    name: .customLong("path"),
    help: ArgumentHelp(
      "Only this update path, as in sync or sync-restart; may be repeated.", valueName: "path"))
  var paths: [PathName] = []

  @Option(
    name: .customLong("edit"),
    help: ArgumentHelp("Only this edit; may be repeated.", valueName: "name"))
  var edits: [String] = []

  @Option(
    name: .customLong("link"),
    help: ArgumentHelp(
      "Of a remote, only over this link of the scenario; may be repeated.", valueName: "name"))
  var links: [String] = []

  @Option(
    help: ArgumentHelp(
      "Of a remote, so many developers at once in place of the scenario's; may be repeated.",
      valueName: "n"))
  var developers: [Int] = []

  @Option(help: ArgumentHelp("Measured iterations a cell, 1 to 10000.", valueName: "n"))
  var iterations: Int?

  @Option(help: ArgumentHelp("Iterations before them that don't count, 0 to 1000.", valueName: "n"))
  var warmups: Int?

  @Option(help: ArgumentHelp("Repeats the order and the pauses of an earlier run.", valueName: "n"))
  var seed: UInt64?

  @Option(help: "How cells take turns.")
  var order: Scenario.Order?

  @Option(
    name: .customLong("experiment"),
    help: ArgumentHelp(
      "In place of the inner loop, try this of it (docs/experiments.md); may be repeated.",
      valueName: "name"))
  var experiments: [ExperimentChoice] = []

  @OptionGroup var database: DatabaseOption

  @Flag(help: "One JSON event a line on standard output (docs/json.md).")
  var json = false

  @Flag(help: "No progress and no comparison; only errors.")
  var quiet = false

  @OptionGroup var colour: ColourOptions

  func validate() throws {
    if let iterations, !(1...10_000).contains(iterations) {
      throw ValidationError("--iterations is from 1 to 10000, not \(iterations).")
    }
    if let warmups, !(0...1000).contains(warmups) {
      throw ValidationError("--warmups is from 0 to 1000, not \(warmups).")
    }
    if let seed, seed >= RunOptions.seedLimit {
      throw ValidationError(
        "--seed is below \(RunOptions.seedLimit), so that every JSON reader keeps it.")
    }
    let range = WorkflowSpec.developersRange
    if let number = developers.first(where: { !range.contains($0) }) {
      throw ValidationError(
        "--developers is from \(range.lowerBound) to \(range.upperBound), not \(number).")
    }
    if let hint = experiments.compactMap(\.instead).first { throw ValidationError(hint) }
    if json && quiet { throw ValidationError("--json and --quiet exclude each other.") }
  }

  func run() async throws {
    let scenarios = try ScenarioArgument.load(scenarios)
    let options = options
    // What a filter leaves of each scenario is known before the first is begun.
    do {
      for scenario in scenarios { _ = try options.cells(of: scenario) }
    } catch {
      throw ValidationError("\(error)")
    }
    // One that matches nothing is a slip, even beside others that do.
    try checkNames("edit", edits, among: scenarios.flatMap { $0.edits.map(\.name) })
    let specs = scenarios.flatMap(\.workflows)
    try checkNames("workflow", workflows.map(\.rawValue), among: specs.map(\.kind.rawValue))
    try checkNames(
      "path", paths.map(\.description),
      among: specs.flatMap { $0.paths.map(\.pathName.description) })
    try checkNames("link", links, among: specs.flatMap { $0.links.map(\.name) })
    if !developers.isEmpty, !specs.contains(where: { $0.kind == .remoteCluster }) {
      throw ValidationError("--developers is of a remote-cluster, and no scenario here has one.")
    }

    let state = StateDirectory.standard()
    let leftovers = await state.removeLeftovers()
    if !leftovers.isEmpty && !quiet { Console.error(leftovers.sentence) }
    let store = try ResultStore.open(path: database.path)
    for id in try store.markAbandoned(isAlive: Self.isAlive) where !quiet {
      Console.error("Run \(id) was ended by force; it is kept as abandoned.")
    }

    let interrupts = Interrupts()
    let progress = progress
    var unserved = 0
    var failedTrials = 0
    let leftBehind = Mutex(false)
    for (index, scenario) in scenarios.enumerated() {
      let begun = Mutex<String?>(nil)
      let runner = Runner(scenario: scenario, options: options, store: store, state: state) {
        if case .started(let record) = $0 { begun.withLock { $0 = record.id } }
        if case .leftBehind = $0 { leftBehind.withLock { $0 = true } }
        progress.show($0)
      }
      let record: RunRecord
      do {
        record = try await interrupts.cancelling { try await runner.run() }
      } catch {
        progress.end()
        // The app's own words are in it.
        Console.error("Error: " + PlainText.clean("\(error)"))
        if let id = begun.withLock({ $0 }) {
          Console.error("What was measured is kept: devbench show \(id)\(database.option)")
        }
        throw (interrupts.status ?? .failed).code
      }
      progress.end()
      let stored = try store.storedRun(id: record.id)
      unserved += stored.unserved
      failedTrials += stored.failedExperiments
      if !json && !quiet {
        if index > 0 { Console.print("") }
        try printComparison(of: stored)
      }
      if let status = interrupts.status { throw status.code }
    }
    if !json && !quiet {
      Console.print(
        "\nStored in \(database.path). "
          + "As a web page: devbench report --format html\(database.option)")
    }
    if unserved > 0 {
      Console.error(unserved == 1 ? "1 edit was not served." : "\(unserved) edits were not served.")
    }
    if failedTrials > 0 {
      Console.error(failedTrials == 1 ? "1 trial failed." : "\(failedTrials) trials failed.")
    }
    if unserved + failedTrials > 0 {
      throw ExitStatus.failed.code
    }
    if leftBehind.withLock({ $0 }) {
      Console.error("Not everything that was started is gone: devbench clean")
      throw ExitStatus.failed.code
    }
  }

  private func checkNames(_ what: String, _ names: [String], among all: [String]) throws {
    let known = Set(all)
    guard let unknown = names.first(where: { !known.contains($0) }) else { return }
    throw ValidationError(
      "There is no \(what) “\(unknown)”; there are \(known.sorted().joined(separator: ", ")).")
  }

  private var options: RunOptions {
    var options = RunOptions()
    options.workflows = workflows
    options.paths = paths
    options.edits = edits
    options.links = links
    options.developers = developers
    options.iterations = iterations
    options.warmups = warmups
    options.order = order
    options.seed = seed
    let chosen = Set(experiments.flatMap(\.experiments))
    options.experiments = Experiment.allCases.filter(chosen.contains)
    if !chosen.isEmpty { options.purpose = .experiment }
    return options
  }

  private var progress: any RunProgress {
    if json { return JSONProgress() }
    if quiet { return QuietProgress() }
    if Console.isTerminal { return LiveProgress(colour: colour.useColour) }
    return PlainProgress()
  }

  private func printComparison(of run: StoredRun) throws {
    let renderer = TerminalRenderer(colour: colour.useColour, width: Console.width)
    var comparison = try Comparison(run)
    comparison.experiments.databaseOption = database.option
    Console.print(renderer.render(comparison), terminator: "")
  }

  private static func isAlive(_ owner: String) -> Bool {
    ProcessIdentity(parsing: owner)?.isAlive ?? false
  }
}

extension Leftovers {
  /// What was removed, for the user.
  var sentence: String {
    func count(_ number: Int, _ one: String, _ many: String) -> String {
      "\(number) \(number == 1 ? one : many)"
    }
    var parts: [String] = []
    if processes > 0 {
      parts.append(count(processes, "leftover process was", "leftover processes were") + " ended")
    }
    if !directories.isEmpty {
      parts.append(
        count(directories.count, "scratch directory", "scratch directories") + " removed")
    }
    let done = parts.isEmpty ? "" : "Of runs that died: " + parts.joined(separator: ", ") + "."
    return ([done] + problems.map { "Could not remove \($0)" }).filter { !$0.isEmpty }
      .joined(separator: "\n")
  }
}
