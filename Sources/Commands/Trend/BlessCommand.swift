import ArgumentParser
import Foundation
import Measurement
import Reports
import ResultStore

struct BlessCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bless",
    abstract: "Accept a cell's level from a run on.",
    usage: "devbench bless <cell> --run <run> --why <text> [<options>]",
    discussion: """
      devbench trend then takes that level for the one that counts: it is no regression any more. \
      Samples stay as they are. devbench unbless takes it back.

      EXAMPLES
        devbench bless local-native/reload/message --run 20261121 --why "Flask 3.2"
        devbench unbless local-native/reload/message
      """)

  @Argument(help: "The cell's full name, as devbench trend tells it.")
  var cell: String

  @Option(help: "The first run of the level: an id, or the beginning of one.")
  var run: String

  @Option(help: ArgumentHelp("Why it is fine; shown in every trend.", valueName: "text"))
  var why: String

  @OptionGroup var database: DatabaseOption

  func validate() throws {
    if why.allSatisfy(\.isWhitespace) { throw ValidationError("--why says why, in words.") }
  }

  func run() async throws {
    let store = try ResultStore.open(path: database.path, mode: .readWrite)
    let stored = try store.storedRun(id: store.resolveTelling(run))
    let record = stored.record
    let names = record.cells.map(\.cell.name)
    guard names.contains(cell) else {
      throw ValidationError(
        "Run \(record.id) has no cell “\(PlainText.line(cell))”; it has "
          + "\(names.joined(separator: ", ")).")
    }
    // A level begins at a point of the history; what is none would be accepted without any effect.
    guard record.purpose == .measurement,
      stored.samples.contains(where: { !$0.isWarmup && $0.cell.name == cell })
    else {
      throw ValidationError(
        "Run \(record.id) is no point in the history of \(PlainText.line(cell))"
          + (record.purpose == .measurement
            ? ": it ended before measuring it." : ": it is a \(record.purpose.rawValue).")
          + " Name the run that `devbench trend` names, or a later one.")
    }
    try store.insert(
      blessing: Blessing(
        scenario: record.scenario, cell: cell, run: record.id, why: why, blessedAt: Date()))
    Console.print(
      "Blessed \(PlainText.line(cell)) of \(PlainText.line(record.scenario)) from run \(record.id) on."
    )
  }
}
