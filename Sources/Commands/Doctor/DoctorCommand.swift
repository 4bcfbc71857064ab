import ArgumentParser
import Reports

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Say what this machine has and lacks, and the command that mends it.",
    discussion: """
      The exit status is 1 if something that devbench needs is missing.

      EXAMPLES
        devbench doctor
      """)

  @OptionGroup var colour: ColourOptions

  func run() async throws {
    var isMissing = false
    for check in await MachineCheck.all() {
      let (word, emphasis): (String, Emphasis) =
        switch check.verdict {
        case .good: ("ok     ", .good)
        case .warning: ("warning", .heading)
        case .missing: ("missing", .bad)
        }
      if check.verdict == .missing { isMissing = true }
      Console.print(
        Emphasis.paint(word, emphasis, colour: colour.useColour)
          + "  \(check.subject): \(PlainText.line(check.finding))")
      if let mend = check.mend { Console.print("         → \(mend)") }
    }
    if isMissing { throw ExitStatus.failed.code }
  }
}
