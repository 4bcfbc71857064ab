import ArgumentParser
import Foundation
import Measurement
import Processes
import Reports
import ResultStore
import Runner
import Scenarios
import Statistics

struct CalibrateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Compare a scenario with itself: what this machine does by chance.",
    usage: "devbench calibrate <scenario> [<options>]",
    discussion: """
      Each cell is measured twice, in turn, block by block, from the same sources. What differs is \
      the machine's noise: compare takes a change for one only if it is larger. The result holds \
      for this machine, kernel, engine, scenario and link, and for as many iterations a side as \
      --for says.

      EXAMPLES
        devbench calibrate flask-hello
        devbench calibrate flask-hello --path reload --iterations 60 --for 20
      """)

  @Argument(
    help: "A name under scenarios/, or the path of a scenario file.",
    completion: ScenarioArgument.completion)
  var scenario: String

  @Option(
    name: .customLong("workflow"),
    help: ArgumentHelp("Only this workflow; may be repeated.", valueName: "workflow"))
  var workflows: [WorkflowKind] = []

  @Option(
    name: .customLong("path"),
    help: ArgumentHelp("Only this update path; may be repeated.", valueName: "path"))
  var paths: [PathName] = []

  @Option(
    name: .customLong("edit"),
    help: ArgumentHelp("Only this edit; may be repeated.", valueName: "name"))
  var edits: [String] = []

  @Option(
    help: ArgumentHelp(
      "Iterations a side, 10 to 10000; more know the noise better.", valueName: "n"))
  var iterations = 30

  @Option(
    name: .customLong("for"),
    help: ArgumentHelp(
      "Iterations a side of the comparisons to come; by default the scenario's.", valueName: "n"))
  var target: Int?

  @OptionGroup var database: DatabaseOption
  @OptionGroup var colour: ColourOptions

  func validate() throws {
    guard (10...10_000).contains(iterations) else {
      throw ValidationError("--iterations is from 10 to 10000, not \(iterations).")
    }
    if let target, !(2...10_000).contains(target) {
      throw ValidationError("--for is from 2 to 10000, not \(target).")
    }
  }

  func run() async throws {
    let scenario = try ScenarioArgument.load([scenario])[0]
    let options = options
    do { _ = try options.cells(of: scenario) } catch { throw ValidationError("\(error)") }
    let state = StateDirectory.standard()
    let store = try ResultStore.open(path: database.path)
    let interrupts = Interrupts()
    let progress: any RunProgress =
      Console.isTerminal ? LiveProgress(colour: colour.useColour) : PlainProgress()
    let runner = Runner(
      inTurn: [scenario, scenario], options: options, store: store, state: state
    ) { progress.show($0) }
    let records: [RunRecord]
    do {
      records = try await interrupts.cancelling { try await runner.runAll() }
    } catch {
      progress.end()
      Console.error("Error: " + PlainText.clean("\(error)"))
      throw (interrupts.status ?? .failed).code
    }
    progress.end()
    let table = try CalibrationTable(
      first: store.storedRun(id: records[0].id), second: store.storedRun(id: records[1].id),
      iterations: target ?? scenario.measure.iterations)
    for calibration in table.calibrations { try store.insert(calibration: calibration) }
    Console.print(
      CalibrationTerminal(colour: colour.useColour, width: Console.width).render(table),
      terminator: "")
    if let status = interrupts.status { throw status.code }
    if table.calibrations.isEmpty {
      Console.error("No cell was served often enough to be calibrated.")
      throw ExitStatus.failed.code
    }
  }

  private var options: RunOptions {
    var options = RunOptions()
    (options.workflows, options.paths, options.edits) = (workflows, paths, edits)
    options.iterations = iterations
    options.order = .interleaved
    options.purpose = .calibration
    return options
  }
}
