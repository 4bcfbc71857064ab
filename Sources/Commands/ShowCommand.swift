import ArgumentParser
import Measurement
import Parity
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

  @Option(
    help: ArgumentHelp(
      "With --experiment parity, facts that aren't compared, as in “environment/MY_*”; may be "
        + "repeated.", valueName: "pattern"))
  var ignore: [String] = []

  @OptionGroup var database: DatabaseOption
  @OptionGroup var colour: ColourOptions

  func validate() throws {
    if reference != nil, experiment != .parity {
      throw ValidationError("--reference is for --experiment parity.")
    }
    if !ignore.isEmpty, experiment != .parity {
      throw ValidationError("--ignore is for --experiment parity.")
    }
    _ = try patterns
  }

  private var patterns: ParityIgnore {
    get throws {
      do {
        return try ParityIgnore(patterns: ignore)
      } catch {
        throw ValidationError("\(error)")
      }
    }
  }

  func run() async throws {
    let store = try ResultStore.openForReading(path: database.path)
    let table = SampleTable(
      colour: colour.useColour, width: Console.width, databaseOption: database.option)
    let stored = try store.storedRun(id: store.resolveTelling(run))
    let text =
      try experiment.map {
        try table.render(stored, only: $0, reference: reference, ignoring: patterns)
      }
      ?? table.render(stored)
    Console.print(text, terminator: "")
  }
}
