import ArgumentParser
import Reports
import ResultStore

struct ShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show every sample of a run, warm-ups and failures included.",
    discussion: """
      EXAMPLES
        devbench show latest
        devbench show 20261121-0315
      """)

  @Argument(help: "The run: its id, the beginning of one, or “latest”.")
  var run: String

  @OptionGroup var database: DatabaseOption
  @OptionGroup var colour: ColourOptions

  func run() async throws {
    let store = try ResultStore.openForReading(path: database.path)
    let table = SampleTable(colour: colour.useColour, width: Console.width)
    let stored = try store.storedRun(id: store.resolveTelling(run))
    Console.print(table.render(stored), terminator: "")
  }
}
