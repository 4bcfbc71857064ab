import ArgumentParser
import Foundation
import Reports
import ResultStore

struct TrendCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trend",
    abstract: "Say when a scenario's cells got slower or faster, run by run.",
    usage: "devbench trend [<scenario>] [<options>]",
    discussion: """
      Without a scenario all are shown. Runs that aren't alike (machine, kernel, engine, scenario, \
      link) make series of their own, unless --across says otherwise. Runs that are missing are \
      gaps; a level lasts five runs at least, so a single slow night is none.

      With --gate the exit status is 2 if a cell is slower than the level that counts and nobody \
      has blessed that, 1 if the newest run failed or nothing was long enough to be judged.

      EXAMPLES
        devbench trend
        devbench trend flask-hello --last 60 --branch main
        devbench trend --since 2026-10-01 --format html
        devbench trend --gate --format markdown >> summary.md
      """)

  @Argument(help: "The scenario's name; by default all.")
  var scenario: String?

  @Option(
    help: ArgumentHelp(
      "Only runs from then on: a day, or a day and time in UTC.", valueName: "date"))
  var since: MomentArgument?

  @Option(help: ArgumentHelp("Only the newest so many runs, 1 or more.", valueName: "n"))
  var last: Int?

  @Option(help: ArgumentHelp("Only runs of this git branch of the app.", valueName: "name"))
  var branch: String?

  @Option(
    help: ArgumentHelp(
      "The change in percent that counts at all, above 0 to 100.", valueName: "percent"))
  var margin = 5.0

  @Flag(help: "Take runs of different machines for one series.")
  var across = false

  @Flag(help: "End with 2 on a regression, with 1 if nothing was judged.")
  var gate = false

  @OptionGroup var output: ReportOutput
  @OptionGroup var database: DatabaseOption
  @OptionGroup var colour: ColourOptions

  func validate() throws {
    guard margin > 0, margin <= 100 else {
      throw ValidationError("--margin is above 0 to 100 percent, not \(margin).")
    }
    if let last, last < 1 { throw ValidationError("--last is 1 or more, not \(last).") }
  }

  func run() async throws {
    let store = try ResultStore.openForReading(path: database.path)
    let known = try store.scenarios()
    if let scenario, !known.contains(scenario) {
      throw ValidationError(
        "There are no runs of “\(scenario)” in \(database.path); there are runs of "
          + "\(known.joined(separator: ", ")).")
    }
    var histories: [(history: History, blessings: [Blessing])] = []
    for name in scenario.map({ [$0] }) ?? known {
      let history = try store.history(
        HistoryFilter(scenario: name, since: since?.date, last: last, branch: branch))
      if !history.runs.isEmpty { histories.append((history, try store.blessings(scenario: name))) }
    }
    guard !histories.isEmpty else {
      Console.error(
        "No run is left by --since, --last and --branch; `devbench runs` lists them all.")
      throw ExitStatus.failed.code
    }
    let report = TrendReport(histories, now: Date(), margin: margin / 100, across: across)
    try output.write(name: [scenario ?? "all", "trend"]) { isForConsole in
      switch output.format {
      case .terminal:
        TrendTerminal(colour: isForConsole && colour.useColour, width: Console.width).render(report)
      case .markdown: TrendMarkdown().render(report)
      case .json: TrendJSON().render(report)
      case .html: try TrendHTML().render(report)
      }
    }
    if gate { try Self.end(with: report) }
  }

  /// - Throws: the exit status of anything but a history that was judged and is fine.
  private static func end(with report: TrendReport) throws {
    if !report.regressions.isEmpty { throw ExitStatus.regression.code }
    if report.parts.contains(where: \.hasFailedLast) {
      Console.error("The newest run failed: see `devbench report`.")
      throw ExitStatus.failed.code
    }
    guard report.judged > 0 else {
      Console.error("No series is long enough to be judged.")
      throw ExitStatus.failed.code
    }
  }
}
