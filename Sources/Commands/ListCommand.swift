import ArgumentParser
import Reports
import Scenarios

struct ListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the scenarios of the nearest scenarios/ directory.",
    discussion: """
      EXAMPLES
        devbench list
      """)

  func run() async throws {
    guard let library = try ScenarioLibrary.nearest(), !library.entries.isEmpty else {
      throw ValidationError(
        "There is no scenarios/ directory with scenario files here or above; "
          + "scenarios/README.md of devbench shows how to write one.")
    }
    var isFaulty = false
    let longest = library.entries.map { DisplayWidth.of($0.name) }.max() ?? 0
    for entry in library.entries {
      let pad = String(repeating: " ", count: longest - DisplayWidth.of(entry.name))
      do {
        let scenario = try ScenarioFile.load(path: entry.path)
        let count = scenario.workflows.reduce(0) { $0 + $1.paths.count } * scenario.edits.count
        let cells = count == 1 ? "1 cell" : "\(count) cells"
        let description = scenario.description.map { "  " + PlainText.line($0) } ?? ""
        Console.print("\(PlainText.line(entry.name))\(pad)  \(cells)\(description)")
      } catch {
        isFaulty = true
        let count = error.faults.count
        Console.print(
          "\(PlainText.line(entry.name))\(pad)  \(count) fault(s): "
            + "devbench check \(PlainText.line(entry.path, limit: 4096))")
      }
    }
    if isFaulty { throw ExitStatus.usage.code }
  }
}
