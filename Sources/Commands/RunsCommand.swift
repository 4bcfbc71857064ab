import ArgumentParser
import Reports
import ResultStore

struct RunsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List the stored runs, the newest first.",
    discussion: """
      EXAMPLES
        devbench runs
        devbench runs --last 200
      """)

  @Option(help: ArgumentHelp("How many.", valueName: "n"))
  var last = 20

  @OptionGroup var database: DatabaseOption
  @OptionGroup var colour: ColourOptions

  func validate() throws {
    guard last >= 1 else { throw ValidationError("--last is at least 1, not \(last).") }
  }

  func run() async throws {
    let store = try ResultStore.openForReading(path: database.path)
    let table = RunsTable(colour: colour.useColour, width: Console.width)
    Console.print(table.render(try store.listings(limit: last)), terminator: "")
  }
}
