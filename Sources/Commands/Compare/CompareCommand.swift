import ArgumentParser
import Reports
import ResultStore

struct CompareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Say what changed between two runs, commits or branches.",
    usage: "devbench compare [<base>] [<head>] [<options>]",
    discussion: """
      \(RunReferences.help) Without head the latest run is compared; without base, with the one \
      before.

      Each cell gets a verdict by a rule that is printed: regression, improvement, equivalent, or \
      inconclusive, with about how many more iterations would decide. What isn't alike (machine, \
      kernel, engine, scenario, link) isn't compared, unless --across says so.

      With --confirm an alarm is raised only after both sides were measured again in turn, and \
      show it again.

      Exit status: 0 without a regression, 2 with one, 3 if it isn't known, 1 if nothing could be \
      compared.

      EXAMPLES
        devbench compare
        devbench compare 20261120 latest
        devbench compare --base main --head HEAD --confirm
        devbench compare --base last:20 --margin 10
        devbench compare main HEAD --format markdown >> pull-request.md
      """)

  @Argument(help: ArgumentHelp("The runs that others are compared with.", valueName: "base"))
  var baseReference: String?

  @Argument(help: ArgumentHelp("The runs that are judged.", valueName: "head"))
  var headReference: String?

  @Option(help: ArgumentHelp("The same as the first argument.", valueName: "runs"))
  var base: String?

  @Option(help: ArgumentHelp("The same as the second argument.", valueName: "runs"))
  var head: String?

  @Option(
    help: ArgumentHelp(
      "Of a commit or branch with runs of several: which one.", valueName: "name"))
  var scenario: String?

  @Option(
    help: ArgumentHelp(
      "The change in percent that counts at all, above 0 to 100.", valueName: "percent"))
  var margin = 5.0

  @Flag(help: "Compare what was measured on different machines as well.")
  var across = false

  @Flag(help: "Measure an alarm's cells again, both sides in turn, before raising it.")
  var confirm = false

  @Option(
    help: ArgumentHelp("Iterations a side with --confirm, 10 to 1000.", valueName: "n"))
  var iterations = 20

  @OptionGroup var output: ReportOutput
  @OptionGroup var database: DatabaseOption
  @OptionGroup var colour: ColourOptions

  func validate() throws {
    if base != nil && baseReference != nil || head != nil && headReference != nil {
      throw ValidationError("Name each side once, as an argument or by --base and --head.")
    }
    guard margin > 0, margin <= 100 else {
      throw ValidationError("--margin is above 0 to 100 percent, not \(margin).")
    }
    guard (10...1000).contains(iterations) else {
      throw ValidationError("--iterations is from 10 to 1000, not \(iterations).")
    }
  }

  func run() async throws {
    // A confirmation is measured, and stored.
    let store =
      confirm
      ? try ResultStore.open(path: database.path, mode: .readWrite)
      : try ResultStore.openForReading(path: database.path)
    let sides = try await RunReferences(store: store, scenario: scenario)
      .sides(base: base ?? baseReference, head: head ?? headReference)
    let report = try ChangeReport(
      base: sides.base, head: sides.head, margin: margin / 100,
      calibrations: try store.calibrations(), across: across)
    try show(report, name: "compare")
    guard confirm, !report.regressions.isEmpty else {
      try Self.end(with: report.outcome)
      return
    }
    let rerun = try await Confirmation(
      report: report, iterations: iterations, store: store
    ).measure()
    try show(rerun, name: "confirm")
    let confirmed = Set(rerun.regressions.map(\.cell))
    let alarms = report.regressions
    let standing = alarms.filter { confirmed.contains($0.cell) }
    for cell in alarms {
      Console.error(
        PlainText.line(
          confirmed.contains(cell.cell)
            ? "Confirmed: \(cell.label) got slower."
            : "Not confirmed: \(cell.label) is no regression when both sides are measured in turn.")
      )
    }
    if !standing.isEmpty { throw ExitStatus.regression.code }
    try Self.end(with: rerun.outcome == .nothingJudged ? .nothingJudged : rerun.outcome)
  }

  private func show(_ report: ChangeReport, name: String) throws {
    let head = report.head.runs.last?.record
    try output.write(name: [head?.scenario ?? "", name, head?.id ?? ""]) { isForConsole in
      switch output.format {
      case .terminal:
        ChangeTerminal(colour: isForConsole && colour.useColour, width: Console.width)
          .render(report)
      case .markdown: ChangeMarkdown().render(report)
      case .json: ChangeJSON().render(report)
      case .html: try ChangeHTML().render(report)
      }
    }
  }

  /// - Throws: the exit status of anything but a comparison without a regression.
  private static func end(with outcome: ChangeReport.Outcome) throws {
    switch outcome {
    case .fine: return
    case .regression: throw ExitStatus.regression.code
    case .inconclusive: throw ExitStatus.inconclusive.code
    case .nothingJudged:
      Console.error("Nothing could be compared.")
      throw ExitStatus.failed.code
    }
  }
}
