import ArgumentParser

/// Which database.
struct DatabaseOption: ParsableArguments {
  @Option(
    name: .customLong("db"),
    help: ArgumentHelp("The database with the results.", valueName: "path"), completion: .file())
  var path = ".devbench/results.sqlite"
}
