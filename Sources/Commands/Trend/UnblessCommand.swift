import ArgumentParser
import Foundation
import Reports
import ResultStore

struct UnblessCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unbless",
    abstract: "Take back what was accepted of a cell.",
    usage: "devbench unbless <cell> [--run <run>] [--scenario <name>] [<options>]",
    discussion: """
      EXAMPLES
        devbench unbless local-native/reload/message
        devbench unbless local-native/reload/message --run 20261121
      """)

  @Argument(help: "The cell's full name.")
  var cell: String

  @Option(help: "Only what was accepted from this run on.")
  var run: String?

  @Option(
    help: ArgumentHelp(
      "Of this scenario, where several have a cell of the name.", valueName: "name"))
  var scenario: String?

  @OptionGroup var database: DatabaseOption

  func run() async throws {
    let store = try ResultStore.open(path: database.path, mode: .readWrite)
    let run = try run.map { try store.resolveTelling($0) }
    let names = try store.scenarios().filter { scenario == nil || $0 == scenario }
    let holding = try names.filter { name in
      try store.blessings(scenario: name).contains {
        $0.cell == cell && $0.takenBackAt == nil && (run == nil || $0.run == run)
      }
    }
    guard let name = holding.first else {
      Console.error(
        "Nothing of \(PlainText.line(cell)) is blessed; `devbench trend` shows what is.")
      throw ExitStatus.failed.code
    }
    guard holding.count == 1 else {
      throw ValidationError(
        "The cell is blessed in \(holding.joined(separator: ", ")); say which with --scenario.")
    }
    let count = try store.takeBack(scenario: name, cell: cell, run: run, at: Date())
    Console.print(
      "Took back \(count == 1 ? "the blessing" : "\(count) blessings") of \(PlainText.line(cell)) of "
        + "\(PlainText.line(name)).")
  }
}
