import ArgumentParser
import Foundation
import Measurement
import Reports
import ResultStore

extension ExportFormat: ExpressibleByArgument {}

struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write stored runs for other tools, or for another database.",
    usage: "devbench export [<run> ...] [<options>]",
    discussion: """
      A run is named by its id, the beginning of one, or "latest". Runs are written in the order of \
      measuring. The format json has all that is stored of a run, one run a line, and is what \
      devbench import reads; docs/export.md says what the others have. Formats of figures leave out \
      confirmation and calibration runs, unless they are named, and experiments.

      EXAMPLES
        devbench export --format csv > samples.csv
        devbench export --format junit --output results.xml
        devbench export --all | ssh hub devbench import -
        devbench export --since 2026-11-01 --scenario flask-hello --output nov.jsonl
      """)

  @Argument(help: "The runs; by default the latest.")
  var runs: [String] = []

  @Option(help: "What is written.")
  var format = ExportFormat.json

  @Option(
    help: ArgumentHelp("Where it is written; “-” is standard output.", valueName: "path"),
    completion: .file())
  var output = "-"

  @Flag(help: "All runs.")
  var all = false

  @Option(
    help: ArgumentHelp(
      "Runs that started then or later, in UTC: 2026-11-21, 2026-11-21T03:15:00Z.",
      valueName: "date"))
  var since: MomentArgument?

  @Option(help: ArgumentHelp("Only runs of this scenario.", valueName: "name"))
  var scenario: String?

  @OptionGroup var database: DatabaseOption

  func validate() throws {
    if !runs.isEmpty, all || since != nil || scenario != nil {
      throw ValidationError("Runs are named, or chosen by --all, --since and --scenario; not both.")
    }
    if all && since != nil { throw ValidationError("--all and --since exclude each other.") }
  }

  func run() async throws {
    let store = try ResultStore.openForReading(path: database.path)
    let heads = try selection(in: store)
    try requireOnePerScenario(heads)

    var exporter = format.exporter(runs: heads.count)
    let output = try ExportOutput(path: output)
    try output.write(exporter.begin())
    for head in heads { try output.write(exporter.add(try store.storedRun(id: head.id))) }
    try output.write(exporter.end())
    try output.finish()
    for note in exporter.notes { Console.error(note) }
    if self.output != "-" {
      Console.error("Wrote \(self.output): " + (heads.count == 1 ? "1 run" : "\(heads.count) runs"))
    }
  }

  /// In the order of measuring, each once.
  private func selection(in store: ResultStore) throws -> [RunHead] {
    if !runs.isEmpty {
      let ids = Set(try runs.map { try store.resolveTelling($0) })
      return try store.heads().filter { ids.contains($0.id) }
    }
    // Says so if there are no runs at all.
    _ = try store.latestRunID()
    let heads = try store.heads(since: since?.date ?? .distantPast, scenario: scenario).filter {
      format.takes($0.purpose)
    }
    let future = Set(try store.futureRuns().map(\.id))
    if !all, since == nil { try FutureNotice.tell(of: store) }
    guard let latest = heads.last(where: { !future.contains($0.id) }) ?? heads.last else {
      throw ExportFailure.nothing(
        path: store.path, scenario: scenario, since: since?.date,
        hasOthers: format != .json)
    }
    return all || since != nil ? heads : [latest]
  }

  private func requireOnePerScenario(_ heads: [RunHead]) throws {
    guard format.takesOneRunPerScenario else { return }
    var seen: [String: String] = [:]
    for head in heads {
      if let first = seen.updateValue(head.id, forKey: head.scenario) {
        throw ExportFailure.severalRuns(
          format: format.rawValue, scenario: head.scenario, first: first, second: head.id)
      }
    }
  }
}

enum ExportFailure: Error, CustomStringConvertible {
  case nothing(path: String, scenario: String?, since: Date?, hasOthers: Bool)
  case severalRuns(format: String, scenario: String, first: String, second: String)
  case notWritten(path: String, reason: String)

  var description: String {
    switch self {
    case .nothing(let path, let scenario, let since, let hasOthers):
      "No " + (hasOthers ? "measuring " : "") + "run"
        + (scenario.map { " of the scenario '\($0)'" } ?? "") + " in \(path)"
        + (since.map { " started since \(StoredDate.text($0))" } ?? "")
        + "; `devbench runs` lists what there is."
    case .severalRuns(let format, let scenario, let first, let second):
      "\(format) has one figure a benchmark, and \(first) and \(second) are both runs of "
        + "\(scenario); export one of them at a time."
    case .notWritten(let path, let reason):
      "\(path) could not be written: \(reason). Give another place with --output."
    }
  }
}
