import ArgumentParser
import Scenarios

struct SchemaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON Schema of the scenario file, for editors.",
    discussion: """
      With the YAML language server, an editor completes and checks a scenario that begins with
        # yaml-language-server: $schema=../devbench.schema.json

      EXAMPLES
        devbench schema > devbench.schema.json
      """)

  func run() async throws {
    Console.print(ScenarioSchema.json)
  }
}
