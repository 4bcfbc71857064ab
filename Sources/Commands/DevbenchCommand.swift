package import ArgumentParser
import Glibc
import Reports
import Runner

/// The command line's root.
package struct DevbenchCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "devbench",
    abstract: "I saved a file; when was the new code served, and where did the time go?",
    discussion: """
      devbench starts your app, saves real edits, and measures when the new code is served. \
      Every sample is kept in a database, and reports compare the ways of working.

      EXAMPLES
        devbench init                        a scenario for the app in this directory
        devbench list                        the scenarios there are
        devbench run flask-hello             measure one, and compare its cells
        devbench dev flask-hello             follow your own saves
        devbench report --format html        the latest run as a web page
        devbench compare main HEAD           what changed between two commits
        devbench trend                       when something got slower
        devbench choose                      which way of developing fits the team
        devbench export --all > runs.jsonl   the runs, for another database
        devbench link --listen … --to …      a slow link between two programs
        devbench doctor                      what this machine has and lacks
        devbench clean                       remove what killed runs have left

      EXIT STATUSES
      \(ExitStatus.table)

      Completion: devbench --generate-completion-script bash
      """,
    version: devbenchVersion,
    subcommands: [
      InitCommand.self, RunCommand.self, DevCommand.self, ReportCommand.self, RunsCommand.self,
      ShowCommand.self, CompareCommand.self, CalibrateCommand.self, TrendCommand.self,
      BlessCommand.self, UnblessCommand.self, ChooseCommand.self, ExportCommand.self,
      ImportCommand.self,
      ListCommand.self, CheckCommand.self, SchemaCommand.self, LinkCommand.self,
      DoctorCommand.self, CleanCommand.self, SelfcheckCommand.self, PodmanCommand.self,
      FixtureCommand.self,
    ])

  package init() {}

  /// Parses the command line, runs the command, and exits with its status.
  ///
  /// An error's sentence may quote an app or a file name; what reaches the terminal of it is text.
  package static func launch() async -> Never {
    // A reader that goes away must not end what is being measured.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      let code = exitCode(for: error)
      let message = fullMessage(for: error)
      if code.isSuccess {
        Console.print(message)
      } else if !message.isEmpty {
        Console.error(PlainText.clean(message))
      }
      exit(withError: code)
    }
    exit(withError: ExitStatus.fine.code)
  }
}
