import ArgumentParser
import Measurement
import Processes
import Reports
import Runner
import Scenarios

struct DevCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dev",
    abstract: "Run a scenario's app from your own tree, and follow each save until it is served.",
    usage: "devbench dev <scenario> [<options>]",
    discussion: """
      Starts the app from the directory that the scenario names, prints its link and its output, \
      and after each save what was done about it and when the new code was served. Nothing is \
      written into the directory, and nothing is stored.

      Times count from the instant at which the kernel reported the save. An edit of yours has no \
      token: it counts as served when the app answers otherwise than before, or answers after it \
      was restarted. While it waits devbench asks the app, in between every two seconds; as many \
      lines of an access log are left out.

      A remote is reached over the first of its links in the scenario, once the app has been started.

      An app that ends or can't be started is started again at the next save. The scenario file is \
      followed too. Ctrl-C removes all that was started.

      EXAMPLES
        devbench dev flask-hello
        devbench dev flask-hello --path restart
        devbench dev ./bench/shop.yaml --workflow local-native --quiet
        devbench dev flask-hello --json > events.jsonl
      """)

  @Argument(
    help: "A name under scenarios/, or the path of a scenario file.",
    completion: ScenarioArgument.completion)
  var scenario: String

  @Option(
    help: ArgumentHelp("How the app runs; by default the scenario's first.", valueName: "workflow"))
  var workflow: WorkflowKind?

  @Option(
    help: ArgumentHelp(
      "How saves become live; by default sync on a cluster, else the scenario's first.",
      valueName: "name"))
  var path: String?

  @Flag(help: "One JSON event a line on standard output (docs/json.md).")
  var json = false

  @Flag(help: "Leave out the app's own output.")
  var quiet = false

  @OptionGroup var colour: ColourOptions

  func validate() throws {
    if json && quiet { throw ValidationError("--json and --quiet exclude each other.") }
  }

  func run() async throws {
    let reference = self.scenario
    let load: DevLoop.Load = {
      // Edits are for measuring; a tree in work need not match them.
      try ScenarioFile.load(path: ScenarioLibrary.path(for: reference), matchingEdits: false)
    }
    let scenario: Scenario
    do {
      scenario = try load()
    } catch {
      Console.error(PlainText.clean("\(error)"))
      throw ExitStatus.usage.code
    }
    let state = StateDirectory.standard()
    let leftovers = await state.removeLeftovers()
    if !leftovers.isEmpty { Console.error(leftovers.sentence) }

    let progress = progress
    let loop: DevLoop
    do {
      loop = try DevLoop(
        scenario: scenario, workflow: workflow, path: path, state: state, load: load
      ) { progress.show($0) }
    } catch {
      throw ValidationError("\(error)")
    }
    let interrupts = Interrupts()
    let leftBehind: [String]
    do {
      leftBehind = try await interrupts.cancelling { try await loop.run() }
    } catch {
      Console.error("Error: " + PlainText.clean("\(error)"))
      throw (interrupts.status ?? .failed).code
    }
    if !leftBehind.isEmpty { throw ExitStatus.failed.code }
    if let status = interrupts.status { throw status.code }
  }

  private var progress: any DevProgress {
    json ? DevJSON() : DevLines(text: DevText(colour: colour.useColour, showsOutput: !quiet))
  }
}
