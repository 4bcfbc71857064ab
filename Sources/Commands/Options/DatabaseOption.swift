import ArgumentParser
import Decision

/// Which database.
struct DatabaseOption: ParsableArguments {
  static let standardPath = ".devbench/results.sqlite"

  @Option(
    name: .customLong("db"),
    help: ArgumentHelp("The database with the results.", valueName: "path"), completion: .file())
  var path = standardPath

  /// What a command needs that reads the same results, as a shell takes it; begins with a space, and is empty for the
  /// usual database.
  var option: String {
    path == Self.standardPath ? "" : " --db \(ShellWord.quoted(path))"
  }
}
