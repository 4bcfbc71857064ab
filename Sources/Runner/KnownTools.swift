/// Programs that are known to answer `--version` with their version and nothing else, for scenarios
/// that don't say how to ask. Another program might take the option for a reason to start serving.
enum KnownTools {
  private static let names: Set<String> = [
    "bun", "cargo", "deno", "dotnet", "java", "node", "npm", "npx", "perl", "php", "pnpm", "python",
    "python3", "ruby", "uv", "uvicorn", "yarn",
  ]

  /// The question for a command's own program; nil if it isn't known.
  static func versionCommand(for command: [String]) -> (name: String, command: [String])? {
    guard let program = command.first, let name = program.split(separator: "/").last,
      names.contains(String(name))
    else { return nil }
    return (String(name), [program, "--version"])
  }
}
