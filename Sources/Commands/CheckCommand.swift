import ArgumentParser
import Reports
import Scenarios

struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check scenario files and tell every fault of each.",
    discussion: """
      Each fault is a line "file:line:column: what is wrong; what to write instead". The exit status \
      is 64 if there is any. A line "file:line:column: note: …" tells what is allowed and may surprise.

      EXAMPLES
        devbench check scenarios/*.yaml
      """)

  @Argument(
    help: "Paths of scenario files, or names under scenarios/.",
    completion: .file(extensions: ["yaml", "yml"]))
  var files: [String]

  func run() async throws {
    var isFaulty = false
    for file in files {
      do {
        let path = try ScenarioLibrary.path(for: file)
        let scenario = try ScenarioFile.load(path: path)
        Console.print("\(PlainText.line(path)): fine (\(scenario.name))")
        for note in scenario.notes { Console.print(PlainText.clean(note.asNote)) }
      } catch {
        isFaulty = true
        Console.print(PlainText.clean("\(error)"))
      }
    }
    if isFaulty { throw ExitStatus.usage.code }
  }
}
