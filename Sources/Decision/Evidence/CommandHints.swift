/// What commands that a report prints need, so that they can be copied as they are.
package struct CommandHints: Sendable, Hashable {
  /// ` --db hub.sqlite`, quoted for a shell; empty for the usual database.
  package var databaseOption: String
  /// How `devbench run` takes a scenario, by its name in the database, where that isn't the name itself. Not quoted.
  package var scenarios: [String: String]

  package init(databaseOption: String = "", scenarios: [String: String] = [:]) {
    self.databaseOption = databaseOption
    self.scenarios = scenarios
  }
}
