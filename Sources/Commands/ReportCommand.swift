import ArgumentParser
import Reports
import ResultStore

struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Compare the cells of a stored run.",
    usage: "devbench report [<run>] [<options>]",
    discussion: """
      A run is named by its id, the beginning of one, or "latest". Markdown and JSON go to standard \
      output unless --output says otherwise; HTML goes to reports/, one file without any network use.

      EXAMPLES
        devbench report
        devbench report 20261121 --baseline local-native/restart/message
        devbench report --format markdown >> pull-request.md
        devbench report --format html --output comparison.html
      """)

  @Argument(help: "The run; by default the latest.")
  var run = "latest"

  @Option(
    help: ArgumentHelp(
      "The cell that others are compared with; by default the first.", valueName: "cell"))
  var baseline: String?

  @OptionGroup var output: ReportOutput
  @OptionGroup var database: DatabaseOption
  @OptionGroup var colour: ColourOptions

  func run() async throws {
    let store = try ResultStore.openForReading(path: database.path)
    let stored = try store.storedRun(id: store.resolveTelling(run))
    var comparison = try Comparison(stored, baseline: baseline)
    comparison.experiments.databaseOption = database.option
    try output.write(name: [stored.record.scenario, stored.record.id]) {
      try render(comparison, toTerminal: $0)
    }
  }

  private func render(_ comparison: Comparison, toTerminal: Bool) throws -> String {
    switch output.format {
    case .terminal:
      TerminalRenderer(colour: toTerminal && colour.useColour, width: Console.width)
        .render(comparison)
    case .markdown: MarkdownRenderer().render(comparison)
    case .json: JSONRenderer().render(comparison)
    case .html: try HTMLRenderer().render(comparison)
    }
  }
}
