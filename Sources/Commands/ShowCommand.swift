import ArgumentParser
import Measurement
import Reports
import ResultStore

struct ShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show every sample and trial of a run, warm-ups and failures included.",
    discussion: """
      EXAMPLES
        devbench show latest
        devbench show 20261121-0315
        devbench show latest --experiment recovery
      """)

  @Argument(help: "The run: its id, the beginning of one, or “latest”.")
  var run: String

  @Option(
    help: ArgumentHelp("Only the trials of this experiment, with all facts.", valueName: "name"))
  var experiment: Experiment?

  @OptionGroup var database: DatabaseOption
  @OptionGroup var colour: ColourOptions

  func run() async throws {
    let store = try ResultStore.openForReading(path: database.path)
    let table = SampleTable(
      colour: colour.useColour, width: Console.width, databaseOption: database.option)
    let stored = try store.storedRun(id: store.resolveTelling(run))
    if experiment == nil, !stored.samples.isEmpty || stored.experiments.isEmpty {
      Console.print(table.render(stored), terminator: "")
    }
    if experiment != nil || !stored.experiments.isEmpty {
      let trials = ExperimentTable(colour: colour.useColour, width: Console.width)
      Console.print(trials.render(stored, only: experiment), terminator: "")
    }
  }
}
