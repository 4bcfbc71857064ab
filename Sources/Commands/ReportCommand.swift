import ArgumentParser
import Foundation
import Reports
import ResultStore

struct ReportCommand: AsyncParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case terminal, markdown, html, json
  }

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

  @Option(help: "How the comparison is written.")
  var format = Format.terminal

  @Option(
    help: ArgumentHelp("Where it is written; “-” is standard output.", valueName: "path"),
    completion: .file())
  var output: String?

  @Option(
    help: ArgumentHelp(
      "The cell that others are compared with; by default the first.", valueName: "cell"))
  var baseline: String?

  @OptionGroup var database: DatabaseOption
  @OptionGroup var colour: ColourOptions

  func run() async throws {
    let store = try ResultStore.openForReading(path: database.path)
    let stored = try store.storedRun(id: store.resolve(run))
    let comparison = try Comparison(stored, baseline: baseline)
    let path = output ?? (format == .html ? Self.defaultPath(of: stored.record) : "-")
    let text = try render(comparison, toTerminal: path == "-")
    guard path != "-" else {
      Console.print(text, terminator: "")
      return
    }
    let url = URL(fileURLWithPath: path)
    do {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url, options: .atomic)
    } catch {
      throw ReportFailure.notWritten(path: path, reason: error.localizedDescription)
    }
    Console.error("Wrote \(path)")
  }

  private func render(_ comparison: Comparison, toTerminal: Bool) throws -> String {
    switch format {
    case .terminal:
      TerminalRenderer(colour: toTerminal && colour.useColour, width: Console.width)
        .render(comparison)
    case .markdown: MarkdownRenderer().render(comparison)
    case .json: JSONRenderer().render(comparison)
    case .html: try HTMLRenderer().render(comparison)
    }
  }

  /// The scenario's name is checked when its file is read, but a database may come from elsewhere.
  private static func defaultPath(of record: RunRecord) -> String {
    let name = record.scenario.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "-" }
    let id = record.id.map { $0.isLetter || $0.isNumber || $0 == "-" ? $0 : "-" }
    return "reports/\(String(name).drop { $0 == "." })-\(String(id)).html"
  }
}

enum ReportFailure: Error, CustomStringConvertible {
  case notWritten(path: String, reason: String)

  var description: String {
    switch self {
    case .notWritten(let path, let reason):
      "\(path) could not be written: \(reason). Give another place with --output."
    }
  }
}
