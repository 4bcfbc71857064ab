import ArgumentParser

/// Which database.
struct DatabaseOption: ParsableArguments {
  static let standardPath = ".devbench/results.sqlite"

  @Option(
    name: .customLong("db"),
    help: ArgumentHelp("The database with the results.", valueName: "path"), completion: .file())
  var path = standardPath
}
