import ArgumentParser
import Measurement
import Reports
import ResultStore

struct ShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show every sample and trial of a run, warm-ups and failures included.",
    usage: "devbench show <run> [<options>]",
    discussion: """
      EXAMPLES
        devbench show latest
        devbench show 20261121-0315
        devbench show latest --experiment recovery
      """)

  @Argument(help: "The run: its id, the beginning of one, or “latest”.")
  var run: String

  @Option(
    help: ArgumentHelp(
      "Only the trials of this experiment, with all facts; of parity, how runtimes differ.",
      valueName: "name"))
  var experiment: Experiment?

  @Option(
    help: ArgumentHelp(
      "With --experiment parity, the workflow that others' runtimes are compared with; by default "
        + "remote-cluster.", valueName: "workflow"))
  var reference: WorkflowKind?

  @OptionGroup var database: DatabaseOption
  @OptionGroup var colour: ColourOptions

  func validate() throws {
    if reference != nil, experiment != .parity {
      throw ValidationError("--reference is for --experiment parity.")
    }
  }

  func run() async throws {
    let store = try ResultStore.openForReading(path: database.path)
    let table = SampleTable(
      colour: colour.useColour, width: Console.width, databaseOption: database.option)
    let stored = try store.storedRun(id: store.resolveTelling(run))
    let text =
      experiment.map { table.render(stored, only: $0, reference: reference) }
      ?? table.render(stored)
    Console.print(text, terminator: "")
  }
}
