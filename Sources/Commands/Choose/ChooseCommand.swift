import ArgumentParser
import Decision
import Foundation
import Measurement
import Reports
import ResultStore
import Scenarios

struct ChooseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "choose",
    abstract: "Weigh the ways of developing, from what was measured and what your team says.",
    usage: "devbench choose [<run> …] [<options>]",
    discussion: """
      Of each workflow there is a row of criteria with figures and intervals: inner loop, set-up, \
      footprint, parity, reproducibility, recovery, errors, working offline, sharing, cost. What \
      wasn't measured says so, with the command that would. They are ranked by decision.yaml's \
      weights, with the weights at which another would lead; ties are called ties. docs/choose.md \
      says how, and which claims about each way the figures support.

      Without runs, the newest that hold each kind of result are used, scenario by scenario. Without \
      decision.yaml, devbench's own weights count, and there is no cost. --init writes one.

      EXAMPLES
        devbench choose --init
        devbench choose
        devbench choose 20261121 20261120 --decision team.yaml
        devbench choose --format html --output decision.html
      """)

  @Argument(
    help: ArgumentHelp(
      "Runs: ids, or their beginnings; by default the newest of each kind.", valueName: "run"))
  var runs: [String] = []

  @Option(
    help: ArgumentHelp(
      "The team's weights and numbers; by default decision.yaml, if it is there.",
      valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var decision: String?

  @Flag(name: .customLong("init"), help: "Write a commented decision.yaml, and do nothing else.")
  var isInit = false

  @Option(
    help: ArgumentHelp(
      "The workflow that others' runtimes are compared with; by default as decision.yaml says, or "
        + "remote-cluster.", valueName: "workflow"))
  var reference: WorkflowKind?

  @OptionGroup var output: ReportOutput
  @OptionGroup var database: DatabaseOption
  @OptionGroup var colour: ColourOptions

  func validate() throws {
    guard isInit else { return }
    if !runs.isEmpty {
      throw ValidationError("--init only writes a file; leave out the runs.")
    }
    if reference != nil {
      throw ValidationError(
        "--init only writes a file, in which the reference stands; leave out --reference.")
    }
    if output.format != .terminal {
      throw ValidationError("--init only writes a file, of one form; leave out --format.")
    }
  }

  func run() async throws {
    guard !isInit else { return try writeTemplate() }
    let (settings, path) = try settings()
    let store = try ResultStore.openForReading(path: database.path)
    let hints = CommandHints(
      databaseOption: database.option,
      scenarios: ScenarioWords.words(for: try store.scenarios()))
    let evidence = try EvidenceReader(store: store, settings: settings, hints: hints).read(runs)
    try check(link: settings.link, in: evidence, path: path)
    let report = DecisionReport(evidence, decision: settings, path: path)
    let name = report.parts.count == 1 ? report.parts[0].scenario : "all"
    try output.write(name: [name, "decision"]) { isForConsole in
      switch output.format {
      case .terminal:
        DecisionTerminal(colour: isForConsole && colour.useColour, width: Console.width)
          .render(report)
      case .markdown: DecisionMarkdown().render(report)
      case .json: DecisionJSON().render(report)
      case .html: try DecisionHTML().render(report)
      }
    }
    guard report.parts.contains(where: { $0.ranking.leader != nil }) else {
      Console.error("No workflow could be ranked: the report says what is missing.")
      throw ExitStatus.failed.code
    }
  }

  /// A link that no run has would be passed over without a word.
  private func check(link: String?, in evidence: [Evidence], path: String?) throws {
    guard let link, !evidence.contains(where: { $0.links.contains(link) }) else { return }
    let links = Set(evidence.flatMap(\.links)).sorted()
    let known =
      links.isEmpty
      ? "they have none; remove the line" : "they have \(links.joined(separator: ", "))"
    Console.error(
      PlainText.line(
        "\(path ?? DecisionFile.standardPath): \"link\" is \"\(link)\", which no run that counts has; \(known).",
        limit: 1_000))
    throw ExitStatus.usage.code
  }

  private func writeTemplate() throws {
    let path = output.output ?? decision ?? DecisionFile.standardPath
    let file = InitFile(path)
    if file.exists {
      Console.error(
        "\(PlainText.line(path, limit: 4096)) exists already, and stays as it is. Edit it, or name "
          + "another file with --output.")
      throw ExitStatus.failed.code
    }
    do {
      try file.write(DecisionTemplate.text, replacing: false)
    } catch {
      var reason = "another has come there meanwhile"
      if case .unwritable(_, let why) = error { reason = why }
      Console.error(
        "\(PlainText.line(path, limit: 4096)) can't be written: \(PlainText.line(reason)). Name another file "
          + "with --output.")
      throw ExitStatus.failed.code
    }
    let option = path == DecisionFile.standardPath ? "" : " --decision \(ShellWord.quoted(path))"
    Console.print("wrote          \(PlainText.line(path, limit: 4096))")
    Console.print(
      "next           replace its numbers by your team's, then: devbench choose\(option)")
  }

  private func settings() throws -> (DecisionFile, String?) {
    let path = decision ?? DecisionFile.standardPath
    var settings = DecisionFile.standard
    let isGiven = decision != nil || InitFile(path).exists
    if isGiven {
      do {
        settings = try DecisionFile.load(path: path)
      } catch {
        Console.error(PlainText.clean("\(error)"))
        throw ExitStatus.usage.code
      }
    }
    if let reference { settings.reference = reference }
    return (settings, isGiven ? path : nil)
  }
}
